#pragma once

#include <cstddef>
#include <cstdint>

#include "core/kernels/weight_matrix.h"

/// What a matrix product is made of, in the form that gemm, linear and linear_backward share: c = left right, summed
/// over k.  left [m, k], right [k, n], c [m, n].
namespace soi {

struct LeftOperand {
  const float* data = nullptr;
  std::size_t row_stride = 0;       // floats from row i to row i + 1
  std::size_t k_stride = 0;         // floats from k to k + 1; one of the two strides is 1
  const float* k_scales = nullptr;  // [k] factors, or null
};

struct RightOperand {
  const void* values = nullptr;
  NumberFormat format = NumberFormat::f32;
  bool k_major = true;     // number (k, j) is at k * stride + j; else at j * stride + k
  std::size_t stride = 0;  // numbers
};

/// What becomes of the sums: c = sum * scales[j] + bias[j].
struct Epilogue {
  const float* scales = nullptr;  // [n] or null
  const float* bias = nullptr;    // [n] or null
  bool accumulate = false;        // the sum is added to c
};

/// Calls body(values) with the operand's values as a pointer to its number type: const float*, const uint16_t* (f16) or
/// const int8_t*.
template <typename Body>
void with_number_type(const RightOperand& right, const Body& body) {
  switch (right.format) {
    case NumberFormat::f32:
      return body(static_cast<const float*>(right.values));
    case NumberFormat::f16:
      return body(static_cast<const std::uint16_t*>(right.values));
    case NumberFormat::int8:
      return body(static_cast<const std::int8_t*>(right.values));
  }
}

}  // namespace soi
