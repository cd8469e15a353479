#pragma once

#include "core/weights/safetensors.h"

namespace soi {

/// Throws Error{not_gpt2} where the tensors' names are not a GPT-2's, saying what they are instead where that can be
/// told. A file with some names of GPT-2 and of nothing else passes: which tensors it lacks is a later question.
void require_gpt2_names(const SafetensorsHeader& header);

}  // namespace soi
