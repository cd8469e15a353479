#pragma once

#include <cstdint>

#include "core/analysis/matrix.h"

namespace soi {

struct FastIca {
  Matrix sources;  // [n, k]: unit variance, in an arbitrary order, with arbitrary signs
  std::size_t n_steps = 0;
  bool converged = false;
};

/// Independent component analysis of x [n, p] with as many components as x has rank: whitening by PCA, then symmetric
/// FastICA with the contrast log cosh (Hyvärinen 1999, "Fast and robust fixed-point algorithms", eq. 20 and symmetric
/// decorrelation). The starting rotation is drawn from (seed, stream). Stops when no component w has 1 - |w . w_before|
/// above 1e-8 (an angle of 1.4e-4), or after 1,000 steps. No rows, or none that vary: no sources.
FastIca fast_ica(const Matrix& x, std::uint64_t seed, std::uint64_t stream);

}  // namespace soi
