#include "core/analysis/ged.h"

#include <Eigen/Cholesky>

#include "core/analysis/symmetric_eigen.h"
#include "core/tensor/error.h"

namespace soi {

Matrix shrink(const Matrix& r, double gamma) {
  const double mean_eigenvalue = r.rows() > 0 ? r.trace() / static_cast<double>(r.rows()) : 0.0;
  return (1 - gamma) * r + gamma * mean_eigenvalue * Matrix::Identity(r.rows(), r.cols());
}

Ged ged(const Matrix& s, const Matrix& r) {
  require_finite(s, "The signal covariance");
  require_finite(r, "The reference covariance");
  const Eigen::LLT<Matrix> cholesky(r);
  // Rounding can let the factorisation of a singular matrix pass with a tiny pivot: judge the spectrum as well.
  if (cholesky.info() != Eigen::Success ||
      numerical_rank(symmetric_eigenvalues(r)) < static_cast<std::size_t>(r.rows())) {
    throw Error(ErrorCode::invalid_argument, "The reference covariance is not positive definite.",
                "Shrink it (gamma above 0), keep fewer components, or take more samples.",
                {{"name", "gamma"}, {"value", "0"}, {"range", "above 0"}});
  }
  const Matrix half = cholesky.matrixL().solve(s);                     // L^-1 s
  const Matrix whitened = cholesky.matrixL().solve(half.transpose());  // L^-1 s L^-T, s being symmetric
  const SymmetricEigen eigen = symmetric_eigen((whitened + whitened.transpose()) / 2);
  Ged result{eigen.values, cholesky.matrixL().transpose().solve(eigen.vectors)};
  fix_signs(result.vectors);
  return result;
}

Vector forward_pattern(const Matrix& s, const Vector& w) {
  const Vector covariance_with_source = s * w;
  const double variance = w.dot(covariance_with_source);
  return variance > 0 ? Vector(covariance_with_source / variance) : covariance_with_source;
}

}  // namespace soi
