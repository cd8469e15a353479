#include "core/experiments/dimension_changes.h"

#include <algorithm>
#include <cmath>

#include "core/analysis/descriptive.h"
#include "core/analysis/permutation.h"

namespace soi {
namespace {

constexpr double kMoved = 2.0;  // standard deviations

double mean_change(const std::vector<double>& change, const std::vector<std::size_t>& dimensions) {
  double sum = 0;
  for (std::size_t i : dimensions) sum += change[i];
  return sum / static_cast<double>(dimensions.size());
}

}  // namespace

double ColumnSpread::z(std::size_t column, double value) const {
  return deviation[column] > 0 ? (value - mean[column]) / deviation[column] : 0.0;
}

ColumnSpread column_spread(const Tensor& readouts) {
  ColumnSpread spread;
  std::vector<double> column(readouts.dim(0));
  for (std::size_t c = 0; c < readouts.dim(1); ++c) {
    for (std::size_t r = 0; r < column.size(); ++r) column[r] = static_cast<double>(readouts(r, c));
    spread.mean.push_back(mean(column));
    spread.deviation.push_back(standard_deviation(column));
  }
  return spread;
}

DimensionChanges dimension_changes(const Tensor& starts, const Tensor& ends, const ColumnSpread& natural,
                                   std::size_t target, const std::vector<std::size_t>& neighbours, std::size_t n_sets,
                                   std::uint64_t seed, std::uint64_t first_stream) {
  const std::size_t width = starts.dim(1);
  DimensionChanges changes;
  for (std::size_t c = 0; c < width; ++c) {
    double sum = 0;
    for (std::size_t r = 0; r < starts.dim(0); ++r) {
      sum += natural.z(c, static_cast<double>(ends(r, c))) - natural.z(c, static_cast<double>(starts(r, c)));
    }
    changes.change.push_back(sum / static_cast<double>(starts.dim(0)));
  }
  changes.neighbours_change = mean_change(changes.change, neighbours);
  for (std::size_t s = 0; s < n_sets; ++s) {
    // Neighbours may be drawn again: where they have nothing of their own, any such set is as likely as theirs.
    changes.random_sets.push_back(
        mean_change(changes.change, other_dimensions(width, target, {}, neighbours.size(), seed, first_stream + s)));
  }
  changes.target_rank = 1;
  for (std::size_t c = 0; c < width; ++c) {
    if (c == target) continue;
    const double share = 1.0 / static_cast<double>(width - 1);
    if (changes.change[c] < 0) changes.fallen_share += share;
    if (std::abs(changes.change[c]) > kMoved) changes.moved_share += share;
    if (std::abs(changes.change[c]) > std::abs(changes.change[target])) changes.target_rank += 1;
  }
  return changes;
}

std::vector<std::size_t> index_neighbours(std::size_t width, std::size_t target, std::size_t n_each_side) {
  std::vector<std::size_t> neighbours;
  for (std::size_t i = target - std::min(target, n_each_side); i <= std::min(width - 1, target + n_each_side); ++i) {
    if (i != target) neighbours.push_back(i);
  }
  return neighbours;
}

std::vector<std::size_t> other_dimensions(std::size_t width, std::size_t target,
                                          const std::vector<std::size_t>& left_out, std::size_t n, std::uint64_t seed,
                                          std::uint64_t stream) {
  std::vector<std::size_t> dimensions = permutation(width, seed, stream);
  std::erase_if(dimensions,
                [&](std::size_t i) { return i == target || std::ranges::find(left_out, i) != left_out.end(); });
  dimensions.resize(std::min(n, dimensions.size()));
  return dimensions;
}

}  // namespace soi
