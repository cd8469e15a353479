#include "core/analysis/subspace_projection.h"

namespace soi {
namespace {

Matrix inside(const Matrix& x, const Vector& mu, const Matrix& directions) {
  const Matrix coordinates = (x.rowwise() - mu.transpose()) * directions;  // [n, k]
  return coordinates * directions.transpose();
}

}  // namespace

Matrix remove_subspace(const Matrix& x, const Vector& mu, const Matrix& directions) {
  return x - inside(x, mu, directions);
}

Matrix keep_subspace(const Matrix& x, const Vector& mu, const Matrix& directions) {
  return inside(x, mu, directions).rowwise() + mu.transpose();
}

}  // namespace soi
