#pragma once

#include <string_view>

#include "core/weights/config.h"

namespace soi {

/// Takes n_heads and layer_norm_epsilon from the text of a config.json, and checks that what else it says
/// agrees with `config`, whose other sizes come from the tensors, and with what GPT-2 is. Keys that do not change what
/// the model computes are not looked at. Throws Error{config_invalid | not_gpt2}.
void apply_config_json(std::string_view text, Config& config);

}  // namespace soi
