#pragma once

#include "core/analysis/matrix.h"

namespace soi {

/// Eigenvalues, largest first, and eigenvectors as columns, orthonormal. Signs: each vector's entry of largest
/// magnitude (the first of equals) is positive.
struct SymmetricEigen {
  Vector values;   // [p]
  Matrix vectors;  // [p, p], column i belongs to values(i)
};

/// Of a symmetric matrix (the lower triangle is read), by Eigen's tridiagonal QR. Throws Error{invalid_argument} for
/// NaN. Cost: about 9 p^3 operations.
SymmetricEigen symmetric_eigen(const Matrix& a);

/// Eigenvalues alone, largest first. Cost: about 4/3 p^3 operations.
Vector symmetric_eigenvalues(const Matrix& a);

/// Number of eigenvalues above max(|values|) * size * 2^-52: numpy.linalg.matrix_rank's rule. `size` is the larger
/// dimension of the data where they are eigenvalues of a product of data; 0 stands for the number of values.
std::size_t numerical_rank(const Vector& values, std::size_t size = 0);

/// Turns each column so that its entry of largest magnitude (the first of equals) is positive: an eigenvector's sign is
/// arbitrary, and a plot should not depend on it.
void fix_signs(Matrix& vectors);

}  // namespace soi
