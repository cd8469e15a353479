#include "tools/cli/text_file.h"

#include <fstream>
#include <iostream>
#include <iterator>

#include "core/tensor/error.h"
#include "core/weights/byte_source.h"

namespace soi::cli {

std::string read_file(const std::string& path) {
  if (path == "-") return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file.is_open() || file.bad()) {
    throw Error(ErrorCode::io_error, "Cannot read " + path + ".", "Check the path.", {{"path", path}});
  }
  return text;
}

std::string read_text(const TextSource& source) { return source.text ? *source.text : read_file(source.file); }

}  // namespace soi::cli
