#include "core/kernels/linear.h"

#include <cassert>

#include "core/kernels/half.h"
#include "core/kernels/product.h"

namespace soi {
namespace {

float weight(const WeightMatrix& w, std::size_t in, std::size_t out) {
  const std::size_t index = w.layout == WeightLayout::in_out ? in * w.n_out + out : out * w.n_in + in;
  switch (w.format) {
    case NumberFormat::f32:
      return static_cast<const float*>(w.values)[index];
    case NumberFormat::f16: {
      float value = 0.0f;
      f16_to_f32({static_cast<const std::uint16_t*>(w.values) + index, 1}, &value);
      return value;
    }
    case NumberFormat::int8:
      return static_cast<float>(static_cast<const std::int8_t*>(w.values)[index]);
  }
  return 0.0f;
}

}  // namespace

void linear(ConstMatrixView x, const WeightMatrix& w, const float* bias, MatrixView y, ThreadPool& pool) noexcept {
  assert(x.n_rows == y.n_rows && x.n_cols == w.n_in && y.n_cols == w.n_out);
  assert((w.format == NumberFormat::int8) == (w.scales != nullptr));
  const bool in_out = w.layout == WeightLayout::in_out;
  const RightOperand right = {w.values, w.format, in_out, in_out ? w.n_out : w.n_in};
  product({x.data, x.stride, 1, nullptr}, right, w.n_in, y, {.scales = w.scales, .bias = bias}, pool);
}

void linear_backward(ConstMatrixView dy, const WeightMatrix& w, MatrixView dx, ThreadPool& pool) noexcept {
  assert(dy.n_rows == dx.n_rows && dy.n_cols == w.n_out && dx.n_cols == w.n_in);
  assert((w.format == NumberFormat::int8) == (w.scales != nullptr));
  const bool out_in = w.layout == WeightLayout::out_in;
  const RightOperand right = {w.values, w.format, out_in, out_in ? w.n_in : w.n_out};
  product({dy.data, dy.stride, 1, w.scales}, right, w.n_out, dx, {}, pool);
}

void linear_reference(ConstMatrixView x, const WeightMatrix& w, const float* bias, MatrixView y) noexcept {
  for (std::size_t row = 0; row < x.n_rows; ++row) {
    for (std::size_t out = 0; out < w.n_out; ++out) {
      float sum = sum_in_pieces(0.0f, w.n_in, [&](std::size_t in) { return x.row(row)[in] * weight(w, in, out); });
      if (w.scales != nullptr) sum *= w.scales[out];
      y.row(row)[out] = bias != nullptr ? sum + bias[out] : sum;
    }
  }
}

void linear_backward_reference(ConstMatrixView dy, const WeightMatrix& w, MatrixView dx) noexcept {
  for (std::size_t row = 0; row < dy.n_rows; ++row) {
    for (std::size_t in = 0; in < w.n_in; ++in) {
      dx.row(row)[in] = sum_in_pieces(0.0f, w.n_out, [&](std::size_t out) {
        const float scale = w.scales != nullptr ? w.scales[out] : 1.0f;
        return dy.row(row)[out] * scale * weight(w, in, out);
      });
    }
  }
}

void embedding_row(const WeightMatrix& table, std::size_t index, float* out) noexcept {
  const float scale = table.scales != nullptr ? table.scales[index] : 1.0f;
  for (std::size_t in = 0; in < table.n_in; ++in) out[in] = weight(table, in, index) * scale;
}

}  // namespace soi
