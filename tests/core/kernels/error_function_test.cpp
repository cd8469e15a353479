#include "core/kernels/error_function.h"

#include <gtest/gtest.h>

#include <cmath>

namespace soi {
namespace {

TEST(ErrorFunction, IsThatOfTheLibrary) {
  double largest = 0;
  for (float x = -6; x <= 6; x += 1.0f / 1024) {
    const simd::Float4 y = simd::error_function(simd::broadcast<simd::Float4>(x));
    largest = std::max(largest, std::abs(static_cast<double>(y[0]) - std::erf(static_cast<double>(x))));
    EXPECT_EQ(y[0], -simd::error_function(simd::broadcast<simd::Float4>(-x))[0]) << x;
  }
  EXPECT_LT(largest, 4e-7);
}

}  // namespace
}  // namespace soi
