#include "core/analysis/fast_ica.h"

#include <cmath>

#include "core/analysis/pca.h"
#include "core/analysis/symmetric_eigen.h"
#include "core/kernels/random.h"

namespace soi {
namespace {

constexpr std::size_t kMostSteps = 1000;
constexpr double kTolerance = 1e-8;

/// (W W^T)^(-1/2) W: the orthogonal matrix closest to W.
Matrix decorrelated(const Matrix& w) {
  const SymmetricEigen eigen = symmetric_eigen(w * w.transpose());
  return eigen.vectors * eigen.values.cwiseSqrt().cwiseInverse().asDiagonal() * eigen.vectors.transpose() * w;
}

/// One fixed-point step for all rows w of W: E[x g(w.x)] - E[g'(w.x)] w, g = tanh.
Matrix fixed_point_step(const Matrix& white, const Matrix& w) {
  const Matrix g = (white * w.transpose()).array().tanh().matrix();  // [n, k]
  const Vector slope = (1 - g.array().square()).colwise().mean().matrix().transpose();
  return g.transpose() * white / static_cast<double>(white.rows()) - slope.asDiagonal() * w;
}

}  // namespace

FastIca fast_ica(const Matrix& x, std::uint64_t seed, std::uint64_t stream) {
  const Pca components = pca(x);
  const Eigen::Index k = components.variances.size();
  FastIca result;
  result.sources = Matrix(x.rows(), k);
  if (k == 0) return result;
  const Matrix white = (x.rowwise() - components.mean.transpose()) * components.components *
                       components.variances.cwiseSqrt().cwiseInverse().asDiagonal();
  Matrix w(k, k);
  for (Eigen::Index i = 0; i < w.size(); ++i) {
    w.data()[i] = static_cast<double>(normal(seed, stream, static_cast<std::uint64_t>(i)));
  }
  w = decorrelated(w);
  for (; result.n_steps < kMostSteps && !result.converged; ++result.n_steps) {
    const Matrix next = decorrelated(fixed_point_step(white, w));
    const Vector turned = (next * w.transpose()).diagonal().cwiseAbs();  // 1 where a row kept its direction
    result.converged = (1 - turned.array()).maxCoeff() < kTolerance;
    w = next;
  }
  result.sources = white * w.transpose();
  return result;
}

}  // namespace soi
