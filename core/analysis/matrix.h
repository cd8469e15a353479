#pragma once

#include <Eigen/Core>

#include "core/tensor/tensor.h"

namespace soi {

/// The analyses compute in double: their matrices are small beside the model's, and a spectrum spans many decades.
using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Vector = Eigen::VectorXd;

/// A copy in double.
Matrix to_matrix(ConstMatrixView values);

/// A copy in float32, [rows, cols].
Tensor to_tensor(const Matrix& matrix);

/// Throws Error{invalid_argument} naming `name` where a value is NaN or infinite: no decomposition of it means
/// anything.
void require_finite(const Matrix& matrix, const char* name);

}  // namespace soi
