#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/analysis/cosine_search.h"
#include "core/model/gpt2.h"

namespace soi {

/// How a matrix of random embeddings is like the token embeddings.
enum class EmbeddingLikeness : std::uint8_t {
  scaled_normal,   // normal numbers with the standard deviation of all values of wte, about 0
  matched_normal,  // with the mean and the standard deviation of each coordinate of wte
  tokens,          // rows of wte, drawn at random
};

/// By its name: "scaled_normal", ...
EmbeddingLikeness embedding_likeness(const std::string& name);

/// Draws random embeddings for a model. Matrix `stream` of a seed is always the same one.
class RandomEmbeddings {
 public:
  /// `search` is of the model's wte, and gives its mean and deviation.
  RandomEmbeddings(const Gpt2& model, const CosineSearch& search, EmbeddingLikeness likeness);

  /// [n_tokens, d_model]
  Tensor draw(std::size_t n_tokens, std::uint64_t seed, std::uint64_t stream) const;

 private:
  const Gpt2& model_;
  EmbeddingLikeness likeness_;
  std::vector<float> means_, deviations_;  // of each coordinate
};

/// The rows of wte of some tokens, [T, d_model]. Throws Error{token_out_of_range}.
Tensor token_embeddings(const Gpt2& model, std::span<const std::int32_t> tokens);

}  // namespace soi
