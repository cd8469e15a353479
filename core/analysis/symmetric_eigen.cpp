#include "core/analysis/symmetric_eigen.h"

#include <Eigen/Eigenvalues>
#include <limits>

#include "core/tensor/error.h"

namespace soi {

SymmetricEigen symmetric_eigen(const Matrix& a) {
  require_finite(a, "The matrix");
  if (a.rows() == 0) return {};
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(a);
  if (solver.info() != Eigen::Success) {
    throw Error(ErrorCode::internal, "The symmetric eigensolver did not converge.");
  }
  // Eigen sorts upwards.
  SymmetricEigen result{solver.eigenvalues().reverse(), solver.eigenvectors().rowwise().reverse()};
  fix_signs(result.vectors);
  return result;
}

std::size_t numerical_rank(const Vector& values) {
  if (values.size() == 0) return 0;
  const double tolerance =
      values.cwiseAbs().maxCoeff() * static_cast<double>(values.size()) * std::numeric_limits<double>::epsilon();
  return static_cast<std::size_t>((values.array() > tolerance).count());
}

void fix_signs(Matrix& vectors) {
  for (Eigen::Index c = 0; c < vectors.cols(); ++c) {
    Eigen::Index largest = 0;
    vectors.col(c).cwiseAbs().maxCoeff(&largest);
    if (vectors(largest, c) < 0) vectors.col(c) *= -1;
  }
}

}  // namespace soi
