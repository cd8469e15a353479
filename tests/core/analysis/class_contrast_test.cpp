#include "core/analysis/class_contrast.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/analysis/correlation.h"
#include "core/analysis/covariance.h"
#include "core/analysis/symmetric_eigen.h"
#include "core/tensor/error.h"
#include "tests/core/analysis/golden_matrices.h"

namespace soi {
namespace {

/// Two classes of one distribution.
struct SameClasses {
  explicit SameClasses(Eigen::Index n, Eigen::Index p, std::uint64_t seed)
      : a(random_matrix(n, p, seed)), b(random_matrix(n, p, seed + 1)) {}
  Matrix a, b;
};

std::vector<std::size_t> folds(std::size_t n, std::size_t n_folds) {
  std::vector<std::size_t> fold_of(n);
  for (std::size_t i = 0; i < n; ++i) fold_of[i] = i % n_folds;
  return fold_of;
}

TEST(ClassContrast, MatchesTheNotebooksStepsInScipy) {
  const auto golden = linear_algebra_cases("class_contrast");
  ClassContrastSettings settings;
  settings.one_fewer = true;
  const ClassContrast contrast = contrast_classes(matrix_of(golden["a"]), matrix_of(golden["b"]), settings);
  ASSERT_EQ(contrast.basis.cols(), golden["count"].get<Eigen::Index>());
  EXPECT_EQ(numerical_rank(symmetric_eigenvalues(contrast.covariance_a)), golden["ranks"][0].get<std::size_t>());
  EXPECT_EQ(numerical_rank(symmetric_eigenvalues(contrast.covariance_b)), golden["ranks"][1].get<std::size_t>());
  // The components agree to 1e-12 (their variances are two decades apart, so their gaps are large beside rounding), and
  // the condition of the shrunk reference, some 10^3, magnifies that.
  constexpr double kTolerance = 1e-8;
  for (ContrastFilter filter : {ContrastFilter::a_over_b, ContrastFilter::b_over_a}) {
    const auto& expected = golden[std::string(contrast_filter_name(filter))];
    const Ged& solved = filter == ContrastFilter::a_over_b ? contrast.a_over_b : contrast.b_over_a;
    EXPECT_LE(distance(solved.values, vector_of(expected["values"])), kTolerance * solved.values(0));
    const Vector direction = filter_direction(contrast, filter, settings.gamma);
    EXPECT_NEAR(std::abs(direction.dot(vector_of(expected["direction"]))), 1, kTolerance);
    const Vector w = solved.vectors.col(0);
    const Matrix& signal = filter == ContrastFilter::a_over_b ? contrast.covariance_a : contrast.covariance_b;
    const Matrix& reference = filter == ContrastFilter::a_over_b ? contrast.covariance_b : contrast.covariance_a;
    const double ratio = expected["ratio"];
    EXPECT_NEAR(w.dot(signal * w) / w.dot(reference * w) / ratio, 1, 1e-6);
  }
  const Vector pattern_a = filter_pattern(contrast, ContrastFilter::a_over_b, true);
  const Vector pattern_b = filter_pattern(contrast, ContrastFilter::b_over_a, true);
  const auto n = static_cast<std::size_t>(pattern_a.size());
  EXPECT_NEAR(std::abs(pearson({pattern_a.data(), n}, {pattern_b.data(), n})),
              golden["pattern_correlation"].get<double>(), kTolerance);
}

TEST(ClassContrast, FindsTheAxisAlongWhichOneClassVariesMore) {
  SameClasses classes(200, 3, 20);
  classes.a.col(1) *= 5;
  classes.b.col(2) *= 5;
  const ClassContrast contrast = contrast_classes(classes.a, classes.b, {});
  EXPECT_GT(std::abs(filter_direction(contrast, ContrastFilter::a_over_b, 0.01)(1)), 0.98);
  EXPECT_GT(std::abs(filter_direction(contrast, ContrastFilter::b_over_a, 0.01)(2)), 0.98);
}

TEST(ClassContrast, OfTheSameDistributionSeparatesItsOwnRowsAlone) {
  // 30 rows in 40 dimensions: there is always a direction along which one class does not vary.
  const SameClasses classes(30, 40, 22);
  const ClassContrast contrast = contrast_classes(classes.a, classes.b, {});
  const Vector w = filter_direction(contrast, ContrastFilter::a_over_b, 0.01);
  EXPECT_GT(covariance(classes.a * w)(0, 0) / covariance(classes.b * w)(0, 0), 100);
  const Matrix fresh_a = random_matrix(2000, 40, 24) * w;
  const Matrix fresh_b = random_matrix(2000, 40, 25) * w;
  // A variance ratio of 2000 rows each has a standard error of sqrt(2 * 2 / 2000) = 0.045.
  EXPECT_NEAR(covariance(fresh_a)(0, 0) / covariance(fresh_b)(0, 0), 1, 5 * 0.045);
}

TEST(ClassContrast, CentredPerClassKnowsNothingOfTheMeans) {
  SameClasses classes(20, 6, 26);
  const ClassContrast before = contrast_classes(classes.a, classes.b, {});
  classes.a.rowwise() += Vector::LinSpaced(6, 1, 9).transpose();
  const ClassContrast after = contrast_classes(classes.a, classes.b, {});
  EXPECT_LE(distance(before.a_over_b.values, after.a_over_b.values), 1e-11);
  for (ClassCentring centring : {ClassCentring::grand, ClassCentring::none}) {
    ClassContrastSettings settings;
    settings.centring = centring;
    const ClassContrast moved = contrast_classes(classes.a, classes.b, settings);
    EXPECT_GT(moved.pooled_variances(0), 5 * before.pooled_variances(0));
  }
}

TEST(ClassContrast, CountsComponents) {
  const SameClasses classes(20, 6, 28);
  ClassContrastSettings settings;
  settings.variance_share = 0.9;
  const ClassContrast enough = contrast_classes(classes.a, classes.b, settings);
  const double kept = enough.pooled_variances.head(enough.basis.cols()).sum() / enough.pooled_variances.sum();
  EXPECT_GE(kept, 0.9);
  settings.one_fewer = true;
  const ClassContrast fewer = contrast_classes(classes.a, classes.b, settings);
  EXPECT_EQ(fewer.basis.cols(), enough.basis.cols() - 1);
  settings.variance_share = 0.01;  // one component would do; none cannot be decomposed
  EXPECT_EQ(contrast_classes(classes.a, classes.b, settings).basis.cols(), 1);
}

TEST(ClassContrast, ShrinksTheSignalOnlyWhenTold) {
  const SameClasses classes(20, 6, 30);
  ClassContrastSettings settings;
  settings.gamma = 0.2;
  const ClassContrast raw = contrast_classes(classes.a, classes.b, settings);
  EXPECT_EQ(raw.signal_a, raw.covariance_a);
  EXPECT_EQ(raw.reference_a, shrink(raw.covariance_a, 0.2));
  settings.shrink_both = true;
  const ClassContrast both = contrast_classes(classes.a, classes.b, settings);
  EXPECT_EQ(both.signal_a, shrink(both.covariance_a, 0.2));
  EXPECT_EQ(both.signal_b, shrink(both.covariance_b, 0.2));
}

TEST(ClassContrast, RefusesWhatCannotBeDecomposed) {
  const Matrix constant = Matrix::Constant(9, 4, 0.1);
  EXPECT_THROW(contrast_classes(constant, constant, {}), Error);
  const SameClasses classes(5, 12, 32);
  ClassContrastSettings settings;
  settings.gamma = 0;
  EXPECT_THROW(contrast_classes(classes.a, classes.b, settings), Error);
  Matrix holed = classes.a;
  holed(1, 1) = NAN;
  EXPECT_THROW(contrast_classes(holed, classes.b, {}), Error);
}

TEST(FilterDirection, PointsFromBToAAndHasLengthOne) {
  SameClasses classes(30, 5, 34);
  classes.a.col(3).array() -= 2;
  const ClassContrast contrast = contrast_classes(classes.a, classes.b, {});
  for (ContrastFilter filter : kContrastFilters) {
    const Vector direction = filter_direction(contrast, filter, 0.01);
    EXPECT_NEAR(direction.norm(), 1, 1e-14) << contrast_filter_name(filter);
    EXPECT_GE((classes.a * direction).mean(), (classes.b * direction).mean()) << contrast_filter_name(filter);
  }
}

TEST(FilterDirection, OfLdaIsTheMeanDifferenceWhereNoiseIsRound) {
  SameClasses classes(4000, 3, 36);
  classes.a.col(0).array() += 1;
  ClassContrastSettings settings;
  settings.variance_share = 1;
  const ClassContrast contrast = contrast_classes(classes.a, classes.b, settings);
  const Vector lda = filter_direction(contrast, ContrastFilter::lda, 0.01);
  EXPECT_GT(lda.dot(filter_direction(contrast, ContrastFilter::mean_difference, 0.01)), 0.995);
  // And not where it is not: an axis of much noise counts less, though the means differ along it.
  classes.a.col(1) = 10 * classes.a.col(1).array() + 1;
  classes.b.col(1) *= 10;
  const ClassContrast noisy = contrast_classes(classes.a, classes.b, settings);
  EXPECT_LT(std::abs(filter_direction(noisy, ContrastFilter::lda, 0.0)(1)), 0.1);
}

TEST(Separate, MatchesAHandComputedCase) {
  // One fold: means 2 and 0, variances (1 + 1) / 1 = 2 and 8, so d' = 2 / sqrt(5).
  const Separation apart = separate(Vector{{1, 3}}, Vector{{-2, 2}}, {0, 0});
  EXPECT_DOUBLE_EQ(apart.variance_ratio, 0.25);
  EXPECT_DOUBLE_EQ(apart.d_prime, 2 / std::sqrt(5.0));
  EXPECT_EQ(apart.accuracy, 1);
  EXPECT_EQ(separate(Vector{{1, 2, 5}}, Vector{{1, 3, 4}}, {0, 0, 0}).accuracy, 0.5);  // a tie is half
}

TEST(Separate, TakesVariancesWithinFolds) {
  // The folds lie far apart; within each, a varies by 1 and b by 2.
  const Separation apart = separate(Vector{{0, 1, 100, 101}}, Vector{{0, 2, 100, 102}}, {0, 0, 1, 1});
  EXPECT_DOUBLE_EQ(apart.variance_ratio, 0.25);
}

TEST(ScoreFold, FitsOutsideAndScoresInside) {
  SameClasses classes(12, 5, 38);
  const std::vector<std::size_t> fold_of = folds(12, 3);
  Matrix scores_a = Matrix::Constant(12, kContrastFilters.size(), -7);
  Matrix scores_b = scores_a;
  score_fold({classes.a, classes.b}, {classes.a, classes.b}, fold_of, 1, {}, scores_a, scores_b);
  const std::vector<Eigen::Index> outside = {0, 2, 3, 5, 6, 8, 9, 11};
  const ClassContrast fitted = contrast_classes(classes.a(outside, Eigen::all), classes.b(outside, Eigen::all), {});
  const Vector direction = filter_direction(fitted, ContrastFilter::b_over_a, 0.01);
  for (Eigen::Index i = 0; i < 12; ++i) {
    const bool inside = i % 3 == 1;
    EXPECT_EQ(scores_a(i, 1), inside ? classes.a.row(i).dot(direction) : -7) << i;
    EXPECT_EQ(scores_b(i, 1), inside ? classes.b.row(i).dot(direction) : -7) << i;
  }
  // What is left out does not move the filter.
  classes.a.row(1).setConstant(1e6);
  Matrix again_a = scores_a;
  Matrix again_b = scores_b;
  score_fold({classes.a, classes.b}, {classes.a, classes.b}, fold_of, 1, {}, again_a, again_b);
  EXPECT_EQ(again_b, scores_b);
}

TEST(ScoreFold, TakesSignsFromTheLabelsThatAreTried) {
  const SameClasses classes(12, 5, 38);
  const std::vector<std::size_t> fold_of = folds(12, 3);
  const Matrix blank = Matrix::Zero(12, kContrastFilters.size());
  Matrix a = blank, b = blank, exchanged_a = blank, exchanged_b = blank;
  score_fold({classes.a, classes.b}, {classes.a, classes.b}, fold_of, 1, {}, a, b);
  score_fold({classes.b, classes.a}, {classes.a, classes.b}, fold_of, 1, {}, exchanged_a, exchanged_b);
  // Fitted on exchanged labels, each of the two decompositions is the other one, with the same sign.
  EXPECT_LE(distance(Vector(exchanged_a.col(0)), Vector(a.col(1))), 1e-8);
  EXPECT_LE(distance(Vector(exchanged_b.col(1)), Vector(b.col(0))), 1e-8);
}

}  // namespace
}  // namespace soi
