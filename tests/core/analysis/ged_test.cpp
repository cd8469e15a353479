#include "core/analysis/ged.h"

#include <gtest/gtest.h>

#include <Eigen/Cholesky>
#include <cmath>

#include "core/analysis/pca.h"
#include "core/analysis/symmetric_eigen.h"
#include "core/tensor/error.h"
#include "tests/core/analysis/golden_matrices.h"

namespace soi {
namespace {

/// The Cholesky whitening magnifies the solver's error by the condition of r.
double ged_tolerance(const Matrix& s, const Matrix& r) {
  const Vector spectrum = symmetric_eigenvalues(r);
  const double smallest = spectrum(spectrum.size() - 1);
  const double condition = spectrum(0) / smallest;
  return eigenvalue_tolerance(s.rows(), s.norm() / smallest) * condition;
}

TEST(Ged, MatchesScipy) {
  for (const auto& golden : linear_algebra_cases("ged")) {
    if (golden["name"] == "singular") continue;
    const Matrix s = matrix_of(golden["s"]);
    const Matrix r = matrix_of(golden["r"]);
    const Vector expected = vector_of(golden["values"]);
    const Ged solved = ged(s, r);
    const double tolerance = ged_tolerance(s, r) + 100 * kEpsilon;
    EXPECT_LE(distance(solved.values, expected), tolerance) << golden["name"];
    // Orthonormal once whitened, where spans can be compared. Values that are equal have one span together.
    const Matrix half = r.llt().matrixL().transpose();
    const double equal = 4 * tolerance;
    EXPECT_LE(largest_span_distance(expected, equal, half * solved.vectors, half * matrix_of(golden["vectors"])),
              8 * tolerance / smallest_gap(expected, equal))
        << golden["name"];
  }
}

TEST(Ged, RefusesAReferenceThatIsSingular) {
  for (const auto& golden : linear_algebra_cases("ged")) {
    if (golden["name"] != "singular") continue;
    const Matrix r = matrix_of(golden["r"]);
    EXPECT_EQ(numerical_rank(symmetric_eigenvalues(r)), golden["rank"].get<std::size_t>());
    EXPECT_THROW(ged(matrix_of(golden["s"]), r), Error);
    EXPECT_NO_THROW(ged(matrix_of(golden["s"]), shrink(r, 0.01)));
  }
  EXPECT_THROW(ged(Matrix::Identity(2, 2), Matrix::Zero(2, 2)), Error);
  EXPECT_THROW(ged(Matrix::Identity(2, 2), Matrix{{1, 0}, {0, -1}}), Error);
  EXPECT_THROW(ged(Matrix::Identity(2, 2), Matrix{{NAN, 0}, {0, 1}}), Error);
}

TEST(Ged, RefusesASingularReferenceWhicheverWayRoundingFalls) {
  // Rank 5 of 6. Rounding leaves some of these a tiny positive pivot, with which Cholesky alone is content.
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    EXPECT_THROW(ged(Matrix::Identity(6, 6), covariance(random_matrix(6, 6, 60 + seed))), Error) << seed;
  }
}

TEST(Ged, SolvesTheProblemAndIsOrthonormalInTheReference) {
  const Matrix s = covariance(random_matrix(20, 8, 4));
  const Matrix r = shrink(covariance(random_matrix(6, 8, 5)), 0.1);
  const Ged solved = ged(s, r);
  const double tolerance = ged_tolerance(s, r);
  EXPECT_LE(distance(Matrix(solved.vectors.transpose() * r * solved.vectors), Matrix::Identity(8, 8)), tolerance);
  EXPECT_LE(distance(Matrix(s * solved.vectors), Matrix(r * solved.vectors * solved.values.asDiagonal())), tolerance);
}

TEST(Ged, AtFullShrinkageGivesThePrincipalComponentsOfTheSignal) {
  const Matrix x = random_matrix(20, 6, 6);
  const Matrix r = covariance(random_matrix(9, 6, 7));
  const Ged solved = ged(covariance(x), shrink(r, 1.0));
  const Pca fitted = pca(x);
  const double alpha =
      r.trace() / 6;  // what shrinkage leaves: alpha I, so that W^T r W = I makes columns 1/sqrt(alpha) long
  EXPECT_LE(distance(Vector(solved.values * alpha), fitted.variances), 1e-13);
  EXPECT_LE(distance(Matrix(solved.vectors * std::sqrt(alpha)), fitted.components), 1e-12);
}

TEST(Ged, SwapsToTheReciprocalOfItsEigenvalues) {
  const Matrix s = covariance(random_matrix(30, 5, 8));
  const Matrix r = covariance(random_matrix(30, 5, 9));
  EXPECT_LE(distance(Vector(ged(s, r).values.cwiseInverse().reverse()), ged(r, s).values), 1e-12);
}

TEST(Ged, MatchesAHandComputedCase) {
  const Ged solved = ged(Matrix{{2, 0}, {0, 12}}, Matrix{{1, 0}, {0, 4}});
  EXPECT_LE(distance(solved.values, Vector{{3, 2}}), 4 * kEpsilon);
  EXPECT_LE(distance(solved.vectors, Matrix{{0, 1}, {0.5, 0}}), 4 * kEpsilon);
}

TEST(Shrink, MovesTheSpectrumTowardsItsMean) {
  const Matrix r{{4, 0}, {0, 0}};
  EXPECT_EQ(shrink(r, 0.25), (Matrix{{3.5, 0}, {0, 0.5}}));
  EXPECT_EQ(shrink(r, 0.0), r);
  EXPECT_EQ(shrink(r, 1.0), (Matrix{{2, 0}, {0, 2}}));
}

TEST(ForwardPattern, FindsTheSourceThatAFilterLooksThrough) {
  // x = pattern * source + a distractor that the filter is blind to (Haufe et al. 2014, section 2).
  const Vector pattern{{1, 1}};
  const Vector distractor{{1, -1}};
  const Matrix s = 3 * pattern * pattern.transpose() + 50 * distractor * distractor.transpose();
  const Vector filter{{0.5, 0.5}};  // the filter's gain on the pattern is 1
  EXPECT_LE(distance(forward_pattern(s, filter), pattern), 4 * kEpsilon);
  EXPECT_EQ(forward_pattern(Matrix::Zero(2, 2), filter), Vector::Zero(2));
}

}  // namespace
}  // namespace soi
