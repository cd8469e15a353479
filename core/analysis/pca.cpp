#include "core/analysis/pca.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/analysis/symmetric_eigen.h"

namespace soi {
namespace {

/// Components of rows^T rows, by whichever of the two products is smaller. `noise`: what rounding alone may leave as an
/// eigenvalue where the rows do not vary at all.
Pca decompose(const Matrix& rows, double noise) {
  Pca result;
  const bool by_gram = rows.rows() < rows.cols();
  const SymmetricEigen eigen =
      symmetric_eigen(by_gram ? Matrix(rows * rows.transpose()) : Matrix(rows.transpose() * rows));
  // Both products are sums of the larger dimension's length, and hold rounding of that size.
  const auto size = static_cast<std::size_t>(std::max(rows.rows(), rows.cols()));
  const bool varies = eigen.values.size() > 0 && eigen.values(0) > noise;
  const auto rank = static_cast<Eigen::Index>(varies ? numerical_rank(eigen.values, size) : 0);
  result.variances = eigen.values.head(rank);
  result.components = eigen.vectors.leftCols(rank);
  if (by_gram) {
    result.components = rows.transpose() * result.components;
    result.components *= result.variances.cwiseSqrt().cwiseInverse().asDiagonal();
    fix_signs(result.components);
  }
  return result;
}

double free_rows(const Matrix& x) { return static_cast<double>(std::max<Eigen::Index>(x.rows() - 1, 1)); }

}  // namespace

Vector Pca::shares() const {
  const double total = variances.sum();
  return total > 0 ? Vector(variances / total) : Vector(variances);
}

std::size_t Pca::count_for(double share) const {
  const Vector s = shares();
  double sum = 0;
  for (Eigen::Index i = 0; i < s.size(); ++i) {
    sum += s(i);
    if (sum >= share) return static_cast<std::size_t>(i) + 1;
  }
  return static_cast<std::size_t>(s.size());
}

Pca pca(const Matrix& x, Centring centring) { return pooled_pca({x}, centring); }

Pca pooled_pca(const std::vector<Matrix>& groups, Centring centring) {
  // Rows scaled so that the sum of their products is the average of the groups' covariances.
  Eigen::Index n_rows = 0;
  for (const Matrix& group : groups) n_rows += group.rows();
  const Eigen::Index n_cols = groups.front().cols();
  Matrix rows(n_rows, n_cols);
  Vector mean = Vector::Zero(n_cols);
  const double n_groups = static_cast<double>(groups.size());
  double squares = 0;  // of the rows as they came
  Eigen::Index next = 0;
  for (const Matrix& group : groups) {
    const Vector group_mean = centring == Centring::mean ? column_means(group) : Vector::Zero(n_cols);
    const double divisor = free_rows(group) * n_groups;
    rows.middleRows(next, group.rows()) = (group.rowwise() - group_mean.transpose()) / std::sqrt(divisor);
    squares += group.squaredNorm() / divisor;
    mean += group_mean / n_groups;
    next += group.rows();
  }
  // A mean of n numbers is off by up to n roundings of them.
  const double rounding = static_cast<double>(n_rows) * std::numeric_limits<double>::epsilon();
  Pca result = decompose(rows, rounding * rounding * squares);
  result.mean = mean;
  return result;
}

}  // namespace soi
