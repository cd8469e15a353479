#include "core/analysis/selectivity.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace soi {
namespace {

/// Sums over one group of samples.
struct GroupSums {
  double sum = 0;
  double n_active = 0;
  double n = 0;

  double mean() const { return sum / n; }
};

double score_of(const GroupSums& target, const GroupSums& others, double deviation, SelectivityScore score) {
  const double g = target.mean();
  const double n = others.mean();
  switch (score) {
    case SelectivityScore::contrast:
      return g + n > 0 ? (g - n) / (g + n) : 0.0;
    case SelectivityScore::standardized:
      return deviation > 0 ? (g - n) / deviation : 0.0;
    case SelectivityScore::ratio:
      if (n > 0) return g / n;
      return g > 0 ? std::numeric_limits<double>::infinity() : 0.0;
    case SelectivityScore::ratio_of_active:
      if (target.n_active == 0 || others.n_active == 0) return 0.0;
      return (target.sum / target.n_active) / (others.sum / others.n_active);
  }
  return 0.0;
}

}  // namespace

double high_selectivity(SelectivityScore score) {
  switch (score) {
    case SelectivityScore::contrast:
      return 9.0 / 11.0;
    case SelectivityScore::standardized:
      return 0.8;
    case SelectivityScore::ratio_of_active:
      return 2.0;
    case SelectivityScore::ratio:
      return 10.0;
  }
  return 0.0;
}

Selectivity::Selectivity(ConstMatrixView z, std::vector<std::size_t> samples)
    : z_(z), samples_(std::move(samples)), sum_(z.n_cols), deviation_(z.n_cols), n_active_(z.n_cols) {
  for (std::size_t t : samples_) {
    for (std::size_t j = 0; j < z.n_cols; ++j) {
      sum_[j] += static_cast<double>(z.row(t)[j]);
      n_active_[j] += z.row(t)[j] != 0.0f ? 1 : 0;
    }
  }
  const auto n = static_cast<double>(samples_.size());
  for (std::size_t t : samples_) {
    for (std::size_t j = 0; j < z.n_cols; ++j) {
      const double centred = static_cast<double>(z.row(t)[j]) - sum_[j] / n;
      deviation_[j] += centred * centred;
    }
  }
  for (double& d : deviation_) d = std::sqrt(d / std::max(1.0, n - 1));
}

std::vector<double> Selectivity::scores(std::span<const std::size_t> target, SelectivityScore score) const {
  const std::size_t m = z_.n_cols;
  std::vector<GroupSums> groups(m);
  for (std::size_t t : target) {
    for (std::size_t j = 0; j < m; ++j) {
      groups[j].sum += static_cast<double>(z_.row(t)[j]);
      groups[j].n_active += z_.row(t)[j] != 0.0f ? 1 : 0;
    }
  }
  const auto n_target = static_cast<double>(target.size());
  const double n_others = static_cast<double>(samples_.size()) - n_target;
  std::vector<double> scores(m, std::nan(""));
  if (n_target == 0 || n_others == 0) return scores;
  for (std::size_t j = 0; j < m; ++j) {
    GroupSums& group = groups[j];
    group.n = n_target;
    GroupSums others{sum_[j] - group.sum, n_active_[j] - group.n_active, n_others};
    if (others.n_active == 0) others.sum = 0;  // the difference of two sums may leave a rounding error
    scores[j] = score_of(group, others, deviation_[j], score);
  }
  return scores;
}

std::vector<std::size_t> highest(std::span<const double> scores, std::size_t n) {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto end = order.begin() + static_cast<std::ptrdiff_t>(std::min(n, order.size()));
  const auto rank = [&](std::size_t i) {
    return std::isnan(scores[i]) ? -std::numeric_limits<double>::infinity() : scores[i];
  };
  std::partial_sort(order.begin(), end, order.end(),
                    [&](std::size_t a, std::size_t b) { return rank(a) != rank(b) ? rank(a) > rank(b) : a < b; });
  order.erase(end, order.end());
  return order;
}

}  // namespace soi
