#pragma once

#include "core/analysis/matrix.h"

namespace soi {

/// What is taken off the columns before products are summed.
enum class Centring : bool {
  none,  // nothing: second moments about zero
  mean,  // each column's mean
};

/// Column means of x [n, p].
Vector column_means(const Matrix& x);

/// x with its column means taken off.
Matrix centred(const Matrix& x);

/// Second moments of the columns of x [n, p]: sum of products / (n - 1), as [p, p]. One row, or none: all zero (a
/// single observation has no spread; with Centring::none the sum is divided by max(n - 1, 1)).
Matrix covariance(const Matrix& x, Centring centring = Centring::mean);

/// Pearson correlations of the columns, [p, p]. A constant column correlates 0 with all others, and 1 with itself.
Matrix correlation_matrix(const Matrix& x);

}  // namespace soi
