#pragma once

#include <memory>

#include "core/model/gpt2.h"
#include "tests/core/model/random_weights.h"

namespace soi {

/// A GPT-2 of three narrow blocks with random weights, that takes real text: it has all of GPT-2's tokens.
inline Gpt2 narrow_model(std::shared_ptr<ThreadPool> pool, std::size_t n_ctx = tiny_config().n_ctx) {
  Config config = tiny_config();
  config.n_vocab = 50257;
  config.n_ctx = n_ctx;
  return {std::make_shared<RandomWeights>(config), std::move(pool)};
}

}  // namespace soi
