#include "core/kernels/half.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "core/kernels/random.h"

namespace soi {
namespace {

std::vector<std::uint16_t> all_16_bit_values() {
  std::vector<std::uint16_t> all(0x10000);
  for (std::uint32_t bits = 0; bits < all.size(); ++bits) all[bits] = static_cast<std::uint16_t>(bits);
  return all;
}

bool is_nan(std::uint16_t half) { return (half & 0x7fff) > 0x7c00; }

/// By the definition of the format.
double value_of(std::uint16_t half) {
  const int exponent = (half >> 10) & 0x1f;
  const int fraction = half & 0x3ff;
  const double sign = (half & 0x8000) != 0 ? -1.0 : 1.0;
  if (exponent == 31) return fraction == 0 ? sign * INFINITY : NAN;
  return exponent == 0 ? sign * std::ldexp(fraction, -24) : sign * std::ldexp(1024 + fraction, exponent - 25);
}

std::uint16_t to_half(float value) {
  std::uint16_t half = 0;
  f32_to_f16({&value, 1}, &half);
  return half;
}

/// Nearest by search among all finite halves, ties to the even one: slow and plain.
std::uint16_t nearest_half(float value) {
  const double magnitude = std::abs(static_cast<double>(value));
  const auto sign = static_cast<std::uint16_t>(std::signbit(value) ? 0x8000 : 0);
  if (magnitude >= 65520.0) return sign | 0x7c00;  // midway between 65504 and 65536
  std::uint16_t low = 0;
  std::uint16_t high = 0x7c00;  // stands for 65536 here
  while (high - low > 1) {
    const auto middle = static_cast<std::uint16_t>((low + high) / 2);
    (value_of(middle) <= magnitude ? low : high) = middle;
  }
  const double below = magnitude - value_of(low);
  const double above = (high == 0x7c00 ? 65536.0 : value_of(high)) - magnitude;
  const bool up = above < below || (above == below && (high & 1) == 0);
  return static_cast<std::uint16_t>(sign | (up ? high : low));
}

TEST(Half, WidensEveryValueExactly) {
  const std::vector<std::uint16_t> halves = all_16_bit_values();
  std::vector<float> floats(halves.size());
  f16_to_f32(halves, floats.data());
  for (std::uint16_t half : halves) {
    if (is_nan(half)) {
      ASSERT_TRUE(std::isnan(floats[half])) << half;
    } else {
      ASSERT_EQ(std::bit_cast<std::uint32_t>(floats[half]),
                std::bit_cast<std::uint32_t>(static_cast<float>(value_of(half))))
          << half;
    }
  }
}

TEST(Half, EveryValueComesBack) {
  const std::vector<std::uint16_t> halves = all_16_bit_values();
  std::vector<float> floats(halves.size());
  std::vector<std::uint16_t> back(halves.size());
  f16_to_f32(halves, floats.data());
  f32_to_f16(floats, back.data());
  for (std::uint16_t half : halves) {
    if (is_nan(half)) {
      ASSERT_TRUE(is_nan(back[half])) << half;
    } else {
      ASSERT_EQ(back[half], half);
    }
  }
}

TEST(Half, RoundsToNearestEven) {
  // Each half, the midpoint above it, and the floats around both.
  for (std::uint32_t bits = 0; bits < 0x7c00; ++bits) {
    const double here = value_of(static_cast<std::uint16_t>(bits));
    const double next = bits == 0x7bff ? 65536.0 : value_of(static_cast<std::uint16_t>(bits + 1));
    for (float center : {static_cast<float>(here), static_cast<float>((here + next) / 2)}) {
      for (float value : {std::nextafter(center, -1.0f), center, std::nextafter(center, 1e6f)}) {
        ASSERT_EQ(to_half(value), nearest_half(value)) << value;
        ASSERT_EQ(to_half(-value), nearest_half(-value)) << -value;
      }
    }
  }
  for (std::uint64_t i = 0; i < 100000; ++i) {
    const float value = std::bit_cast<float>(philox(1, 2, i)[0]);
    if (std::isnan(value)) continue;
    ASSERT_EQ(to_half(value), nearest_half(value)) << value;
  }
}

TEST(Half, BeyondTheRange) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  EXPECT_EQ(to_half(kInfinity), 0x7c00);
  EXPECT_EQ(to_half(-kInfinity), 0xfc00);
  EXPECT_EQ(to_half(65519.996f), 0x7bff);
  EXPECT_EQ(to_half(65520.0f), 0x7c00);
  EXPECT_EQ(to_half(1e30f), 0x7c00);
  EXPECT_EQ(to_half(-1e-30f), 0x8000);
  EXPECT_TRUE(is_nan(to_half(std::numeric_limits<float>::quiet_NaN())));
  EXPECT_TRUE(is_nan(to_half(std::bit_cast<float>(0x7f800001u)))) << "a NaN whose high bits are 0 stays a NaN";
}

TEST(Half, TailsOfAnyLength) {
  const std::vector<std::uint16_t> halves = {0x3c00, 0xc000, 0x0001, 0x7bff, 0x8000, 0x3555, 0x7c00};
  for (std::size_t n = 0; n <= halves.size(); ++n) {
    std::vector<float> floats(halves.size() + 1, -7.0f);
    f16_to_f32({halves.data(), n}, floats.data());
    for (std::size_t i = 0; i < n; ++i) EXPECT_EQ(floats[i], static_cast<float>(value_of(halves[i])));
    EXPECT_EQ(floats[n], -7.0f);
  }
}

TEST(Bfloat16, WidensEveryValueExactly) {
  const std::vector<std::uint16_t> values = all_16_bit_values();
  std::vector<float> floats(values.size());
  bf16_to_f32(values, floats.data());
  for (std::uint16_t value : values) {
    ASSERT_EQ(std::bit_cast<std::uint32_t>(floats[value]), std::uint32_t{value} << 16);
  }
}

}  // namespace
}  // namespace soi
