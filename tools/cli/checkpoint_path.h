#pragma once

#include <optional>
#include <string>

namespace soi::cli {

/// Where a model lies.
struct CheckpointPath {
  std::string weights;                     // the .safetensors file
  std::optional<std::string> config_json;  // the text of the config.json beside it, if there is one
};

/// `model`: a .safetensors file, a folder that holds one, or "demo", the model of the checkout. Throws Error{io_error}.
CheckpointPath find_checkpoint(const std::string& model);

}  // namespace soi::cli
