#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/tensor/tensor.h"

namespace soi {

/// Share of the rows of z [T, m] on which each latent is not 0: [m]. 1 less the sparsity.
std::vector<double> densities(ConstMatrixView z);

/// How many latents are not 0 on each row: [T].
std::vector<double> active_counts(ConstMatrixView z);

/// What a set of densities says.
struct DensitySummary {
  double grid = 0;       // share of all values that are not 0
  double ever = 0;       // share of latents that are not 0 on some row; the rest are silent on this text
  double always_on = 0;  // share of latents that are not 0 on every row
  double rare = 0;       // share of latents that are not 0 on some row, but on at most 5 % of them
};
DensitySummary summarize(std::span<const double> densities);

/// 1 - sum (x - y)^2 / sum (x - column mean)^2; NaN where x does not vary. x, y [n, d].
double explained_variance(ConstMatrixView x, ConstMatrixView y);

/// Mean |r| over `n_pairs` random pairs of different columns that both vary, by one stream of the generator; NaN where
/// fewer than two vary.
double mean_pair_correlation(ConstMatrixView z, std::size_t n_pairs, std::uint64_t seed, std::uint64_t stream);

}  // namespace soi
