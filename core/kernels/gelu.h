#pragma once

#include <span>

namespace soi {

/// GPT-2's GELU, the tanh form: 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))). In place.
void gelu(std::span<float> values) noexcept;

/// d_x = d_y * gelu'(x). d_x may be d_y.
void gelu_backward(std::span<const float> x, std::span<const float> d_y, std::span<float> d_x) noexcept;

}  // namespace soi
