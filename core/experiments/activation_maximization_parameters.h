#pragma once

#include <optional>
#include <vector>

#include "core/analysis/activation_maximization.h"
#include "core/experiments/parameters.h"
#include "core/model/gpt2.h"

namespace soi {

/// The knobs of lesson 3. What the document leaves open is taken from the notebook.
std::vector<ParameterSpec> activation_maximization_parameters();

/// One coordinate of the residual stream. Two things are called "layer 4": Hugging Face's hidden_states[4], which is
/// the output of block 3, and the output of block 4 (ACT-E02).
struct AscentTarget {
  Hook hook;
  std::size_t layer = 0;  // as the reading counts
  std::size_t dimension = 0;
  bool layer_moved = false;  // the protocol's layer is not in this model: the same share of its depth is taken
  bool dimension_moved = false;
};

/// Throws Error{invalid_argument} where the reader asks for a layer or a dimension that the model does not have. A
/// protocol's own layer that the model lacks is moved to the same share of the depth (8 of GPT-2 small's 12 blocks: 4
/// of 6), its own dimension to the last there is.
AscentTarget ascent_target(const Parameters& p, const Config& config);

/// The same number read the other way; unset where the model has no such block.
std::optional<Hook> other_reading(const Parameters& p, const AscentTarget& target, const Config& config);

ActivationMaximizationOptions ascent_options(const Parameters& p, const AscentTarget& target);

}  // namespace soi
