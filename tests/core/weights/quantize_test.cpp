#include "core/weights/quantize.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace soi {
namespace {

TEST(Quantize, ByHand) {
  // Largest magnitudes 254 and 127: scales 2 and 1. 3 / 2 = 1.5 and 5 / 2 = 2.5 are ties, and go to the even 2.
  const std::array<float, 6> rows{-254, 3, 5, 127, 1.25f, -0.75f};
  std::array<std::int8_t, 6> out{};
  std::array<float, 2> scales{};
  quantize_rows({rows.data(), 2, 3, 3}, out.data(), scales.data());
  EXPECT_EQ(scales, (std::array<float, 2>{2, 1}));
  EXPECT_EQ(out, (std::array<std::int8_t, 6>{-127, 2, 2, 127, 1, -1}));

  const std::array<float, 6> columns{-254, 127, 3, 1.25f, 5, -0.75f};
  quantize_columns({columns.data(), 3, 2, 2}, out.data(), scales.data());
  EXPECT_EQ(scales, (std::array<float, 2>{2, 1}));
  EXPECT_EQ(out, (std::array<std::int8_t, 6>{-127, 127, 2, 1, 2, -1}));
}

TEST(Quantize, ErrsByHalfAStepAtMost) {
  std::vector<float> values(40 * 30);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = std::ldexp(std::sin(static_cast<float>(i * i % 1009)), static_cast<int>(i % 31) - 15);
  }
  std::vector<std::int8_t> out(values.size());
  std::vector<float> scales(40);
  quantize_rows({values.data(), 40, 30, 30}, out.data(), scales.data());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const float scale = scales[i / 30];
    // Half a step, and the rounding of the quotient and the product: 2^-24 of at most 127 steps, each.
    EXPECT_LE(std::fabs(values[i] - static_cast<float>(out[i]) * scale), scale * (0.5f + 127 * 0x1p-23f));
  }
}

TEST(Quantize, ZerosAndTheSmallestNumbers) {
  const float tiny = std::numeric_limits<float>::denorm_min();
  const std::array<float, 8> values{0, 0, -0.0f, 0, tiny, -tiny, 190 * tiny, 0};
  std::array<std::int8_t, 8> out;
  out.fill(99);
  std::array<float, 2> scales{};
  quantize_rows({values.data(), 2, 4, 4}, out.data(), scales.data());
  EXPECT_EQ(scales[0], 0.0f);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(out[i], 0);
  // 190 / 127 steps of the smallest number round to 1; the quotient 190 is held at 127.
  EXPECT_EQ(scales[1], tiny);
  EXPECT_EQ(out[4], 1);
  EXPECT_EQ(out[5], -1);
  EXPECT_EQ(out[6], 127);
}

}  // namespace
}  // namespace soi
