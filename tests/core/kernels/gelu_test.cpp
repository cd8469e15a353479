#include "core/kernels/gelu.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <vector>

namespace soi {
namespace {

constexpr double kUnit = 0x1p-24;
constexpr double kSqrt2OverPi = 0.79788456080286535588;

double u(double x) { return kSqrt2OverPi * (x + 0.044715 * x * x * x); }

/// 0.5 x (1 + tanh(u)) = x / (1 + e^(-2u)): the second form does not cancel below 0.
double exact_gelu(double x) { return x / (1.0 + std::exp(-2.0 * u(x))); }

double exact_slope(double x) {
  const double t = std::tanh(u(x));
  return 0.5 * (1.0 + t) + 0.5 * x * (1.0 - t * t) * kSqrt2OverPi * (1.0 + 3.0 * 0.044715 * x * x);
}

/// Floats of all magnitudes up to `largest`, of both signs.
std::vector<float> floats_up_to(float largest) {
  std::vector<float> all;
  for (std::uint32_t bits = 0; bits <= std::bit_cast<std::uint32_t>(largest); bits += 4999) {
    all.push_back(std::bit_cast<float>(bits));
    all.push_back(-std::bit_cast<float>(bits));
  }
  return all;
}

TEST(Gelu, MatchesDoublePrecision) {
  const std::vector<float> x = floats_up_to(30.0f);
  std::vector<float> y = x;
  gelu(y);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double exact = exact_gelu(x[i]);
    // The exponent 2u is off by 5 units of itself, which the exponential turns into a relative error where e^(-2u) is
    // not small beside 1, x < 1; 2 units for the power, 1 each for sum and quotient. Where the power overflows, y is 0
    // and the exact value below 30 e^-88.
    const double relative = 5.0 * std::abs(2.0 * u(x[i])) * (x[i] < 1.0f ? 1.0 : std::exp(-2.0 * u(x[i]))) + 5.0;
    ASSERT_NEAR(y[i], exact, std::abs(exact) * relative * kUnit + 2e-37) << x[i];
  }
}

TEST(Gelu, KnownAndExtremeValues) {
  std::vector<float> values = {0.0f, 1.0f, -1.0f, 1e30f, -1e30f, 20.0f, -20.0f};
  gelu(values);
  EXPECT_EQ(values[0], 0.0f);
  EXPECT_NEAR(values[1], 0.8411920, 5e-7);  // torch.nn.functional.gelu(1., approximate="tanh") = 0.8412
  EXPECT_NEAR(values[2], -0.1588080, 5e-7);
  EXPECT_EQ(values[3], 1e30f);
  EXPECT_EQ(values[4], 0.0f);
  EXPECT_EQ(values[5], 20.0f);
  EXPECT_NEAR(values[6], 0.0f, 1e-36f);
}

// gelu(x) - gelu(-x) = x, as the normal distribution's symmetry has it.
TEST(Gelu, OddPartIsHalfOfX) {
  for (float x : floats_up_to(10.0f)) {
    float both[2] = {x, -x};
    gelu(both);
    ASSERT_NEAR(static_cast<double>(both[0]) - both[1], x, 60.0 * std::abs(x) * kUnit + 0x1p-148) << x;
  }
}

TEST(GeluBackward, MatchesDoublePrecision) {
  const std::vector<float> x = floats_up_to(1e4f);
  const std::vector<float> d_y(x.size(), 2.0f);
  std::vector<float> d_x(x.size());
  gelu_backward(x, d_y, d_x);
  // The slope lies in [-0.13, 1.13]; its parts, s below 1 and x s (1 - s) 2u' below 2, are off by some 5 |2u| units
  // where e^(-2u) matters, |2u| < 6, and a few more.
  for (std::size_t i = 0; i < x.size(); ++i) ASSERT_NEAR(d_x[i], 2.0 * exact_slope(x[i]), 2.0 * 70.0 * kUnit) << x[i];
}

TEST(GeluBackward, StaysFiniteAndInPlace) {
  const std::vector<float> x = {1e30f, -1e30f, 3e38f, -3e38f, 0.0f};
  std::vector<float> d = {1.0f, 1.0f, 1.0f, 1.0f, 1.0f};
  gelu_backward(x, d, d);
  EXPECT_EQ(d, (std::vector<float>{1.0f, 0.0f, 1.0f, 0.0f, 0.5f}));
}

}  // namespace
}  // namespace soi
