#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/model/gpt2.h"
#include "tools/cli/checkpoint_path.h"
#include "tools/cli/command.h"
#include "tools/cli/json_output.h"

namespace soi::cli {

/// Throws Error where the model cannot be opened.
std::unique_ptr<Gpt2> open_model(const ModelArguments& arguments, const CheckpointPath& path);

/// An opened model and the tokens to run it on.
struct RunInput {
  std::string weights_path;
  std::unique_ptr<Gpt2> model;
  std::vector<std::int32_t> ids;

  /// "blocks 6, width 256, ..." for people.
  void print_header() const;
  /// {"model": {"path", "format", "memory_bytes", "config"}, "tokens": [...]}, to which a command adds its result.
  Json json_header() const;
  Lane lane() const;
};

/// Throws Error where the model cannot be opened or the text not be read.
RunInput open_run(const RunArguments& arguments);

}  // namespace soi::cli
