#include "core/model/distribution.h"

#include <algorithm>
#include <cmath>
#include <ranges>

#include "core/kernels/softmax.h"

namespace soi {

void Distribution::reserve(std::size_t n_vocab, std::size_t n_best) {
  probabilities_.reserve(n_vocab);
  best_.reserve(std::min(n_best, n_vocab));
}

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

}  // namespace soi
