#include "core/experiments/dimension_changes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace soi {
namespace {

using Indices = std::vector<std::size_t>;

TEST(DimensionChanges, FindsNeighboursInsideTheWidth) {
  EXPECT_EQ(index_neighbours(10, 5, 2), (Indices{3, 4, 6, 7}));
  EXPECT_EQ(index_neighbours(10, 0, 2), (Indices{1, 2}));
  EXPECT_EQ(index_neighbours(10, 9, 3), (Indices{6, 7, 8}));
}

TEST(DimensionChanges, DrawsOthersOnceEachWithoutTargetOrNeighbours) {
  const Indices others = other_dimensions(8, 3, {2, 4}, 100, 1, 0);
  EXPECT_EQ(std::set<std::size_t>(others.begin(), others.end()), (std::set<std::size_t>{0, 1, 5, 6, 7}));
  EXPECT_EQ(others.size(), 5u);
  EXPECT_EQ(other_dimensions(8, 3, {2, 4}, 2, 1, 0), (Indices{others[0], others[1]}));
  EXPECT_TRUE(other_dimensions(3, 1, {0, 2}, 2, 1, 0).empty());
}

TEST(DimensionChanges, CountsInStandardDeviationsOfNaturalText) {
  // Columns: mean 0 and deviation 1; mean 2 and deviation 2; the target; one that does not vary; and another target's
  // worth of change downwards.
  const std::vector<float> natural = {-1, 0, -1, 5, 0, 0, 2, 0, 5, 1, 1, 4, 1, 5, 2};
  const ColumnSpread spread = column_spread(Tensor::from_values({3, 5}, natural));
  EXPECT_DOUBLE_EQ(spread.z(0, 3), 3);
  EXPECT_DOUBLE_EQ(spread.z(1, 4), 1);
  EXPECT_DOUBLE_EQ(spread.z(3, 100), 0);
  const Tensor starts = Tensor::from_values({2, 5}, std::vector<float>{0, 0, 0, 5, 1, 0, 0, 0, 5, 1});
  const Tensor ends = Tensor::from_values({2, 5}, std::vector<float>{1, -8, 4, 6, -9, 2, -8, 6, 6, -9});
  const DimensionChanges changes = dimension_changes(starts, ends, spread, 2, {1, 3}, 10, 1, 0);
  EXPECT_EQ(changes.change, (std::vector<double>{1.5, -4, 5, 0, -10}));
  EXPECT_DOUBLE_EQ(changes.neighbours_change, -2);
  EXPECT_DOUBLE_EQ(changes.target_rank, 2);
  EXPECT_DOUBLE_EQ(changes.fallen_share, 0.5);
  EXPECT_DOUBLE_EQ(changes.moved_share, 0.5);
  // Random sets are of two of the four that are not the target, neighbours among them.
  const std::set<double> means = {-1.25, 0.75, -4.25, -2, -7, -5};
  const std::set<double> drawn(changes.random_sets.begin(), changes.random_sets.end());
  EXPECT_TRUE(std::ranges::includes(means, drawn));
  EXPECT_GT(drawn.size(), 1u);
}

}  // namespace
}  // namespace soi
