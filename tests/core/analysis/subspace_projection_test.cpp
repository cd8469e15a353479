#include "core/analysis/subspace_projection.h"

#include <gtest/gtest.h>

#include "core/analysis/covariance.h"
#include "core/analysis/pca.h"
#include "tests/core/analysis/golden_matrices.h"

namespace soi {
namespace {

TEST(SubspaceProjection, MatchesAHandComputedCase) {
  const Matrix x{{3, 4}, {5, 6}};
  const Vector mu{{1, 1}};
  const Matrix first_axis{{1}, {0}};
  EXPECT_EQ(remove_subspace(x, mu, first_axis), (Matrix{{1, 4}, {1, 6}}));
  EXPECT_EQ(keep_subspace(x, mu, first_axis), (Matrix{{3, 1}, {5, 1}}));
}

TEST(SubspaceProjection, SplitsTheRowsInTwo) {
  const Matrix x = random_matrix(10, 6, 10);
  const Vector mu = column_means(x);
  const Matrix v = pca(x).components.leftCols(2);
  const Matrix removed = remove_subspace(x, mu, v);
  const Matrix kept = keep_subspace(x, mu, v);
  EXPECT_LE(distance(Matrix(removed + kept), Matrix(x.rowwise() + mu.transpose())), 20 * kEpsilon);
  EXPECT_LE(distance(remove_subspace(removed, mu, v), removed), 20 * kEpsilon);
  EXPECT_LE(distance(column_means(removed), mu), 20 * kEpsilon);  // the mean is restored
}

TEST(SubspaceProjection, OfOneComponentTakesItsVarianceFromTheCovariance) {
  const Matrix x = random_matrix(12, 7, 11);
  const Pca fitted = pca(x);
  const Vector v = fitted.components.col(0);
  const Matrix after = covariance(remove_subspace(x, fitted.mean, v));
  EXPECT_LE(distance(Matrix(covariance(x) - after), Matrix(fitted.variances(0) * v * v.transpose())), 1e-13);
}

}  // namespace
}  // namespace soi
