#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/analysis/cosine_search.h"
#include "core/experiments/result.h"
#include "core/model/gpt2.h"
#include "core/tensor/tensor.h"

namespace soi {

/// Matrices of embeddings, [T, d_model] each: starts and ends of the restarts, and some that nobody optimised.
struct AscentMatrices {
  std::span<const Tensor> starts, ends, null;
};

/// Adds to the result what the matrices are read as: cosines, tokens, how strange the model finds them as a text, and
/// how often the same token comes again, the null beside each. `windows`: natural text in pieces of T tokens.
void describe_decoding(const Gpt2& model, const CosineSearch& search, const AscentMatrices& matrices,
                       const std::vector<std::vector<std::int32_t>>& windows, ExperimentResult& result,
                       const std::function<void(double)>& progress);

}  // namespace soi
