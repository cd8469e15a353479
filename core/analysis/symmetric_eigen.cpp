#include "core/analysis/symmetric_eigen.h"

#include <Eigen/Eigenvalues>
#include <limits>

#include "core/tensor/error.h"

namespace soi {

namespace {

Eigen::SelfAdjointEigenSolver<Matrix> solve(const Matrix& a, int options) {
  require_finite(a, "The matrix");
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(a, options);
  if (solver.info() == Eigen::Success) return solver;
  throw Error(ErrorCode::internal, "The symmetric eigensolver did not converge.");
}

}  // namespace

SymmetricEigen symmetric_eigen(const Matrix& a) {
  if (a.rows() == 0) return {};
  const auto solver = solve(a, Eigen::ComputeEigenvectors);
  // Eigen sorts upwards.
  SymmetricEigen result{solver.eigenvalues().reverse(), solver.eigenvectors().rowwise().reverse()};
  fix_signs(result.vectors);
  return result;
}

Vector symmetric_eigenvalues(const Matrix& a) {
  if (a.rows() == 0) return {};
  return solve(a, Eigen::EigenvaluesOnly).eigenvalues().reverse();
}

std::size_t numerical_rank(const Vector& values, std::size_t size) {
  if (values.size() == 0) return 0;
  const auto n = static_cast<double>(size > 0 ? size : static_cast<std::size_t>(values.size()));
  const double tolerance = values.cwiseAbs().maxCoeff() * n * std::numeric_limits<double>::epsilon();
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
