#pragma once

#include "core/kernels/simd.h"

namespace soi::simd {

/// e^x of each lane, within 1 ulp (measured: exponential_test.cpp). Below -87.3, where float's normal numbers end,
/// exactly 0; above 88.3, infinity; a NaN stays one. e^x = 2^n e^r with n = round(x / ln 2), |r| <= ln(2) / 2; e^r by
/// the polynomial of Cephes' expf (S. Moshier, 1992).
SOI_INLINE Float4 exponential(Float4 x) {
  const Float4 lowest = broadcast<Float4>(-87.3f);
  const Float4 highest = broadcast<Float4>(88.3f);
  constexpr float kLog2E = 1.44269504f;
  // Adding 1.5 * 2^23 rounds to an integer, which then stands in the lowest bits.
  constexpr float kRound = 12582912.0f;
  // ln 2 in two parts; the product of the first, of 9 bits, with n is exact.
  constexpr float kLn2High = 0.693359375f;
  constexpr float kLn2Low = -2.12194440e-4f;

  const Float4 shifted = min(highest, max(lowest, x)) * kLog2E + kRound;
  const Float4 n = shifted - kRound;
  const Float4 r = (x - n * kLn2High) - n * kLn2Low;
  Float4 p = r * 1.9875691500e-4f + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + r + 1.0f;
  const Int4 power_of_two = ((Int4)shifted << 23) + 0x3f800000;
  const Float4 result = p * (Float4)power_of_two;
  const Float4 bounded = x > highest ? broadcast<Float4>(__builtin_inff()) : result;
  return x < lowest ? Float4{} : bounded;
}

}  // namespace soi::simd
