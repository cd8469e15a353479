#include "core/kernels/random.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <numbers>
#include <vector>

namespace soi {
namespace {

using Block = std::array<std::uint32_t, 4>;

// Random123's kat_vectors, philox4x32 with 10 rounds: counter (index, stream), key (seed).
TEST(Philox, MatchesKnownAnswers) {
  EXPECT_EQ(philox(0, 0, 0), (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  constexpr std::uint64_t kOnes = ~std::uint64_t{0};
  EXPECT_EQ(philox(kOnes, kOnes, kOnes), (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox(0x299f31d0a4093822, 0x0370734413198a2e, 0x85a308d3243f6a88),
            (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Random, UniformUsesTheFirst53Bits) {
  const Block block = philox(5, 6, 7);
  const std::uint64_t bits = ((std::uint64_t{block[1]} << 32) | block[0]) >> 11;
  EXPECT_EQ(uniform(5, 6, 7), static_cast<double>(bits) / 9007199254740992.0);
}

TEST(Random, UniformIsUniform) {
  constexpr int kDraws = 100000;
  constexpr int kBins = 20;
  std::vector<int> counts(kBins);
  double sum = 0.0;
  for (std::uint64_t i = 0; i < kDraws; ++i) {
    const double x = uniform(1, 2, i);
    ASSERT_GE(x, 0.0);
    ASSERT_LT(x, 1.0);
    ++counts[static_cast<int>(x * kBins)];
    sum += x;
  }
  // Five standard deviations: of the mean, and of a bin's count.
  EXPECT_NEAR(sum / kDraws, 0.5, 5.0 * std::sqrt(1.0 / 12.0 / kDraws));
  for (int count : counts) EXPECT_NEAR(count, kDraws / kBins, 5.0 * std::sqrt(kDraws / kBins));
}

TEST(Random, NormalIsBoxMuller) {
  for (std::uint64_t i = 0; i < 1000; ++i) {
    const Block block = philox(3, 4, i);
    const double u = std::ldexp(static_cast<double>((((std::uint64_t{block[1]} << 32) | block[0]) >> 11) + 1), -53);
    const double turn = std::ldexp(static_cast<double>(((std::uint64_t{block[3]} << 32) | block[2]) >> 11), -53);
    const double exact = std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * turn);
    // Rounded to float once: half an ulp of the magnitude, and a little where cos is near 0.
    EXPECT_NEAR(normal(3, 4, i), exact, std::abs(exact) * 0x1p-24 + 1e-15);
  }
}

TEST(Random, NormalHasItsMoments) {
  constexpr double kDraws = 200000;
  double sum = 0.0;
  double squares = 0.0;
  double fourths = 0.0;
  for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(kDraws); ++i) {
    const double x = normal(1, 2, i);
    sum += x;
    squares += x * x;
    fourths += x * x * x * x;
  }
  // Five standard deviations: var(x) = 1, var(x^2) = 2, var(x^4) = 96.
  EXPECT_NEAR(sum / kDraws, 0.0, 5.0 * std::sqrt(1.0 / kDraws));
  EXPECT_NEAR(squares / kDraws, 1.0, 5.0 * std::sqrt(2.0 / kDraws));
  EXPECT_NEAR(fourths / kDraws, 3.0, 5.0 * std::sqrt(96.0 / kDraws));
}

// Written by this code in a native build; the same in every build.
TEST(Random, NormalHasGoldenBits) {
  constexpr std::uint32_t kGolden[] = {0x3d71f2e8, 0xbdc3d483, 0xbed10850, 0x3e9c0c89, 0x3f06ba33, 0xbf96f421,
                                       0x3f07ebd9, 0x3e65a189, 0x3fb5e512, 0xbf861d8e, 0x3f748711, 0xbf1eba21};
  for (std::uint64_t i = 0; i < std::size(kGolden); ++i) {
    EXPECT_EQ(std::bit_cast<std::uint32_t>(normal(2026, 11, i)), kGolden[i]) << i;
  }
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a, a word at a time
  for (std::uint64_t i = 0; i < 100000; ++i) {
    hash = (hash ^ std::bit_cast<std::uint32_t>(normal(2026, 12, i))) * 0x100000001b3;
  }
  EXPECT_EQ(hash, 0x567ec215fe9bf81cu);
}

}  // namespace
}  // namespace soi
