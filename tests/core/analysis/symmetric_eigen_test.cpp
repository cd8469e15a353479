#include "core/analysis/symmetric_eigen.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/tensor/error.h"
#include "tests/core/analysis/golden_matrices.h"

namespace soi {
namespace {

TEST(SymmetricEigen, MatchesNumpy) {
  for (const auto& golden : linear_algebra_cases("eigen")) {
    const Matrix a = matrix_of(golden["a"]);
    const Vector expected = vector_of(golden["values"]);
    const SymmetricEigen eigen = symmetric_eigen(a);
    const double tolerance = eigenvalue_tolerance(a.rows(), a.norm());
    EXPECT_LE(distance(eigen.values, expected), tolerance) << golden["name"];
    EXPECT_LE(distance(symmetric_eigenvalues(a), expected), tolerance) << golden["name"];
    const double equal = 100 * tolerance;
    EXPECT_LE(largest_span_distance(expected, equal, eigen.vectors, matrix_of(golden["vectors"])),
              4 * tolerance / smallest_gap(expected, equal) + 100 * kEpsilon)
        << golden["name"];
  }
}

TEST(SymmetricEigen, ReadsTheLowerTriangleAndRebuildsTheMatrix) {
  const Matrix x = random_matrix(9, 9, 2);
  const Matrix a = x + x.transpose();
  Matrix lower = a;
  lower.triangularView<Eigen::StrictlyUpper>().setConstant(1e6);
  const SymmetricEigen eigen = symmetric_eigen(lower);
  EXPECT_LE(distance(Matrix(eigen.vectors * eigen.values.asDiagonal() * eigen.vectors.transpose()), a),
            eigenvalue_tolerance(9, a.norm()));
  EXPECT_LE(distance(Matrix(eigen.vectors.transpose() * eigen.vectors), Matrix::Identity(9, 9)), 9 * 10 * kEpsilon);
}

TEST(SymmetricEigen, RefusesNan) {
  Matrix a = Matrix::Identity(2, 2);
  a(1, 0) = NAN;
  EXPECT_THROW(symmetric_eigen(a), Error);
  EXPECT_THROW(symmetric_eigenvalues(a), Error);
}

TEST(SymmetricEigen, OfNothingIsNothing) { EXPECT_EQ(symmetric_eigen(Matrix(0, 0)).values.size(), 0); }

TEST(NumericalRank, CountsPositiveEigenvaluesAsNumpyDoes) {
  for (const auto& golden : linear_algebra_cases("eigen")) {
    EXPECT_EQ(numerical_rank(vector_of(golden["values"])), golden["positive"].get<std::size_t>()) << golden["name"];
  }
}

TEST(NumericalRank, SetsItsToleranceByTheSize) {
  const Vector values{{1, 1e-15, 0}};
  EXPECT_EQ(numerical_rank(values), 2u);  // 3 * 2^-52 = 6.7e-16
  EXPECT_EQ(numerical_rank(values, 10), 1u);
}

TEST(FixSigns, MakesTheFirstOfTheLargestEntriesPositive) {
  Matrix vectors{{1, -2, 3}, {-4, 2, -3}};
  fix_signs(vectors);
  EXPECT_EQ(vectors, (Matrix{{-1, 2, 3}, {4, -2, -3}}));
}

}  // namespace
}  // namespace soi
