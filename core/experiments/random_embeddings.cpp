#include "core/experiments/random_embeddings.h"

#include <cmath>

#include "core/kernels/linear.h"
#include "core/kernels/random.h"
#include "core/tensor/error.h"

namespace soi {
namespace {

std::vector<float> coordinate_deviations(const WeightMatrix& table, std::span<const float> means) {
  std::vector<double> squares(table.n_in, 0.0);
  std::vector<float> row(table.n_in);
  for (std::size_t r = 0; r < table.n_out; ++r) {
    embedding_row(table, r, row.data());
    for (std::size_t i = 0; i < row.size(); ++i) {
      const double distance = static_cast<double>(row[i]) - static_cast<double>(means[i]);
      squares[i] += distance * distance;
    }
  }
  std::vector<float> deviations;
  for (double sum : squares)
    deviations.push_back(static_cast<float>(std::sqrt(sum / static_cast<double>(table.n_out))));
  return deviations;
}

}  // namespace

EmbeddingLikeness embedding_likeness(const std::string& name) {
  if (name == "tokens") return EmbeddingLikeness::tokens;
  return name == "matched_normal" ? EmbeddingLikeness::matched_normal : EmbeddingLikeness::scaled_normal;
}

RandomEmbeddings::RandomEmbeddings(const Gpt2& model, const CosineSearch& search, EmbeddingLikeness likeness)
    : model_(model),
      likeness_(likeness),
      means_(model.config().d_model, 0.0f),
      deviations_(model.config().d_model, static_cast<float>(search.standard_deviation())) {
  if (likeness != EmbeddingLikeness::matched_normal) return;
  means_.assign(search.mean_row().values().begin(), search.mean_row().values().end());
  deviations_ = coordinate_deviations(model.weights().embeddings().wte, means_);
}

Tensor RandomEmbeddings::draw(std::size_t n_tokens, std::uint64_t seed, std::uint64_t stream) const {
  const std::size_t d = means_.size();
  if (likeness_ == EmbeddingLikeness::tokens) {
    std::vector<std::int32_t> tokens;
    const auto n_vocab = static_cast<double>(model_.config().n_vocab);
    for (std::size_t t = 0; t < n_tokens; ++t) {
      tokens.push_back(static_cast<std::int32_t>(uniform(seed, stream, t) * n_vocab));
    }
    return token_embeddings(model_, tokens);
  }
  Tensor matrix = Tensor::uninitialized({n_tokens, d});
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    matrix.data()[i] = means_[i % d] + deviations_[i % d] * normal(seed, stream, i);
  }
  return matrix;
}

Tensor token_embeddings(const Gpt2& model, std::span<const std::int32_t> tokens) {
  const WeightMatrix& wte = model.weights().embeddings().wte;
  Tensor rows = Tensor::uninitialized({tokens.size(), wte.n_in});
  for (std::size_t t = 0; t < tokens.size(); ++t) {
    if (tokens[t] < 0 || static_cast<std::size_t>(tokens[t]) >= wte.n_out) {
      throw Error(ErrorCode::token_out_of_range, "This model has no token " + std::to_string(tokens[t]) + ".",
                  "Its tokens are 0 to " + std::to_string(wte.n_out - 1) + ".",
                  {{"token", std::to_string(tokens[t])}, {"n_vocab", std::to_string(wte.n_out)}});
    }
    embedding_row(wte, static_cast<std::size_t>(tokens[t]), rows.matrix().row(t));
  }
  return rows;
}

}  // namespace soi
