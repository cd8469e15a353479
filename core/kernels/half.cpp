#include "core/kernels/half.h"

#include <algorithm>
#include <bit>
#include <cstddef>

#include "core/kernels/simd.h"

namespace soi {
namespace {

/// Infinities and NaNs, whose exponent is all ones, come out of load_widened as numbers from 65536 on: their exponent
/// is made all ones again.
simd::Float4 widen(const std::uint16_t* half) {
  const auto bits = (simd::Int4)simd::load_widened<simd::Float4>(half);
  const simd::Int4 not_finite = (bits & 0x7fffffff) >= 0x47800000;
  return (simd::Float4)(bits | (not_finite & 0x7f800000));
}

std::uint16_t narrow(float value) {
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t sign = (bits >> 16) & 0x8000u;
  const std::uint32_t magnitude = bits & 0x7fffffffu;
  if (magnitude > 0x7f800000u) return static_cast<std::uint16_t>(sign | 0x7e00u | ((magnitude >> 13) & 0x3ffu));
  if (magnitude >= 0x477ff000u) return static_cast<std::uint16_t>(sign | 0x7c00u);  // 65520 rounds up to infinity
  if (magnitude < 0x38800000u) {  // below 2^-14: subnormal halves are multiples of 2^-24
    // 0.5 has an ulp of 2^-24: the addition rounds to nearest even at the right place.
    const float shifted = std::bit_cast<float>(magnitude) + 0.5f;
    return static_cast<std::uint16_t>(sign | (std::bit_cast<std::uint32_t>(shifted) - 0x3f000000u));
  }
  const std::uint32_t odd = (magnitude >> 13) & 1u;
  const std::uint32_t rounded = magnitude + 0xfffu + odd - (112u << 23);
  return static_cast<std::uint16_t>(sign | (rounded >> 13));
}

}  // namespace

void f16_to_f32(std::span<const std::uint16_t> half, float* out) noexcept {
  std::size_t i = 0;
  for (; i + 4 <= half.size(); i += 4) simd::store(widen(half.data() + i), out + i);
  if (i == half.size()) return;
  std::uint16_t last[4] = {};
  std::copy(half.begin() + i, half.end(), last);
  simd::store_first(widen(last), half.size() - i, out + i);
}

void f32_to_f16(std::span<const float> values, std::uint16_t* out) noexcept {
  for (std::size_t i = 0; i < values.size(); ++i) out[i] = narrow(values[i]);
}

void bf16_to_f32(std::span<const std::uint16_t> values, float* out) noexcept {
  for (std::size_t i = 0; i < values.size(); ++i) out[i] = std::bit_cast<float>(std::uint32_t{values[i]} << 16);
}

}  // namespace soi
