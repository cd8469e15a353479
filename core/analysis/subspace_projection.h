#pragma once

#include "core/analysis/matrix.h"

namespace soi {

/// Takes the span of `directions` out of the rows of x, about a centre: x - (x - 1 mu^T) V V^T. What is left holds mu.
/// x [n, p], mu [p], directions V [p, k] with orthonormal columns.
Matrix remove_subspace(const Matrix& x, const Vector& mu, const Matrix& directions);

/// Keeps that span alone: 1 mu^T + (x - 1 mu^T) V V^T.
Matrix keep_subspace(const Matrix& x, const Vector& mu, const Matrix& directions);

}  // namespace soi
