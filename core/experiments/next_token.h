#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/model/gpt2.h"

namespace soi {

/// What a model says of each token of a text that has one before it: T - 1 numbers, that of token t + 1 at t.
struct NextToken {
  std::vector<double> logit;
  std::vector<double> log_probability;  // nats
};

/// From a lane's hidden states after ln_final [T, d_model], a few rows at a time: the logits of all lanes of a sweep
/// would fill the memory. `progress` gets the fraction done, and may throw to stop.
NextToken read_next_tokens(const Gpt2& model, const Tensor& normalized, const std::vector<std::int32_t>& tokens,
                           const std::function<void(double)>& progress);

}  // namespace soi
