#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "core/analysis/correlation.h"
#include "core/analysis/cosine_search.h"
#include "core/analysis/descriptive.h"
#include "core/analysis/permutation.h"
#include "core/analysis/t_test.h"
#include "core/kernels/random.h"
#include "core/tensor/error.h"
#include "tests/golden/golden.h"

namespace soi {
namespace {

/// Kept for the whole run: a loop over a part of a temporary would read what is gone.
const nlohmann::json& golden() {
  static const nlohmann::json values =
      nlohmann::json::parse(read_text(std::string(SOI_SOURCE_DIR) + "/tests/golden/analysis/statistics.json"));
  return values;
}

TEST(StudentT, MatchesSixtyDigitTails) {
  for (const auto& row : golden()["student_tails"]) {
    const double expected = row[2];
    // lgamma of large arguments cancels: its relative error 2^-52 times a value of up to nu log nu.
    const double nu = row[0];
    const double tolerance = 1e-12 * std::abs(expected) + 0x1p-50 * nu * std::log(nu + 2);
    EXPECT_NEAR(student_t_log_p(row[1], nu), expected, tolerance) << "nu " << nu << ", t " << row[1];
  }
}

TEST(StudentT, HandlesTheEnds) {
  EXPECT_EQ(student_t_log_p(0, 5), 0);
  EXPECT_EQ(student_t_log_p(INFINITY, 5), -INFINITY);
  EXPECT_TRUE(std::isnan(student_t_log_p(NAN, 5)));
  EXPECT_EQ(student_t_log_p(2, 5), student_t_log_p(-2, 5));
}

TEST(TTest, MatchesAHandComputedCase) {
  // mean 3, deviation sqrt(2.5), n 5: t = 3 / sqrt(0.5).
  const TTest test = one_sample_t_test(std::vector<double>{1, 2, 3, 4, 5});
  EXPECT_DOUBLE_EQ(test.t, 3 / std::sqrt(0.5));
  EXPECT_EQ(test.degrees_of_freedom, 4);
}

TEST(TTest, PairedIsOneSampleOfTheDifferences) {
  const std::vector<double> a = {1, 5, 2, 8};
  const std::vector<double> b = {0, 3, 4, 4};
  EXPECT_EQ(paired_t_test(a, b).t, one_sample_t_test(std::vector<double>{1, 2, -2, 4}).t);
  EXPECT_THROW(paired_t_test(a, std::vector<double>{1}), Error);
}

TEST(TTest, HandlesValuesThatDoNotVary) {
  EXPECT_EQ(one_sample_t_test(std::vector<double>{0, 0, 0}).log_p, 0);
  EXPECT_EQ(one_sample_t_test(std::vector<double>{2, 2}).t, INFINITY);
  EXPECT_TRUE(std::isnan(one_sample_t_test(std::vector<double>{2}).log_p));
}

TEST(Bonferroni, MultipliesAndStopsAtOne) {
  EXPECT_DOUBLE_EQ(bonferroni(std::log(0.001), 12), std::log(0.012));
  EXPECT_EQ(bonferroni(std::log(0.5), 12), 0);
}

TEST(Pearson, IsOneForALineAndNothingForAConstant) {
  const std::vector<double> x = {1, 2, 4, 7};
  std::vector<double> y(4);
  std::ranges::transform(x, y.begin(), [](double v) { return 5 - 2 * v; });
  EXPECT_NEAR(pearson(x, y), -1, 1e-15);
  EXPECT_TRUE(std::isnan(pearson(x, std::vector<double>(4, 0.1))));
}

TEST(Pearson, OfARectifiedSineWithTheSineIsKnown) {
  // SAE1-E05: 0.25 / (sqrt(1/2) * sqrt(1/4 - 1/pi^2)), over whole periods.
  std::vector<double> sine(10000);
  std::vector<double> rectified(10000);
  for (std::size_t i = 0; i < sine.size(); ++i) {
    sine[i] = std::sin(2 * M_PI * static_cast<double>(i) / 1000);
    rectified[i] = std::max(0.0, sine[i]);
  }
  EXPECT_NEAR(pearson(sine, rectified), 0.25 / (std::sqrt(0.5) * std::sqrt(0.25 - 1 / (M_PI * M_PI))), 1e-5);
}

TEST(OneToOneRows, FindsTheBestSumThatSciPyFinds) {
  for (const auto& c : golden()["matchings"]) {
    Matrix scores(c["scores"].size(), c["scores"][0].size());
    for (Eigen::Index i = 0; i < scores.rows(); ++i) {
      for (Eigen::Index j = 0; j < scores.cols(); ++j) scores(i, j) = c["scores"][i][j];
    }
    std::vector<std::size_t> rows = one_to_one_rows(scores);
    double sum = 0;
    for (std::size_t j = 0; j < rows.size(); ++j) sum += scores(rows[j], j);
    EXPECT_NEAR(sum, c["sum"].get<double>(), 1e-12);
    std::ranges::sort(rows);
    EXPECT_TRUE(std::ranges::adjacent_find(rows) == rows.end());
  }
  EXPECT_THROW(one_to_one_rows(Matrix::Zero(1, 2)), Error);
  EXPECT_THROW(one_to_one_rows(Matrix::Constant(3, 2, NAN)), Error);
}

TEST(Permutation, IsOneAndDependsOnSeedAndStream) {
  std::vector<std::size_t> order = permutation(100, 1, 2);
  EXPECT_EQ(order, permutation(100, 1, 2));
  EXPECT_NE(order, permutation(100, 1, 3));
  EXPECT_NE(order, permutation(100, 2, 2));
  std::ranges::sort(order);
  std::vector<std::size_t> all(100);
  std::iota(all.begin(), all.end(), std::size_t{0});
  EXPECT_EQ(order, all);
}

TEST(Permutation, TakesEveryOrderEquallyOften) {
  std::vector<int> counts(6, 0);
  constexpr int kDraws = 6000;
  for (int draw = 0; draw < kDraws; ++draw) {
    const auto p = permutation(3, 1, static_cast<std::uint64_t>(draw));
    ++counts[2 * p[0] + (p[1] > p[2] ? 1 : 0)];
  }
  // Binomial(6000, 1/6): deviation 29; five of them is one chance in 300,000 for each of six.
  for (int count : counts) EXPECT_NEAR(count, kDraws / 6, 5 * 29);
}

TEST(Permutation, CountsTheObservedValueIn) {
  EXPECT_DOUBLE_EQ(permutation_p(2, std::vector<double>{1, 2, 3, NAN}), 3.0 / 4.0);
  EXPECT_TRUE(std::isnan(permutation_p(NAN, std::vector<double>{1, 2, 3})));
}

TEST(Descriptive, MatchesHandComputedValues) {
  const std::vector<double> x = {4, 1, 3, 2};
  EXPECT_EQ(mean(x), 2.5);
  EXPECT_DOUBLE_EQ(standard_deviation(x), std::sqrt(5.0 / 3.0));
  EXPECT_EQ(median(x), 2.5);
  EXPECT_DOUBLE_EQ(quantile(x, 0.1), 1.3);
  EXPECT_DOUBLE_EQ(z_scores(x)[0], 1.5 / std::sqrt(5.0 / 3.0));
  EXPECT_EQ(z_scores(std::vector<double>{3, 3})[0], 0);
  EXPECT_EQ(defined(std::vector<double>{NAN, 1, NAN, 2}), (std::vector<double>{1, 2}));
}

TEST(Descriptive, ValuesWhoseMeanIsRoundedDoNotVary) {
  // 0.1 + 0.1 + 0.1 is not 3 * 0.1: the mean lies a unit in the last place beside the values.
  const std::vector<double> same = {0.1, 0.1, 0.1};
  EXPECT_GT(standard_deviation(same), 0);
  EXPECT_EQ(z_scores(same), (std::vector<double>{0, 0, 0}));
  EXPECT_EQ(one_sample_t_test(same, 0.1).t, 0);
  EXPECT_EQ(one_sample_t_test(same, 0.1).log_p, 0);
  EXPECT_EQ(one_sample_t_test(same, 0.2).t, -INFINITY);
  EXPECT_GT(one_sample_t_test(std::vector<double>{0.1, 0.1, 0.1 + 1e-12}, 0.1).t, 0);
}

TEST(CrossCorrelation, KeepsNotANumber) {
  Matrix a = Matrix::Random(5, 2);
  a(2, 1) = NAN;
  const Matrix r = cross_correlation(a, Matrix::Random(5, 3));
  EXPECT_TRUE(r.row(0).allFinite());
  for (Eigen::Index j = 0; j < 3; ++j) EXPECT_TRUE(std::isnan(r(1, j)));
}

TEST(ExpectedLargestCosine, MatchesQuadratureOfTheBetaDistribution) {
  for (const auto& row : golden()["largest_cosines"]) {
    // Both are trapezoid rules over 10^5 to 10^6 steps of a smooth function: 1e-6 covers their error.
    EXPECT_NEAR(expected_largest_cosine(row[0], row[1]), row[2].get<double>(), 1e-6);
  }
}

TEST(CosineSearch, FindsWhatALoopOverAllRowsFinds) {
  constexpr std::size_t kRows = 700;
  constexpr std::size_t kDim = 20;
  Tensor table = Tensor::uninitialized({kRows, kDim});
  for (std::size_t i = 0; i < table.size(); ++i) table.data()[i] = normal(3, 1, i) + 0.5f;  // a common mean row
  Tensor queries = Tensor::uninitialized({3, kDim});
  for (std::size_t i = 0; i < queries.size(); ++i) queries.data()[i] = normal(3, 2, i);
  const WeightMatrix view{table.data(), nullptr, kDim, kRows, NumberFormat::f32, WeightLayout::out_in};
  ThreadPool pool(2);
  const CosineSearch search(view, pool);
  const Vector centre = to_matrix(table.matrix()).colwise().mean().transpose();
  for (bool centred : {false, true}) {
    const auto found = search.nearest(std::as_const(queries).matrix(), 5, centred);
    Matrix rows = to_matrix(table.matrix());
    Matrix asked = to_matrix(queries.matrix());
    if (centred) {
      rows.rowwise() -= centre.transpose();
      asked.rowwise() -= centre.transpose();
    }
    for (std::size_t q = 0; q < 3; ++q) {
      Vector cosines = (rows * asked.row(q).transpose()).cwiseQuotient(rows.rowwise().norm()) / asked.row(q).norm();
      for (const CosineMatch& match : found[q]) {
        Eigen::Index best = 0;
        const double expected = cosines.maxCoeff(&best);
        EXPECT_EQ(match.row, best);
        EXPECT_NEAR(match.cosine, expected, 2 * kDim * 0x1p-23);  // float32 products of 20 terms
        cosines(best) = -2;
      }
    }
  }
}

TEST(CorrelationInterval, IsFishers) {
  // artanh 0.5 = 0.549306; 1.959964 / sqrt(28 - 3) = 0.391993; tanh of 0.157313 and 0.941299.
  const CorrelationInterval interval = correlation_interval(0.5, 28);
  EXPECT_NEAR(interval.low, 0.156028, 1e-6);
  EXPECT_NEAR(interval.high, 0.735818, 1e-6);
  EXPECT_EQ(correlation_interval(1, 5).low, 1);
  EXPECT_EQ(correlation_interval(-1, 5).high, -1);
  EXPECT_TRUE(std::isnan(correlation_interval(0.5, 3).low));
  EXPECT_TRUE(std::isnan(correlation_interval(std::nan(""), 28).high));
}

}  // namespace
}  // namespace soi
