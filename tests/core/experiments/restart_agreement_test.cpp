#include "core/experiments/restart_agreement.h"

#include <gtest/gtest.h>

#include <cmath>

namespace soi {
namespace {

Tensor matrix(const std::vector<float>& values) { return Tensor::from_values({2, 2}, values); }

TEST(RestartAgreement, TakesTheMeanOfTheRowsCosines) {
  // Rows at 45 degrees and at 180; a row of zeros counts as 0.
  EXPECT_NEAR(row_cosine(matrix({1, 0, 0, 2}), matrix({3, 3, 0, -1})), (std::sqrt(0.5) - 1) / 2, 1e-7);
  EXPECT_NEAR(row_cosine(matrix({1, 0, 0, 0}), matrix({1, 0, 1, 1})), 0.5, 1e-7);
}

TEST(RestartAgreement, PairsEveryMatrixWithEveryOther) {
  std::vector<Tensor> matrices;
  matrices.push_back(matrix({1, 0, 0, 1}));
  matrices.push_back(matrix({0, 1, 1, 0}));
  matrices.push_back(matrix({-2, 0, 0, -2}));
  const Tensor cosines = pairwise_cosines(matrices);
  EXPECT_EQ(cosines(1u, 1u), 1.0f);
  EXPECT_EQ(cosines(2u, 0u), -1.0f);
  EXPECT_EQ(above_diagonal(cosines), (std::vector<double>{0, -1, 0}));
  EXPECT_TRUE(above_diagonal(pairwise_cosines(std::span(matrices).first(1))).empty());
}

TEST(RestartAgreement, CountsTokensThatComeAgain) {
  const std::vector<std::vector<std::int32_t>> sequences = {{1, 2, 3}, {3, 4, 3}};
  EXPECT_DOUBLE_EQ(repeated_share(sequences), 0.5);
  EXPECT_DOUBLE_EQ(repeated_share(std::span(sequences).first(1)), 0);
}

TEST(RestartAgreement, SubtractsElementByElement) {
  const Tensor left = difference(matrix({1, 2, 3, 4}), matrix({4, 3, 2, 1}));
  EXPECT_EQ(left(0u, 0u), -3.0f);
  EXPECT_EQ(left(1u, 1u), 3.0f);
}

}  // namespace
}  // namespace soi
