#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis/cosine_search.h"
#include "core/model/gpt2.h"
#include "core/tensor/tensor.h"

namespace soi {

/// What the rows of a matrix [T, d_model] are read as: for each row the tokens of the largest cosines, best first, by
/// raw cosines and by cosines of both sides less the mean token embedding.
struct Decoded {
  std::vector<std::vector<CosineMatch>> raw, centred;  // [T][n_best]

  std::vector<std::int32_t> best_raw() const;
};

/// Mean over the rows of the largest cosine.
double mean_best(const std::vector<std::vector<CosineMatch>>& matches);

/// Each matrix decoded; `progress` gets the fraction done, and may throw to stop.
std::vector<Decoded> decode(const CosineSearch& search, std::span<const Tensor> matrices, std::size_t n_best,
                            const std::function<void(double)>& progress);

/// Mean nats that the model gives to each token of a sequence after its first, for each sequence; NaN for a sequence of
/// one.
std::vector<double> nats_per_token(const Gpt2& model, const std::vector<std::vector<std::int32_t>>& sequences,
                                   const std::function<void(double)>& progress);

}  // namespace soi
