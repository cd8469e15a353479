#include "core/analysis/matrix.h"

#include <string>

#include "core/tensor/error.h"

namespace soi {

Matrix to_matrix(ConstMatrixView values) {
  Matrix matrix(values.n_rows, values.n_cols);
  for (std::size_t r = 0; r < values.n_rows; ++r) {
    for (std::size_t c = 0; c < values.n_cols; ++c) matrix(r, c) = static_cast<double>(values.row(r)[c]);
  }
  return matrix;
}

Tensor to_tensor(const Matrix& matrix) {
  Tensor tensor =
      Tensor::uninitialized({static_cast<std::size_t>(matrix.rows()), static_cast<std::size_t>(matrix.cols())});
  for (Eigen::Index i = 0; i < matrix.size(); ++i) tensor.data()[i] = static_cast<float>(matrix.data()[i]);
  return tensor;
}

void require_finite(const Matrix& matrix, const char* name) {
  if (matrix.allFinite()) return;
  throw Error(ErrorCode::invalid_argument, std::string(name) + " holds NaN or infinity.",
              "Look for NaN in the model's weights, or for a step size that made a training diverge.",
              {{"name", name}, {"value", "NaN"}, {"range", "finite numbers"}});
}

}  // namespace soi
