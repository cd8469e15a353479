#include "core/kernels/gemm.h"

namespace soi {

void gemm(ConstMatrixView a, Transpose transpose_a, ConstMatrixView b, Transpose transpose_b, MatrixView c,
          ThreadPool&, bool accumulate) noexcept {
  gemm_reference(a, transpose_a, b, transpose_b, c, accumulate);
}

void gemm_reference(ConstMatrixView a, Transpose transpose_a, ConstMatrixView b, Transpose transpose_b, MatrixView c,
                    bool accumulate) noexcept {
  const std::size_t n_inner = transpose_a == Transpose::no ? a.n_cols : a.n_rows;
  for (std::size_t i = 0; i < c.n_rows; ++i) {
    for (std::size_t j = 0; j < c.n_cols; ++j) {
      float sum = accumulate ? c.row(i)[j] : 0.0f;
      for (std::size_t k = 0; k < n_inner; ++k) {
        const float x = transpose_a == Transpose::no ? a.row(i)[k] : a.row(k)[i];
        const float y = transpose_b == Transpose::no ? b.row(k)[j] : b.row(j)[k];
        sum += x * y;
      }
      c.row(i)[j] = sum;
    }
  }
}

}  // namespace soi
