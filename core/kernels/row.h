#pragma once

#include <algorithm>
#include <cstddef>

#include "core/kernels/simd.h"

/// Loops over one row of numbers, four at a time, the same in every build: a row's results depend on the row alone.
namespace soi::row {

using simd::Float4;

/// Calls body(i, n) for each four numbers from i on; n is 4, or less for the last ones.
template <typename Body>
SOI_INLINE void for_each_four(std::size_t size, const Body& body) {
  std::size_t i = 0;
  for (; i + 4 <= size; i += 4) body(i, std::size_t{4});
  if (i < size) body(i, size - i);
}

SOI_INLINE Float4 load(const float* row, std::size_t i, std::size_t n, float padding = 0.0f) {
  return n == 4 ? simd::load<Float4>(row + i) : simd::load_first<Float4>(row + i, n, padding);
}

SOI_INLINE void store(Float4 values, float* row, std::size_t i, std::size_t n) {
  if (n == 4) {
    simd::store(values, row + i);
  } else {
    simd::store_first(values, n, row + i);
  }
}

/// The sum of terms(i, n) over the row; lanes beyond n must be 0. Single precision within a block of 512 numbers, in 16
/// sums of 32 terms each, double precision between blocks: the relative error is below 40 * 2^-24 of the sum of
/// magnitudes at any length.
template <typename Terms>
SOI_INLINE double sum(std::size_t size, const Terms& terms) {
  constexpr std::size_t kBlock = 512;
  double total = 0.0;
  for (std::size_t begin = 0; begin < size; begin += kBlock) {
    const std::size_t end = std::min(size, begin + kBlock);
    Float4 sums[4] = {};
    std::size_t i = begin;
    for (; i + 16 <= end; i += 16) {
#pragma GCC unroll 4
      for (std::size_t part = 0; part < 4; ++part) sums[part] += terms(i + 4 * part, std::size_t{4});
    }
    for (; i < end; i += 4) sums[0] += terms(i, std::min<std::size_t>(4, end - i));
    const Float4 all = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    total += static_cast<double>((all[0] + all[1]) + (all[2] + all[3]));
  }
  return total;
}

}  // namespace soi::row
