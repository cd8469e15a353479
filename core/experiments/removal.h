#pragma once

#include <cstdint>
#include <functional>

#include "core/analysis/covariance.h"
#include "core/analysis/matrix.h"
#include "core/analysis/pca.h"
#include "core/hooks/edit.h"

namespace soi {

/// What is added to the rows once the directions are out of them.
enum class Restored : std::uint8_t {
  mean_vector,  // the mean over tokens, one number a neuron
  token_mean,   // each token's own mean over neurons, the same number for all of them
  nothing,
};

/// What a removal is fitted on: the components of a text's activations, and the mean over its tokens.
struct FittedRows {
  Pca components;
  Vector mean;                // [p], also where the components are not centred
  std::size_t first_row = 0;  // 1: position 0 is neither fitted nor to be edited
};
FittedRows fit_rows(const Matrix& activations, Centring centring, bool first_position);

/// A change of the activations of a sentence: y - y V V^T with y = x - centre, then what is restored.
struct Removal {
  Vector centre;      // [p]
  Matrix directions;  // V [p, k], orthonormal columns
  Vector shift;       // [p]: added to x - y V V^T. Zero where the mean is taken off and restored.
  bool adds_token_mean = false;
  std::size_t first_row = 0;  // rows before it stay as they are
};

/// Of `rank` components from `component` on, counted from 1. Throws Error{invalid_argument} naming both where there are
/// too few.
Removal make_removal(const FittedRows& fitted, std::size_t component, std::size_t rank, Restored restored);

/// The same with as many random directions, uniform over all that there are.
Removal with_random_directions(const Removal& removal, std::uint64_t seed, std::uint64_t stream);

/// x [T, p] as the removal leaves it.
Matrix apply_removal(const Removal& removal, const Matrix& x);

/// Pushes every row as far as the removal moves it, but along one random direction: by minus its score on that
/// direction where the removal takes out the first of its own. What a change of that size does anyhow.
Matrix push_as_far(const Removal& removal, const Matrix& x, std::uint64_t seed, std::uint64_t stream);

/// Share of the squared distance from the centre, over the rows that are edited, that the directions hold. For
/// components of these rows themselves: their share of the variance.
double removed_share(const Removal& removal, const Matrix& x);

/// An edit that puts change(activation) in the activation's place.
Edit edit_by(Hook hook, std::function<Matrix(const Matrix&)> change);

}  // namespace soi
