#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace soi {

struct SamplingOptions {
  double temperature = 1.0;  // 0: the most probable token, the lowest id of equals
  std::size_t top_k = 0;     // 0: all tokens
  double top_p = 1.0;        // in (0, 1]: the smallest set of most probable tokens that holds this much
  std::uint64_t seed = 1;
};

/// Draws one token from `logits` [n_vocab]. Temperature first, then top-k, then top-p (Hugging Face's order). `step` is
/// the index of the draw: the same (seed, step, logits) give the same token, and no draw depends on an earlier one.
/// (Everywhere but where a draw falls within the last place of a weight, in which platforms' exp differ.) Throws
/// Error{invalid_argument | activation_not_finite}.
std::int32_t sample_token(std::span<const float> logits, const SamplingOptions& options, std::uint64_t step);

}  // namespace soi
