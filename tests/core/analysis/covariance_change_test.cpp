#include "core/analysis/covariance_change.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/analysis/covariance.h"
#include "core/analysis/pca.h"
#include "core/analysis/subspace_projection.h"
#include "tests/core/analysis/golden_matrices.h"

namespace soi {
namespace {

/// By the p x p matrices themselves.
double change_in_full(const Matrix& before, const Matrix& after) {
  const Matrix a = covariance(before);
  const Matrix difference = covariance(after) - a;
  return std::sqrt(difference.array().square().sum() / a.array().square().sum());
}

TEST(CovarianceChange, IsThatOfTheFullMatricesWhicheverSideIsLonger) {
  for (const auto& [n, p] : {std::pair(6, 15), std::pair(15, 6), std::pair(7, 7)}) {
    const Matrix before = random_matrix(n, p, 1);
    const Matrix after = before + random_matrix(n, p, 2);
    // Sums of n p products of numbers of size 1 to 3.
    EXPECT_NEAR(covariance_change(before, after) / change_in_full(before, after), 1, 1e-13) << n << " x " << p;
  }
}

TEST(CovarianceChange, DoesNotCancelWhereLittleChanges) {
  const Matrix before = random_matrix(6, 40, 3);
  const Matrix step = random_matrix(6, 40, 4);
  // First order in the step: a step 1000 times as small changes 1000 times less, but for 1e-9 of it.
  const double large = covariance_change(before, before + 1e-9 * step);
  EXPECT_NEAR(covariance_change(before, before + 1e-12 * step) / large, 1e-3, 1e-6);
  EXPECT_EQ(covariance_change(before, before), 0);
}

TEST(CovarianceChange, OfARemovalIsWhatAlgebraSays) {
  const Matrix x = random_matrix(8, 20, 5);
  const Pca fitted = pca(x);
  for (const Matrix& directions : {Matrix(fitted.components.leftCols(1)), Matrix(fitted.components.middleCols(1, 3)),
                                   Matrix(pca(random_matrix(8, 20, 6)).components.leftCols(2))}) {
    const Matrix after = remove_subspace(x, fitted.mean, directions);
    const double predicted = predicted_covariance_change(x, directions);
    EXPECT_NEAR(covariance_change(x, after) / predicted, 1, 1e-13);
    EXPECT_NEAR(covariance_change(x, after.array() + 5.0) / predicted, 1, 1e-13);  // a constant changes nothing
  }
  const Vector& variances = fitted.variances;
  EXPECT_NEAR(predicted_covariance_change(x, fitted.components.col(2)), variances(2) / variances.norm(), 1e-13);
}

TEST(CovarianceChange, IsUndefinedWhereNothingVaries) {
  const Matrix same = Matrix::Constant(4, 9, 2.0);
  EXPECT_TRUE(std::isnan(covariance_change(same, same)));
}

}  // namespace
}  // namespace soi
