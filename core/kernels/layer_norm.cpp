#include "core/kernels/layer_norm.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/kernels/row.h"

namespace soi {
namespace {

using simd::Float4;

constexpr std::size_t kTaskRows = 8;

/// body(row) for all rows, a few rows a task.
template <typename Body>
void for_each_row(std::size_t n_rows, ThreadPool& pool, const Body& body) {
  pool.parallel_for((n_rows + kTaskRows - 1) / kTaskRows, [&](std::size_t task) {
    const std::size_t end = std::min(n_rows, (task + 1) * kTaskRows);
    for (std::size_t row = task * kTaskRows; row < end; ++row) body(row);
  });
}

struct Moments {
  float mean;
  float scale;  // sqrt(var + epsilon)
};

Moments moments(std::span<const float> x, float epsilon) {
  const auto size = static_cast<double>(x.size());
  const auto mean = static_cast<float>(
      row::sum(x.size(), [&](std::size_t i, std::size_t n) { return row::load(x.data(), i, n); }) / size);
  const double squares = row::sum(x.size(), [&](std::size_t i, std::size_t n) {
    const Float4 deviation = row::load(x.data(), i, n, mean) - mean;
    return deviation * deviation;
  });
  return {mean, static_cast<float>(std::sqrt(squares / size + static_cast<double>(epsilon)))};
}

/// One row: dx = (d - mean(d) - z mean(d z)) / scale, with d = dy gain and z = (x - mean) / scale.
void row_backward(std::span<const float> x, const float* gain, float epsilon, const float* dy, float* dx) {
  const Moments m = moments(x, epsilon);
  const auto size = static_cast<double>(x.size());
  const auto d = [&](std::size_t i, std::size_t n) { return row::load(dy, i, n) * row::load(gain, i, n); };
  const auto z = [&](std::size_t i, std::size_t n) { return (row::load(x.data(), i, n, m.mean) - m.mean) / m.scale; };
  const auto mean_d = static_cast<float>(row::sum(x.size(), d) / size);
  const auto mean_dz =
      static_cast<float>(row::sum(x.size(), [&](std::size_t i, std::size_t n) { return d(i, n) * z(i, n); }) / size);
  row::for_each_four(x.size(), [&](std::size_t i, std::size_t n) {
    row::store((d(i, n) - mean_d - z(i, n) * mean_dz) / m.scale, dx, i, n);
  });
}

}  // namespace

void layer_norm(ConstMatrixView x, const float* gain, const float* bias, float epsilon, MatrixView y, float* scale,
                ThreadPool& pool) noexcept {
  assert(x.n_rows == y.n_rows && x.n_cols == y.n_cols);
  for_each_row(x.n_rows, pool, [&](std::size_t row) {
    const Moments m = moments(x[row], epsilon);
    const float* const from = x.row(row);
    float* const to = y.row(row);
    row::for_each_four(x.n_cols, [&](std::size_t i, std::size_t n) {
      const Float4 z = (row::load(from, i, n) - m.mean) / m.scale;
      row::store(z * row::load(gain, i, n) + row::load(bias, i, n), to, i, n);
    });
    if (scale != nullptr) scale[row] = m.scale;
  });
}

void layer_norm_backward(ConstMatrixView x, const float* gain, float epsilon, ConstMatrixView dy, MatrixView dx,
                         ThreadPool& pool) noexcept {
  assert(x.n_rows == dy.n_rows && x.n_cols == dy.n_cols && x.n_rows == dx.n_rows && x.n_cols == dx.n_cols);
  for_each_row(x.n_rows, pool, [&](std::size_t row) { row_backward(x[row], gain, epsilon, dy.row(row), dx.row(row)); });
}

}  // namespace soi
