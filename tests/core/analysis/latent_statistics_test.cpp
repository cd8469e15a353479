#include "core/analysis/latent_statistics.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/analysis/correlation.h"
#include "core/kernels/random.h"

namespace soi {
namespace {

TEST(LatentStatistics, CountWhatIsNotZero) {
  const Tensor z = Tensor::from_values({2, 4}, std::vector<float>{1, 0, 0, 2,  //
                                                                  3, 0, 4, 0});
  EXPECT_EQ(densities(z.matrix()), (std::vector<double>{1, 0, 0.5, 0.5}));
  EXPECT_EQ(active_counts(z.matrix()), (std::vector<double>{2, 2}));
  const DensitySummary summary = summarize(densities(z.matrix()));
  EXPECT_EQ(summary.grid, 0.5);
  EXPECT_EQ(summary.ever, 0.75);
  EXPECT_EQ(summary.always_on, 0.25);
  EXPECT_EQ(summary.rare, 0);
  EXPECT_EQ(summarize(std::vector<double>{0.05, 0.04, 0, 1}).rare, 0.5);
}

TEST(LatentStatistics, ExplainNothingByTheMeanAndAllByTheRowsThemselves) {
  const Tensor x = Tensor::from_values({2, 2}, std::vector<float>{1, 10, 3, 30});
  const Tensor means = Tensor::from_values({2, 2}, std::vector<float>{2, 20, 2, 20});
  EXPECT_EQ(explained_variance(x.matrix(), means.matrix()), 0);
  EXPECT_EQ(explained_variance(x.matrix(), x.matrix()), 1);
  EXPECT_TRUE(std::isnan(explained_variance(means.matrix(), x.matrix())));
}

TEST(LatentStatistics, MeanPairCorrelationIsThatOfThePairs) {
  Tensor z({30, 4});
  for (std::size_t t = 0; t < 30; ++t) {
    z(t, 0) = normal(1, 0, t);
    z(t, 1) = z(t, 0) + normal(1, 1, t);
    z(t, 2) = 7;  // does not vary, and is left out
    z(t, 3) = normal(1, 2, t);
  }
  const Matrix r = cross_correlation(to_matrix(z.matrix()), to_matrix(z.matrix())).cwiseAbs();
  const double expected = (r(0, 1) + r(0, 3) + r(1, 3)) / 3;
  // Three pairs drawn 3000 times: their mean strays by less than a third of their range times 5 / sqrt(3000).
  EXPECT_NEAR(mean_pair_correlation(z.matrix(), 3000, 1, 5), expected, 0.03);
  Tensor flat({5, 3});
  EXPECT_TRUE(std::isnan(mean_pair_correlation(flat.matrix(), 10, 1, 5)));
}

}  // namespace
}  // namespace soi
