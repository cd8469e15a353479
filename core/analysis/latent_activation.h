#pragma once

#include "core/analysis/sparse_autoencoder.h"
#include "core/kernels/error_function.h"
#include "core/kernels/exponential.h"
#include "core/kernels/simd.h"

namespace soi {

/// Four latents and their slopes d z / d x.
struct ActivatedFour {
  simd::Float4 z, slope;
};

template <LatentActivation kActivation>
SOI_INLINE ActivatedFour activate_four(simd::Float4 x) {
  using simd::Float4;
  const Float4 one = simd::broadcast<Float4>(1.0f);
  if constexpr (kActivation == LatentActivation::relu) {
    return {x > 0.0f ? x : Float4{}, x > 0.0f ? one : Float4{}};
  } else if constexpr (kActivation == LatentActivation::gelu_exact) {
    constexpr float kInverseSqrtTwo = 0.70710678f;
    constexpr float kInverseSqrtTwoPi = 0.39894228f;
    const Float4 share = (simd::error_function(x * kInverseSqrtTwo) + 1.0f) * 0.5f;  // Phi(x)
    return {x * share, share + x * kInverseSqrtTwoPi * simd::exponential(x * x * -0.5f)};
  } else {
    return {x, one};
  }
}

}  // namespace soi
