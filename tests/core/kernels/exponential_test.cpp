#include "core/kernels/exponential.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace soi {
namespace {

float exponential(float x) { return simd::exponential(simd::broadcast<simd::Float4>(x))[0]; }

/// |actual - exact| in units of the last place of the float nearest to `exact`.
double ulps(float actual, double exact) {
  const auto nearest = static_cast<float>(exact);
  const double ulp = static_cast<double>(std::nextafter(nearest, std::numeric_limits<float>::infinity())) - nearest;
  return std::abs(actual - exact) / ulp;
}

// A million of the two milliard floats between the bounds, spread over all exponents. libm's exp in double precision is
// exact enough: its error is below 2^-29 of a float's ulp.
TEST(Exponential, IsWithinOneUlp) {
  double worst = 0.0;
  float worst_x = 0.0f;
  for (std::uint32_t bits = 0; bits < 0x42b09999; bits += 1021) {  // up to 88.3
    for (float x : {std::bit_cast<float>(bits), -std::bit_cast<float>(bits)}) {
      if (x < -87.3f) continue;
      const double error = ulps(exponential(x), std::exp(static_cast<double>(x)));
      if (error > worst) {
        worst = error;
        worst_x = x;
      }
    }
  }
  EXPECT_LT(worst, 1.0) << "at " << worst_x;
  RecordProperty("worst_ulps", std::to_string(worst));
}

TEST(Exponential, ExactAndExtremeValues) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  EXPECT_EQ(exponential(0.0f), 1.0f);
  EXPECT_EQ(exponential(-0.0f), 1.0f);
  EXPECT_EQ(exponential(-87.4f), 0.0f);
  EXPECT_EQ(exponential(-1e30f), 0.0f);
  EXPECT_EQ(exponential(-kInfinity), 0.0f);
  EXPECT_GT(exponential(88.2f), 1e38f);
  EXPECT_EQ(exponential(88.4f), kInfinity);
  EXPECT_EQ(exponential(1e30f), kInfinity);
  EXPECT_EQ(exponential(kInfinity), kInfinity);
  EXPECT_TRUE(std::isnan(exponential(std::numeric_limits<float>::quiet_NaN())));
}

TEST(Exponential, LanesAreIndependent) {
  const simd::Float4 x = {1.0f, -100.0f, 100.0f, -2.5f};
  const simd::Float4 y = simd::exponential(x);
  for (int lane = 0; lane < 4; ++lane) EXPECT_EQ(y[lane], exponential(x[lane]));
}

}  // namespace
}  // namespace soi
