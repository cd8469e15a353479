#include "core/analysis/covariance.h"

#include <gtest/gtest.h>

#include "tests/core/analysis/golden_matrices.h"

namespace soi {
namespace {

TEST(Covariance, MatchesNumpy) {
  for (const auto& golden : linear_algebra_cases("covariance")) {
    const Matrix x = matrix_of(golden["x"]);
    // Sums of n products, each off by a rounding of it; two sums that may add in another order.
    const double tolerance = 4 * static_cast<double>(x.rows()) * kEpsilon * x.squaredNorm();
    EXPECT_LE(distance(covariance(x), matrix_of(golden["covariance"])), tolerance) << golden["name"];
    EXPECT_LE(distance(covariance(x, Centring::none), matrix_of(golden["moments"])), tolerance) << golden["name"];
    EXPECT_LE(distance(correlation_matrix(x), matrix_of(golden["correlation"])), 1e-12) << golden["name"];
  }
}

TEST(Covariance, MatchesAHandComputedCase) {
  const Matrix x{{1, 2}, {3, 6}};  // means 2 and 4
  EXPECT_EQ(covariance(x), (Matrix{{2, 4}, {4, 8}}));
  EXPECT_EQ(covariance(x, Centring::none), (Matrix{{10, 20}, {20, 40}}));
  EXPECT_EQ(column_means(x), (Vector{{2, 4}}));
}

TEST(Covariance, OfNoRowsIsZero) {
  EXPECT_EQ(covariance(Matrix(0, 2)), Matrix::Zero(2, 2));
  EXPECT_EQ(correlation_matrix(Matrix(0, 2)), Matrix::Identity(2, 2));
}

TEST(Correlation, OfAConstantColumnIsZeroAtAnyMagnitude) {
  for (double constant : {1e-9, 0.1, 3e7}) {
    Matrix x = random_matrix(30, 2, 1);
    x.col(1).setConstant(constant);
    EXPECT_EQ(correlation_matrix(x), Matrix::Identity(2, 2)) << constant;
  }
}

}  // namespace
}  // namespace soi
