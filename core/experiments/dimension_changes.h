#pragma once

#include <cstdint>
#include <vector>

#include "core/tensor/tensor.h"

namespace soi {

/// How the values of each column are spread.
struct ColumnSpread {
  std::vector<double> mean, deviation;

  /// In standard deviations from the mean; 0 where the column does not vary.
  double z(std::size_t column, double value) const;
};

/// readouts [n, width]
ColumnSpread column_spread(const Tensor& readouts);

/// What an ascent did to every dimension, though its loss names one.
struct DimensionChanges {
  std::vector<double> change;       // end less start, mean over the restarts, in standard deviations of natural text
  double neighbours_change = 0;     // mean over the neighbours
  std::vector<double> random_sets;  // the same of as many dimensions beside the target, drawn at random
  double fallen_share = 0;          // of the other dimensions, that went down
  double moved_share = 0;           // that went up or down by more than two standard deviations
  double target_rank = 0;           // 1: none changed as much as the target
};

/// starts, ends: [n restarts, width]. Random sets by the streams from `first_stream` on.
DimensionChanges dimension_changes(const Tensor& starts, const Tensor& ends, const ColumnSpread& natural,
                                   std::size_t target, const std::vector<std::size_t>& neighbours, std::size_t n_sets,
                                   std::uint64_t seed, std::uint64_t first_stream);

/// The dimensions next to the target by index, up to `n_each_side` on each side.
std::vector<std::size_t> index_neighbours(std::size_t width, std::size_t target, std::size_t n_each_side);

/// Dimensions that are neither the target nor in `left_out`, drawn at random: `n`, or as many as there are.
std::vector<std::size_t> other_dimensions(std::size_t width, std::size_t target,
                                          const std::vector<std::size_t>& left_out, std::size_t n, std::uint64_t seed,
                                          std::uint64_t stream);

}  // namespace soi
