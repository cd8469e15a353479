#pragma once

#include <vector>

#include "core/analysis/covariance.h"
#include "core/analysis/matrix.h"

namespace soi {

/// Principal components of the rows of x [n, p].
struct Pca {
  Vector mean;        // [p]; zero with Centring::none
  Vector variances;   // [k], largest first: the covariance's eigenvalues that are not zero, k <= min(n, p)
  Matrix components;  // [p, k], orthonormal columns, signs fixed

  /// Share of the variance that each component holds.
  Vector shares() const;
  /// Fewest components whose shares add up to at least `share`.
  std::size_t count_for(double share) const;
};

/// Where n < p the n x n Gram matrix is decomposed instead of the p x p covariance: the same non-zero eigenvalues, and
/// components x^T u / sqrt(lambda). Components below numerical rank are left out; rows that are all the same have none.
Pca pca(const Matrix& x, Centring centring = Centring::mean);

/// The same for the average of several groups' covariances, each group centred on its own mean (or not at all).
/// The groups have the same columns; `mean` is the average of the groups' means.
Pca pooled_pca(const std::vector<Matrix>& groups, Centring centring = Centring::mean);

}  // namespace soi
