#include "tools/cli/checkpoint_path.h"

#include <filesystem>
#include <system_error>
#include <vector>

#include "core/tensor/error.h"
#include "tools/cli/text_file.h"

namespace soi::cli {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void throw_not_found(const std::string& path, const std::string& what, const std::string& hint) {
  throw Error(ErrorCode::io_error, path + " " + what + ".", hint, {{"path", path}});
}

/// model.safetensors, or the only .safetensors file.
fs::path weights_in(const fs::path& folder) {
  fs::path usual = folder / "model.safetensors";
  std::error_code error;
  if (fs::is_regular_file(usual, error)) return usual;
  error.clear();
  std::vector<fs::path> found;
  for (auto entry = fs::directory_iterator(folder, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    if (entry->path().extension() == ".safetensors") found.push_back(entry->path());
  }
  if (error) throw_not_found(folder.string(), "cannot be read: " + error.message(), "Check its permissions.");
  if (found.empty()) throw_not_found(folder.string(), "holds no .safetensors file", "Name the folder of a checkpoint.");
  if (found.size() > 1) {
    throw_not_found(folder.string(), "holds several .safetensors files, and none named model.safetensors",
                    "Name one of them. A checkpoint in several parts must be joined first.");
  }
  return found.front();
}

}  // namespace

CheckpointPath find_checkpoint(const std::string& model) {
  const fs::path path = model == "demo" ? fs::path(SOI_DEMO_MODEL) : fs::path(model);
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::status_known(status)) {
    throw_not_found(path.string(), "cannot be read: " + error.message(), "Check the permissions of its folder.");
  }
  if (!fs::exists(status)) {
    throw_not_found(path.string(), "is not there", "Name a .safetensors file, a folder that holds one, or `demo`.");
  }
  const fs::path weights = fs::is_directory(status) ? weights_in(path) : path;
  const fs::path config = weights.parent_path() / "config.json";
  CheckpointPath checkpoint{.weights = weights.string(), .config_json = std::nullopt};
  if (fs::exists(config, error)) checkpoint.config_json = read_file(config.string());
  return checkpoint;
}

}  // namespace soi::cli
