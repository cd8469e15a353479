#include "tools/cli/folder.h"

#include <filesystem>
#include <system_error>

#include "core/tensor/error.h"

namespace soi::cli {

void make_folder(const std::string& path, const std::string& option) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (!std::filesystem::is_directory(path, error)) {
    throw Error(ErrorCode::io_error, "Cannot make the folder " + path + ".", "Name another with " + option + ".",
                {{"path", path}});
  }
}

}  // namespace soi::cli
