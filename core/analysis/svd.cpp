#include "core/analysis/svd.h"

#include <Eigen/SVD>

namespace soi {

Svd thin_svd(const Matrix& a) {
  require_finite(a, "The matrix");
  if (a.size() == 0) return {Matrix(a.rows(), 0), Vector(0), Matrix(a.cols(), 0)};
  const Eigen::BDCSVD<Matrix> solver(a, Eigen::ComputeThinU | Eigen::ComputeThinV);
  Svd result{solver.matrixU(), solver.singularValues(), solver.matrixV()};
  for (Eigen::Index c = 0; c < result.v.cols(); ++c) {
    Eigen::Index largest = 0;
    result.v.col(c).cwiseAbs().maxCoeff(&largest);
    if (result.v(largest, c) >= 0) continue;
    result.v.col(c) *= -1;
    result.u.col(c) *= -1;
  }
  return result;
}

}  // namespace soi
