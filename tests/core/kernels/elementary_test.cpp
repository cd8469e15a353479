#include "core/kernels/elementary.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "core/kernels/random.h"

namespace soi {
namespace {

// long double has 64 bits of fraction on x86-64 and 113 in WASM; where it is double (MSVC, Apple) the comparison is
// with another libm of half an ulp.
TEST(Elementary, LogarithmIsWithinOneUlp) {
  for (std::uint64_t i = 0; i < 200000; ++i) {
    const double spread = (uniform(1, 0, i) - 0.5) * 200.0;
    for (double x : {std::exp2(spread), 1.0 + spread * 1e-3, uniform(1, 1, i) + 0x1p-53}) {
      if (x <= 0.0) continue;
      const long double exact = std::log(static_cast<long double>(x));
      const double nearest = static_cast<double>(exact);
      const double ulp = std::nextafter(std::abs(nearest), INFINITY) - std::abs(nearest);
      ASSERT_LE(std::abs(static_cast<double>(static_cast<long double>(log_double(x)) - exact)), ulp) << x;
    }
  }
  EXPECT_EQ(log_double(1.0), 0.0);
  EXPECT_EQ(log_double(0x1p-53), -53.0 * std::numbers::ln2);
}

TEST(Elementary, CosineOfATurn) {
  for (std::uint64_t i = 0; i < 200000; ++i) {
    const double turn = uniform(2, 0, i);
    // Folded to [0, 1/8] first, which is exact: rounding 2 pi turn costs less the smaller the angle.
    const double folded = std::abs(turn - std::round(turn));
    const double eighth = folded > 0.25 ? 0.5 - folded : folded;
    const long double magnitude = eighth > 0.125 ? std::sin(2.0L * std::numbers::pi_v<long double> * (0.25L - eighth))
                                                 : std::cos(2.0L * std::numbers::pi_v<long double> * eighth);
    const long double exact = folded > 0.25 ? -magnitude : magnitude;
    ASSERT_NEAR(cos_turn(turn), static_cast<double>(exact), 0x1p-52) << turn;
  }
  EXPECT_EQ(cos_turn(0.0), 1.0);
  EXPECT_EQ(cos_turn(0.25), 0.0);
  EXPECT_EQ(cos_turn(0.5), -1.0);
  EXPECT_EQ(cos_turn(0.75), 0.0);
  EXPECT_EQ(cos_turn(1.0), 1.0);
  EXPECT_NEAR(cos_turn(1.0 / 6.0), 0.5, 0x1p-53);
}

}  // namespace
}  // namespace soi
