#pragma once

#include "core/analysis/matrix.h"

namespace soi {

/// Eigenvalues, largest first, and eigenvectors as columns, orthonormal. Signs: each vector's entry of largest magnitude
/// (the first of equals) is positive.
struct SymmetricEigen {
  Vector values;   // [p]
  Matrix vectors;  // [p, p], column i belongs to values(i)
};

/// Of a symmetric matrix (the lower triangle is read), by Eigen's tridiagonal QR. Throws Error{invalid_argument} for NaN.
/// Cost: about 9 p^3 operations.
SymmetricEigen symmetric_eigen(const Matrix& a);

/// Number of eigenvalues above max(|values|) * p * 2^-52: numpy.linalg.matrix_rank's rule (with p the matrix's size).
std::size_t numerical_rank(const Vector& values);

/// Turns each column so that its entry of largest magnitude (the first of equals) is positive: an eigenvector's sign is
/// arbitrary, and a plot should not depend on it.
void fix_signs(Matrix& vectors);

}  // namespace soi
