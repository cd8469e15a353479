#include "core/model/distribution.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

namespace soi {
namespace {

TEST(Distribution, ByHand) {
  // Probabilities 1/8, 1/2, 1/4, 1/8.
  const std::array<float, 4> logits{0.0f, std::log(4.0f), std::log(2.0f), 0.0f};
  Distribution distribution;
  distribution.read(logits, 3);
  EXPECT_EQ(std::vector(distribution.best().begin(), distribution.best().end()), (std::vector<std::int32_t>{1, 2, 0}));
  EXPECT_NEAR(distribution.probability(1), 0.5f, 1e-6f);
  EXPECT_NEAR(distribution.probability(3), 0.125f, 1e-6f);
  EXPECT_EQ(distribution.logit(2), logits[2]);
  // 1/2 ln 2 + 1/4 ln 4 + 1/4 ln 8 = 1.75 ln 2
  EXPECT_NEAR(distribution.entropy(), 1.75f * std::log(2.0f), 1e-6f);
  EXPECT_EQ(distribution.rank(1), 1);
  EXPECT_EQ(distribution.rank(0), 3);
  EXPECT_EQ(distribution.rank(3), 3);
}

TEST(Distribution, AsksForMoreThanThereIs) {
  const std::array<float, 2> logits{-1.0f, 1.0f};
  Distribution distribution;
  distribution.read(logits, 10);
  EXPECT_EQ(distribution.best().size(), 2u);
}

}  // namespace
}  // namespace soi
