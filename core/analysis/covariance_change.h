#pragma once

#include "core/analysis/matrix.h"

namespace soi {

/// How far the covariance of the columns moves between two versions of the same data [n, p], relative to where it was:
/// ||C_after - C_before|| / ||C_before|| in the Frobenius norm. 0 / 0 is NaN.
/// Where n < p no p x p matrix is formed: with centred A and B = A + E, C_after - C_before is proportional to
/// E^T A + B^T E, whose norm takes products of n rows alone, and does not cancel where E is small.
double covariance_change(const Matrix& before, const Matrix& after);

/// What that change must be where `after` is `before` with the span of `directions` V [p, k] (orthonormal columns)
/// taken out of every row and any constant row added: C - P C P with P = I - V V^T. For an eigenvector of C with
/// eigenvalue lambda it is lambda / sqrt(sum of all lambda_i^2).
double predicted_covariance_change(const Matrix& before, const Matrix& directions);

}  // namespace soi
