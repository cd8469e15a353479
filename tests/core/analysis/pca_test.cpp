#include "core/analysis/pca.h"

#include <gtest/gtest.h>

#include "core/analysis/symmetric_eigen.h"
#include "tests/core/analysis/golden_matrices.h"

namespace soi {
namespace {

/// Of a covariance of rows x by their Gram matrix or itself: the products' rounding, and the solver's.
double variance_tolerance(const Matrix& x) {
  const double size = static_cast<double>(std::max(x.rows(), x.cols()));
  return 20 * size * kEpsilon * x.squaredNorm() / static_cast<double>(std::max<Eigen::Index>(x.rows() - 1, 1));
}

TEST(Pca, MatchesScikitLearn) {
  for (const auto& golden : linear_algebra_cases("pca")) {
    const Matrix x = matrix_of(golden["x"]);
    const Vector expected = vector_of(golden["variances"]);
    const Pca fitted = pca(x);
    const double tolerance = variance_tolerance(x);
    EXPECT_LE(distance(fitted.variances, expected), tolerance) << golden["name"];
    EXPECT_LE(distance(fitted.shares(), vector_of(golden["shares"])), 2 * tolerance / expected.sum()) << golden["name"];
    EXPECT_LE(distance(fitted.mean, vector_of(golden["mean"])), 1e-14) << golden["name"];
    // The smallest component's gap is the one to zero.
    const double gap = std::min(smallest_gap(expected, 0), expected.minCoeff());
    EXPECT_LE(largest_span_distance(expected, 0, fitted.components, matrix_of(golden["components"])),
              4 * tolerance / gap)
        << golden["name"];
  }
}

TEST(Pca, OfPooledGroupsMatchesTheAverageOfTheirCovariances) {
  const auto golden = linear_algebra_cases("pooled_pca");
  const std::vector<Matrix> groups = {matrix_of(golden["groups"][0]), matrix_of(golden["groups"][1])};
  const Vector expected = vector_of(golden["variances"]);
  const Pca fitted = pooled_pca(groups);
  const double tolerance = variance_tolerance(groups[0]) + variance_tolerance(groups[1]);
  EXPECT_LE(distance(fitted.variances, expected), tolerance);
  EXPECT_LE(largest_span_distance(expected, 0, fitted.components, matrix_of(golden["components"])),
            4 * tolerance / std::min(smallest_gap(expected, 0), expected.minCoeff()));
}

TEST(Pca, GivesTheSameByTheGramMatrixAsByTheCovariance) {
  const Matrix x = random_matrix(9, 25, 3);  // wide: the Gram route
  const Pca by_gram = pca(x);
  const SymmetricEigen by_covariance = symmetric_eigen(covariance(x));
  ASSERT_EQ(by_gram.variances.size(), 8);
  const double tolerance = variance_tolerance(x);
  EXPECT_LE(distance(by_gram.variances, by_covariance.values.head(8)), tolerance);
  EXPECT_LE(distance(by_gram.components, Matrix(by_covariance.vectors.leftCols(8))),
            4 * tolerance / std::min(smallest_gap(by_gram.variances, 0), by_gram.variances.minCoeff()));
}

TEST(Pca, OfRowsThatAreAllTheSameHasNoComponents) {
  for (Eigen::Index n : {1, 3, 50}) {
    EXPECT_EQ(pca(Matrix::Constant(n, 4, 0.1)).variances.size(), 0) << n;
    EXPECT_EQ(pca(Matrix::Constant(n, 60, 0.1)).variances.size(), 0) << n;
  }
  EXPECT_EQ(pca(Matrix(0, 4)).variances.size(), 0);
  EXPECT_EQ(pca(Matrix(0, 4)).count_for(0.99), 0u);
}

TEST(Pca, SplitsEqualVariancesIntoAnOrthonormalBasisOfTheirSpan) {
  // Deviations along two axes of the same length: which basis of the plane is chosen does not matter.
  const Matrix x{{1, 0, 5}, {-1, 0, 5}, {0, 1, 5}, {0, -1, 5}};
  const Pca fitted = pca(x);
  ASSERT_EQ(fitted.variances.size(), 2);
  EXPECT_DOUBLE_EQ(fitted.variances(0), 2.0 / 3);
  EXPECT_DOUBLE_EQ(fitted.variances(1), 2.0 / 3);
  EXPECT_LE(span_distance(fitted.components, Matrix::Identity(3, 2)), 10 * kEpsilon);
}

TEST(Pca, AboutZeroKeepsTheMeanAsADirection) {
  const Matrix x = Matrix::Constant(3, 4, 2.0);
  const Pca fitted = pca(x, Centring::none);
  ASSERT_EQ(fitted.variances.size(), 1);
  EXPECT_LE(distance(Vector(fitted.components.col(0)), Vector::Constant(4, 0.5)), 10 * kEpsilon);
  EXPECT_EQ(fitted.mean, Vector::Zero(4));
}

TEST(Pca, CountsComponentsForAShare) {
  Pca fitted;
  fitted.variances = Vector{{5, 3, 2}};
  EXPECT_EQ(fitted.count_for(0.5), 1u);
  EXPECT_EQ(fitted.count_for(0.51), 2u);
  EXPECT_EQ(fitted.count_for(1.0), 3u);
}

}  // namespace
}  // namespace soi
