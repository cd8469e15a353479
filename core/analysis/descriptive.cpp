#include "core/analysis/descriptive.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

namespace soi {

double mean(std::span<const double> values) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  double sum = 0;
  for (double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double standard_deviation(std::span<const double> values) {
  if (values.size() < 2) return 0;
  const double centre = mean(values);
  double sum = 0;
  for (double value : values) sum += (value - centre) * (value - centre);
  return std::sqrt(sum / static_cast<double>(values.size() - 1));
}

std::vector<double> defined(std::span<const double> values) {
  std::vector<double> kept;
  std::ranges::copy_if(values, std::back_inserter(kept), [](double value) { return !std::isnan(value); });
  return kept;
}

double quantile(std::span<const double> values, double share) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::vector<double> sorted(values.begin(), values.end());
  std::ranges::sort(sorted);
  const double position = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (position - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

double median(std::span<const double> values) { return quantile(values, 0.5); }

double rounding_of_mean(std::span<const double> values) {
  double largest = 0;
  for (double value : values) largest = std::max(largest, std::abs(value));
  return static_cast<double>(values.size()) * std::numeric_limits<double>::epsilon() * largest;
}

std::vector<double> z_scores(std::span<const double> values) {
  const double centre = mean(values);
  const double deviation = standard_deviation(values);
  std::vector<double> scores(values.size(), 0.0);
  if (deviation > rounding_of_mean(values))
    std::ranges::transform(values, scores.begin(), [&](double v) { return (v - centre) / deviation; });
  return scores;
}

}  // namespace soi
