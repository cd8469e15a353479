#pragma once

#include <cstdint>
#include <span>

namespace soi {

/// IEEE half precision to f32, exact.
void f16_to_f32(std::span<const std::uint16_t> half, float* out) noexcept;

/// f32 to IEEE half precision, round to nearest even; beyond the range: infinity.
void f32_to_f16(std::span<const float> values, std::uint16_t* out) noexcept;

/// bfloat16 to f32, exact.
void bf16_to_f32(std::span<const std::uint16_t> values, float* out) noexcept;

}  // namespace soi
