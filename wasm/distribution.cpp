#include "wasm/distribution.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <ranges>

#include "core/kernels/softmax.h"

namespace soi::wasm {

void Distribution::read(std::span<const float> logits, std::size_t n_best) {
  logits_ = logits;
  probabilities_.assign(logits.begin(), logits.end());
  softmax(probabilities_);
  best_.resize(std::min(n_best, logits.size()));
  const auto more_probable = [&](std::int32_t a, std::int32_t b) {
    return logit(a) != logit(b) ? logit(a) > logit(b) : a < b;
  };
  std::ranges::partial_sort_copy(std::views::iota(0, static_cast<std::int32_t>(logits.size())), best_, more_probable);
}

float Distribution::entropy() const {
  // -sum p log p with log p = (logit - max) + log p_max: every term of the sum is <= 0, so nothing cancels.
  const auto largest = std::ranges::max_element(logits_);
  const double log_largest_probability = std::log(double{probabilities_[largest - logits_.begin()]});
  double mean_below_largest = 0;
  for (std::size_t id = 0; id < logits_.size(); ++id) {
    if (probabilities_[id] > 0) mean_below_largest += double{probabilities_[id]} * (double{logits_[id]} - *largest);
  }
  return static_cast<float>(-log_largest_probability - mean_below_largest);
}

std::int32_t Distribution::rank(std::int32_t id) const {
  const float own = logit(id);
  return 1 + static_cast<std::int32_t>(std::ranges::count_if(logits_, [own](float other) { return other > own; }));
}

RankingWriter::RankingWriter(std::size_t n_rows, std::size_t n_top)
    : n_top_(n_top),
      ranking_{n_rows,
               {std::vector<std::int32_t>(n_rows * n_top)},
               {Tensor({n_rows, n_top})},
               {Tensor({n_rows, n_top})}} {}

void RankingWriter::write(std::size_t row, const Distribution& distribution) {
  assert(distribution.best().size() >= n_top_);
  for (std::size_t i = 0; i < n_top_; ++i) {
    const std::int32_t id = distribution.best()[i];
    ranking_.ids.values[row * n_top_ + i] = id;
    ranking_.logits.values(row, i) = distribution.logit(id);
    ranking_.probabilities.values(row, i) = distribution.probability(id);
  }
}

}  // namespace soi::wasm
