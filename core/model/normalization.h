#pragma once

#include <span>

#include "core/weights/weight_source.h"

namespace soi {

/// One row of LayerNorm with a divisor that an edit has chosen: y = (x - mean) / scale * gain + bias.
void normalize_by(std::span<const float> x, float scale, const LayerNormWeights& weights, std::span<float> y) noexcept;

}  // namespace soi
