#include "core/analysis/covariance.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace soi {

Vector column_means(const Matrix& x) {
  if (x.rows() == 0) return Vector::Zero(x.cols());
  return x.colwise().mean().transpose();
}

Matrix centred(const Matrix& x) { return x.rowwise() - column_means(x).transpose(); }

Matrix covariance(const Matrix& x, Centring centring) {
  const double n_free = static_cast<double>(std::max<Eigen::Index>(x.rows() - 1, 1));
  if (centring == Centring::none) return x.transpose() * x / n_free;
  const Matrix c = centred(x);
  return c.transpose() * c / n_free;
}

Matrix correlation_matrix(const Matrix& x) {
  Matrix c = covariance(x);
  // A column is constant where its deviation is below what rounding its mean leaves: n roundings of its numbers.
  const double rounding = static_cast<double>(x.rows()) * std::numeric_limits<double>::epsilon();
  const Vector deviation = c.diagonal().cwiseSqrt();
  const Vector magnitude =
      x.rows() == 0 ? Vector::Zero(x.cols()) : Vector(x.cwiseAbs().colwise().maxCoeff().transpose());
  for (Eigen::Index i = 0; i < c.rows(); ++i) {
    for (Eigen::Index j = 0; j < c.cols(); ++j) {
      const bool varies = deviation(i) > rounding * magnitude(i) && deviation(j) > rounding * magnitude(j);
      c(i, j) = i == j ? 1.0 : varies ? std::clamp(c(i, j) / (deviation(i) * deviation(j)), -1.0, 1.0) : 0.0;
    }
  }
  return c;
}

}  // namespace soi
