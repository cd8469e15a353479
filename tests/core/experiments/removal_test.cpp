#include "core/experiments/removal.h"

#include <gtest/gtest.h>

#include "core/experiments/block_edits.h"
#include "core/tensor/error.h"
#include "tests/core/analysis/golden_matrices.h"

namespace soi {
namespace {

/// Rows about (10, 20), spread along the first axis alone.
Matrix rows_along_first_axis() { return Matrix{{11, 20}, {9, 20}, {13, 20}, {7, 20}}; }

TEST(Removal, TakesOutTheComponentAndKeepsTheMean) {
  const FittedRows fitted = fit_rows(rows_along_first_axis(), Centring::mean, true);
  const Removal removal = make_removal(fitted, 1, 1, Restored::mean_vector);
  EXPECT_TRUE(removal.shift.isZero(0));
  const Matrix x{{12, 25}, {8, 15}};
  EXPECT_LE(distance(apply_removal(removal, x), Matrix{{10, 25}, {10, 15}}), 1e-13);
  EXPECT_NEAR(removed_share(removal, x), 8.0 / 58.0, 1e-14);  // squares of 2, 2 along it, of 5, 5 across
}

TEST(Removal, AddsTheMeanWithoutHavingTakenItOffAsTheDocumentIsWritten) {
  // Uncentred, the first direction is that of the mean, nearly: x - (x v) v + mean.
  const Matrix x{{6, 8}, {3, 4}};  // both along (0.6, 0.8)
  const Removal removal = make_removal(fit_rows(x, Centring::none, true), 1, 1, Restored::mean_vector);
  EXPECT_LE(distance(apply_removal(removal, x), Matrix{{4.5, 6}, {4.5, 6}}), 1e-14);
}

TEST(Removal, AddsEachTokensOwnMeanAsTheNotebookDoes) {
  const Matrix x{{6, 8}, {3, 4}};
  const Removal removal = make_removal(fit_rows(x, Centring::none, true), 1, 1, Restored::token_mean);
  EXPECT_LE(distance(apply_removal(removal, x), Matrix{{7, 7}, {3.5, 3.5}}), 1e-14);
}

TEST(Removal, LeavesTheFirstPositionAloneToTheLastBit) {
  const Matrix x = random_matrix(9, 30, 1);
  const FittedRows fitted = fit_rows(x, Centring::mean, false);
  const Removal removal = make_removal(fitted, 1, 2, Restored::mean_vector);
  for (const Matrix& edited : {apply_removal(removal, x), push_as_far(removal, x, 1, 1),
                               apply_removal(with_random_directions(removal, 1, 1), x)}) {
    EXPECT_EQ(edited.row(0), x.row(0));
    EXPECT_NE(edited.row(1), x.row(1));
  }
  // And is not fitted either.
  Matrix outlier = x;
  outlier.row(0) *= 1000;
  EXPECT_EQ(fit_rows(outlier, Centring::mean, false).components.components, fitted.components.components);
}

TEST(Removal, OfRandomDirectionsTakesOutAsManyAndTheSameOnesForTheSameStream) {
  const Matrix x = random_matrix(9, 30, 2);
  const Removal removal = make_removal(fit_rows(x, Centring::mean, true), 1, 3, Restored::mean_vector);
  const Matrix directions = with_random_directions(removal, 5, 7).directions;
  EXPECT_LE(distance(Matrix(directions.transpose() * directions), Matrix(Matrix::Identity(3, 3))), 1e-14);
  EXPECT_EQ(directions, with_random_directions(removal, 5, 7).directions);
  EXPECT_NE(directions, with_random_directions(removal, 5, 8).directions);
  EXPECT_NE(directions, with_random_directions(removal, 6, 7).directions);
}

TEST(Removal, IsMatchedByAPushOfTheSameLengths) {
  const Matrix x = random_matrix(9, 30, 3);
  const Removal removal = make_removal(fit_rows(x, Centring::mean, true), 1, 1, Restored::mean_vector);
  const Matrix removed = apply_removal(removal, x) - x;
  const Matrix pushed = push_as_far(removal, x, 1, 2) - x;
  EXPECT_LE(distance(Vector(pushed.rowwise().norm()), Vector(removed.rowwise().norm())), 1e-13);
  // All along one direction, with the signs of the scores.
  const Vector direction = pushed.row(0).normalized();
  const Vector along = pushed * direction;
  const Vector scores = removed * removal.directions.col(0);
  EXPECT_LE(distance(Vector(along * (scores(0) > 0 ? 1 : -1)), scores), 1e-13);
}

TEST(Removal, NamesComponentAndRankWhereThereAreTooFew) {
  const FittedRows fitted = fit_rows(random_matrix(5, 30, 4), Centring::mean, true);  // rank 4
  EXPECT_NO_THROW(make_removal(fitted, 4, 1, Restored::nothing));
  for (const auto& [component, rank] : {std::pair(5, 1), std::pair(3, 3)}) {
    try {
      make_removal(fitted, component, rank, Restored::nothing);
      ADD_FAILURE() << "no error";
    } catch (const Error& error) {
      EXPECT_EQ(error.code, ErrorCode::invalid_argument);
      EXPECT_EQ(error.details.front().second, "component, rank");
    }
  }
}

TEST(Removal, RefusesNaN) {
  Matrix x = random_matrix(5, 30, 4);
  x(2, 3) = std::nan("");
  EXPECT_THROW(fit_rows(x, Centring::mean, true), Error);
}

TEST(BlockEdits, GiveAnIdentityThatChangesNoBit) {
  const Matrix x = random_matrix(9, 30, 5);
  EXPECT_EQ(edited_activations({}, EditKind::identity, 0, x), x);
}

}  // namespace
}  // namespace soi
