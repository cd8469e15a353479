#include "core/analysis/selectivity.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "core/kernels/random.h"

namespace soi {
namespace {

const std::vector<std::size_t> kAll = {0, 1, 2, 3};

/// Columns: only in the target (rows 0 and 1), only outside, the same everywhere, silent, twice as much in the target.
Tensor five_latents() {
  return Tensor::from_values({4, 5}, std::vector<float>{3, 0, 1, 0, 4,  //
                                                        0, 0, 1, 0, 2,  //
                                                        0, 2, 1, 0, 1,  //
                                                        0, 2, 1, 0, 2});
}

std::vector<double> scores(SelectivityScore score) {
  const Tensor z = five_latents();
  return Selectivity(z.matrix(), kAll).scores(std::vector<std::size_t>{0, 1}, score);
}

TEST(Selectivity, ContrastsTheTwoMeans) {
  const std::vector<double> s = scores(SelectivityScore::contrast);
  EXPECT_EQ(s, (std::vector<double>{1, -1, 0, 0, (3 - 1.5) / (3 + 1.5)}));
}

TEST(Selectivity, DividesTheMeansAsTheDocumentDoes) {
  const std::vector<double> s = scores(SelectivityScore::ratio);
  EXPECT_TRUE(std::isinf(s[0]));
  EXPECT_EQ(std::vector<double>(s.begin() + 1, s.end()), (std::vector<double>{0, 1, 0, 2}));
}

TEST(Selectivity, LooksAtActiveValuesAloneAsTheNotebookDoes) {
  // 0 where either group has no active value.
  EXPECT_EQ(scores(SelectivityScore::ratio_of_active), (std::vector<double>{0, 0, 1, 0, 2}));
}

TEST(Selectivity, StandardizesTheDifference) {
  const std::vector<double> s = scores(SelectivityScore::standardized);
  EXPECT_NEAR(s[0], 1.5 / 1.5, 1e-12);  // 3, 0, 0, 0: mean 0.75, variance (2.25^2 + 3 * 0.75^2) / 3 = 2.25
  EXPECT_EQ(s[2], 0);
  EXPECT_EQ(s[3], 0);
}

TEST(Selectivity, CountsTheChosenSamplesAlone) {
  const Tensor z = five_latents();
  const Selectivity some(z.matrix(), {0, 2});
  EXPECT_EQ(some.scores(std::vector<std::size_t>{0}, SelectivityScore::ratio)[4], 4);
  EXPECT_TRUE(std::isnan(some.scores({}, SelectivityScore::ratio)[4]));
  EXPECT_TRUE(std::isnan(some.scores(std::vector<std::size_t>{0, 2}, SelectivityScore::contrast)[4]));
}

TEST(Selectivity, OfTheOtherGroupIsTheNegative) {
  // Swapping target and others turns contrast and standardized difference round, up to the rounding of the sums.
  Tensor z({12, 6});
  for (std::size_t i = 0; i < z.size(); ++i) z.data()[i] = std::max(0.0f, normal(3, 0, i));
  std::vector<std::size_t> samples(12);
  std::iota(samples.begin(), samples.end(), std::size_t{0});
  const Selectivity selectivity(z.matrix(), samples);
  const std::vector<std::size_t> target = {1, 4, 6};
  const std::vector<std::size_t> rest = {0, 2, 3, 5, 7, 8, 9, 10, 11};
  for (auto score : {SelectivityScore::contrast, SelectivityScore::standardized}) {
    const std::vector<double> forth = selectivity.scores(target, score);
    const std::vector<double> back = selectivity.scores(rest, score);
    for (std::size_t j = 0; j < 6; ++j) EXPECT_NEAR(forth[j], -back[j], 1e-12);
  }
}

TEST(Highest, KeepsTheOrderOfEquals) {
  const std::vector<double> s = {1, std::nan(""), 3, 3, -1, INFINITY};
  EXPECT_EQ(highest(s, 4), (std::vector<std::size_t>{5, 2, 3, 0}));
  EXPECT_EQ(highest(s, 9).size(), 6u);
}

}  // namespace
}  // namespace soi
