#pragma once

#include "core/analysis/matrix.h"

namespace soi {

/// (1 - gamma) r + gamma alpha I, alpha the mean eigenvalue of r (its trace / p): full rank for gamma > 0 unless r is
/// 0.
Matrix shrink(const Matrix& r, double gamma);

/// Solutions of s w = lambda r w, largest lambda first.
struct Ged {
  Vector values;   // [p]
  Matrix vectors;  // [p, p]; columns w with W^T r W = I: not orthogonal to each other. Signs fixed.
};

/// Generalized symmetric eigenproblem, by Cholesky: r = L L^T, then the symmetric eigenproblem of L^-1 s L^-T, w = L^-T
/// y. Directions w that maximise the ratio of variances w's w / w'r w (Parra and Sajda 2003; Cohen 2022). Throws
/// Error{invalid_argument} where r is not positive definite: shrink it first.
Ged ged(const Matrix& s, const Matrix& r);

/// The forward pattern of a filter: what in the data goes with it, s w / (w's w) (Haufe et al. 2014, eq. 6).
/// A filter says what to look at; only its pattern says where the signal is.
Vector forward_pattern(const Matrix& s, const Vector& w);

}  // namespace soi
