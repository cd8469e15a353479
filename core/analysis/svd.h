#pragma once

#include "core/analysis/matrix.h"

namespace soi {

/// a = u diag(values) v^T, thin: k = min(n, p).
struct Svd {
  Matrix u;       // [n, k], orthonormal columns
  Vector values;  // [k], largest first, not negative
  Matrix v;       // [p, k], orthonormal columns; signs fixed by v, u goes with them
};

/// Of a [n, p], by Eigen's divide and conquer. Throws Error{invalid_argument} for NaN.
Svd thin_svd(const Matrix& a);

}  // namespace soi
