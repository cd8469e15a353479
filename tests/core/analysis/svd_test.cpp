#include "core/analysis/svd.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/tensor/error.h"
#include "tests/core/analysis/golden_matrices.h"

namespace soi {
namespace {

TEST(Svd, MatchesNumpy) {
  for (const auto& golden : linear_algebra_cases("svd")) {
    const Matrix a = matrix_of(golden["a"]);
    const Vector expected = vector_of(golden["values"]);
    const Svd svd = thin_svd(a);
    const double tolerance = eigenvalue_tolerance(std::max(a.rows(), a.cols()), a.norm());
    EXPECT_LE(distance(svd.values, expected), tolerance) << golden["name"];
    EXPECT_LE(distance(Matrix(svd.u * svd.values.asDiagonal() * svd.v.transpose()), a), tolerance) << golden["name"];
    // Left and right of a value of zero any basis will do, and it stands last.
    const auto rank = static_cast<Eigen::Index>((expected.array() > tolerance).count());
    const double allowed = 4 * tolerance / smallest_gap(expected, tolerance);
    const Vector values = expected.head(rank);
    EXPECT_LE(largest_span_distance(values, 0, svd.u.leftCols(rank), matrix_of(golden["u"]).leftCols(rank)), allowed);
    EXPECT_LE(largest_span_distance(values, 0, svd.v.leftCols(rank), matrix_of(golden["v"]).leftCols(rank)), allowed);
  }
}

TEST(Svd, HasOrthonormalSidesWhereTheRankIsLow) {
  for (const auto& golden : linear_algebra_cases("svd")) {
    const Svd svd = thin_svd(matrix_of(golden["a"]));
    const Matrix identity = Matrix::Identity(svd.values.size(), svd.values.size());
    EXPECT_LE(distance(Matrix(svd.u.transpose() * svd.u), identity), 1e-13) << golden["name"];
    EXPECT_LE(distance(Matrix(svd.v.transpose() * svd.v), identity), 1e-13) << golden["name"];
  }
}

TEST(Svd, FixesSignsByTheRightSide) {
  const Svd svd = thin_svd(Matrix{{0, -3}, {2, 0}});
  EXPECT_LE(distance(svd.v, Matrix{{0, 1}, {1, 0}}), kEpsilon);
  EXPECT_LE(distance(svd.u, Matrix{{-1, 0}, {0, 1}}), kEpsilon);
}

TEST(Svd, RefusesNanAndTakesNothing) {
  EXPECT_THROW(thin_svd(Matrix{{1, NAN}}), Error);
  EXPECT_EQ(thin_svd(Matrix(0, 3)).values.size(), 0);
}

}  // namespace
}  // namespace soi
