#include "core/kernels/layer_norm.h"

#include <cmath>

namespace soi {
namespace {

struct Moments {
  float mean;
  float scale;  // sqrt(var + epsilon)
};

Moments moments(std::span<const float> x, float epsilon) {
  double sum = 0.0;
  for (float value : x) sum += value;
  const double mean = sum / static_cast<double>(x.size());
  double squares = 0.0;
  for (float value : x) squares += (value - mean) * (value - mean);
  return {static_cast<float>(mean), static_cast<float>(std::sqrt(squares / static_cast<double>(x.size()) + epsilon))};
}

}  // namespace

void layer_norm(ConstMatrixView x, const float* gain, const float* bias, float epsilon, MatrixView y, float* scale,
                ThreadPool& pool) noexcept {
  pool.parallel_for(x.n_rows, [&](std::size_t row) {
    const Moments m = moments(x[row], epsilon);
    for (std::size_t i = 0; i < x.n_cols; ++i) y.row(row)[i] = (x.row(row)[i] - m.mean) / m.scale * gain[i] + bias[i];
    if (scale != nullptr) scale[row] = m.scale;
  });
}

void layer_norm_backward(ConstMatrixView x, const float* gain, float epsilon, ConstMatrixView dy, MatrixView dx,
                         ThreadPool& pool) noexcept {
  pool.parallel_for(x.n_rows, [&](std::size_t row) {
    const Moments m = moments(x[row], epsilon);
    const double n = static_cast<double>(x.n_cols);
    double mean_d = 0.0;
    double mean_dz = 0.0;
    for (std::size_t i = 0; i < x.n_cols; ++i) {
      const double d = double{dy.row(row)[i]} * gain[i];
      mean_d += d / n;
      mean_dz += d * (x.row(row)[i] - m.mean) / m.scale / n;
    }
    for (std::size_t i = 0; i < x.n_cols; ++i) {
      const double z = (double{x.row(row)[i]} - m.mean) / m.scale;
      dx.row(row)[i] = static_cast<float>((double{dy.row(row)[i]} * gain[i] - mean_d - z * mean_dz) / m.scale);
    }
  });
}

}  // namespace soi
