#pragma once

#include <cstdint>

#include "core/analysis/matrix.h"
#include "core/experiments/parameters.h"
#include "core/tensor/tensor.h"

namespace soi {

/// The generator's stream of the channels' noise.
inline constexpr std::uint64_t kNoiseStream = 1u << 20;

/// Two sources and the two channels that they are mixed into.
struct MixedSources {
  Matrix sources;   // [n, 2]: sine, step
  Matrix channels;  // [n, 2]: sources times the mixing matrix, plus noise
  Tensor samples;   // the same in float32
};
MixedSources mix_sources(const Parameters& p, std::uint64_t seed);

}  // namespace soi
