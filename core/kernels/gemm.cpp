#include "core/kernels/gemm.h"

#include <cassert>

#include "core/kernels/product.h"

namespace soi {

void gemm(ConstMatrixView a, Transpose transpose_a, ConstMatrixView b, Transpose transpose_b, MatrixView c,
          ThreadPool& pool, bool accumulate) noexcept {
  const bool a_straight = transpose_a == Transpose::no;
  const bool b_straight = transpose_b == Transpose::no;
  const std::size_t n_inner = a_straight ? a.n_cols : a.n_rows;
  assert(c.n_rows == (a_straight ? a.n_rows : a.n_cols) && c.n_cols == (b_straight ? b.n_cols : b.n_rows));
  assert(n_inner == (b_straight ? b.n_rows : b.n_cols));
  const LeftOperand left = {a.data, a_straight ? a.stride : 1, a_straight ? 1 : a.stride, nullptr};
  const RightOperand right = {b.data, NumberFormat::f32, b_straight, b.stride};
  product(left, right, n_inner, c, {.accumulate = accumulate}, pool);
}

void gemm_reference(ConstMatrixView a, Transpose transpose_a, ConstMatrixView b, Transpose transpose_b, MatrixView c,
                    bool accumulate) noexcept {
  const std::size_t n_inner = transpose_a == Transpose::no ? a.n_cols : a.n_rows;
  for (std::size_t i = 0; i < c.n_rows; ++i) {
    for (std::size_t j = 0; j < c.n_cols; ++j) {
      c.row(i)[j] = sum_in_pieces(accumulate ? c.row(i)[j] : 0.0f, n_inner, [&](std::size_t k) {
        const float x = transpose_a == Transpose::no ? a.row(i)[k] : a.row(k)[i];
        const float y = transpose_b == Transpose::no ? b.row(k)[j] : b.row(j)[k];
        return x * y;
      });
    }
  }
}

}  // namespace soi
