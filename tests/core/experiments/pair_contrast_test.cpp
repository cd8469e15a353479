#include "core/experiments/pair_contrast.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/kernels/random.h"
#include "tests/core/analysis/golden_matrices.h"

namespace soi {
namespace {

constexpr Eigen::Index kPairs = 12;

/// 2 * kPairs rows of 40 numbers; the two rows of a pair have most in common.
Tensor activations() {
  const Matrix context = random_matrix(kPairs, 40, 50);
  Matrix rows(2 * kPairs, 40);
  rows << context + 0.3 * random_matrix(kPairs, 40, 51), context + 0.3 * random_matrix(kPairs, 40, 52);
  rows.bottomRows(kPairs).col(0).array() += 3;
  return to_tensor(rows);
}

std::vector<std::size_t> own_groups(std::size_t n) {
  std::vector<std::size_t> groups(n);
  for (std::size_t i = 0; i < n; ++i) groups[i] = i;
  return groups;
}

PairFit fit(ThreadPool& pool, const ClassContrastSettings& settings = {}) {
  return fit_pairs(activations(), own_groups(kPairs), settings, 4, 1, 0, pool);
}

TEST(PairRows, KeepDistances) {
  const Tensor wide = activations();
  const Matrix rows = to_matrix(wide.matrix());
  const PairRows pairs = pair_rows(wide, own_groups(kPairs));
  EXPECT_EQ(pairs.space.rows(), 40);
  EXPECT_EQ(pairs.space.cols(), 2 * kPairs);
  Matrix narrow(2 * kPairs, pairs.space.cols());
  narrow << pairs.a, pairs.b;
  EXPECT_LE(distance(Matrix(narrow * narrow.transpose()), Matrix(rows * rows.transpose())), 1e-11);
}

TEST(PairRows, GiveTheSameDecompositionAsTheWideRows) {
  const Matrix rows = to_matrix(activations().matrix());
  const ClassContrast wide = contrast_classes(rows.topRows(kPairs), rows.bottomRows(kPairs), {});
  const PairRows pairs = pair_rows(activations(), own_groups(kPairs));
  const ClassContrast narrow = contrast_classes(pairs.a, pairs.b, {});
  ASSERT_EQ(wide.basis.cols(), narrow.basis.cols());
  EXPECT_LE(distance(wide.a_over_b.values, narrow.a_over_b.values), 1e-8 * wide.a_over_b.values(0));
  for (ContrastFilter filter : kContrastFilters) {
    EXPECT_LE(
        distance(filter_direction(wide, filter, 0.01), Vector(pairs.space * filter_direction(narrow, filter, 0.01))),
        1e-8)
        << contrast_filter_name(filter);
  }
}

TEST(LabelShuffle, WithinPairsSwapsTheRowsOfSome) {
  const PairRows pairs = pair_rows(activations(), own_groups(kPairs));
  const auto [a, b] = shuffle_labels(pairs, LabelShuffle::within_pairs, 1, 5);
  int n_swapped = 0;
  for (Eigen::Index i = 0; i < kPairs; ++i) {
    const bool swapped = a.row(i) == pairs.b.row(i);
    EXPECT_EQ(a.row(i), swapped ? pairs.b.row(i) : pairs.a.row(i));
    EXPECT_EQ(b.row(i), swapped ? pairs.a.row(i) : pairs.b.row(i));
    n_swapped += swapped ? 1 : 0;
  }
  EXPECT_GT(n_swapped, 0);
  EXPECT_LT(n_swapped, kPairs);
  EXPECT_EQ(shuffle_labels(pairs, LabelShuffle::within_pairs, 1, 5).first, a);
  EXPECT_NE(shuffle_labels(pairs, LabelShuffle::within_pairs, 1, 6).first, a);
}

TEST(LabelShuffle, WithinPairsSwapsPairsOfOneGroupTogether) {
  std::vector<std::size_t> groups(kPairs);
  for (std::size_t i = 0; i < groups.size(); ++i) groups[i] = i / 3;
  const PairRows pairs = pair_rows(activations(), groups);
  std::set<bool> seen;
  for (std::uint64_t stream = 0; stream < 20; ++stream) {
    const auto [a, b] = shuffle_labels(pairs, LabelShuffle::within_pairs, 1, stream);
    for (Eigen::Index i = 0; i < kPairs; ++i) {
      const bool swapped = a.row(i) == pairs.b.row(i);
      EXPECT_EQ(swapped, a.row(i - i % 3) == pairs.b.row(i - i % 3)) << stream << " " << i;
      seen.insert(swapped);
    }
  }
  EXPECT_EQ(seen.size(), 2u);
}

TEST(LabelShuffle, OfAllRowsKeepsEachRowOnce) {
  const PairRows pairs = pair_rows(activations(), own_groups(kPairs));
  const auto [a, b] = shuffle_labels(pairs, LabelShuffle::all_rows, 1, 5);
  std::multiset<double> before;
  std::multiset<double> after;
  for (Eigen::Index i = 0; i < kPairs; ++i) {
    before.insert({pairs.a(i, 0), pairs.b(i, 0)});
    after.insert({a(i, 0), b(i, 0)});
  }
  EXPECT_EQ(before, after);
  EXPECT_NE(a, pairs.a);
}

TEST(EqualMeans, LeaveDeviationsAndTheirCommonMean) {
  const PairRows pairs = pair_rows(activations(), own_groups(kPairs));
  const PairRows equal = with_equal_means(pairs);
  const auto mean = [](const Matrix& x) { return Vector(x.colwise().mean().transpose()); };
  EXPECT_LE(distance(mean(equal.a), mean(equal.b)), 1e-14);
  EXPECT_LE(distance(Vector(mean(equal.a)), Vector((mean(pairs.a) + mean(pairs.b)) / 2)), 1e-14);
  const ClassContrast before = contrast_classes(pairs.a, pairs.b, {});
  const ClassContrast after = contrast_classes(equal.a, equal.b, {});
  EXPECT_LE(distance(before.a_over_b.values, after.a_over_b.values), 1e-9 * before.a_over_b.values(0));
}

TEST(LabelShuffle, OfEqualMeansBracketsClassesThatDoNotDiffer) {
  // The means differ by 3, the covariances do not. Of 20 such data, the observed eigenvalue is above or below all 39
  // shuffles with probability 2/40: more than 4 of 20 has a probability of 0.003. Swapped as they are, the rows take
  // the difference of means into both covariances, and nothing observed can compare.
  int n_beyond = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Matrix context = random_matrix(kPairs, 40, 100 + 3 * seed);
    Matrix rows(2 * kPairs, 40);
    rows << context + 0.5 * random_matrix(kPairs, 40, 101 + 3 * seed),
        context + 0.5 * random_matrix(kPairs, 40, 102 + 3 * seed);
    rows.bottomRows(kPairs).col(0).array() += 3;
    const PairRows pairs = pair_rows(to_tensor(rows), own_groups(kPairs));
    const double observed = contrast_classes(pairs.a, pairs.b, {}).a_over_b.values(0);
    int n_larger = 0;
    for (std::uint64_t stream = 1; stream <= 39; ++stream) {
      const auto [a, b] = shuffle_labels(with_equal_means(pairs), LabelShuffle::within_pairs, seed, stream);
      n_larger += contrast_classes(a, b, {}).a_over_b.values(0) >= observed ? 1 : 0;
    }
    n_beyond += n_larger == 0 || n_larger == 39 ? 1 : 0;
  }
  EXPECT_LE(n_beyond, 4);
}

TEST(Folds, KeepGroupsTogetherAndAreOfOneSize) {
  const std::vector<std::size_t> groups = {0, 1, 2, 1, 3, 4, 5, 0};
  const std::vector<std::size_t> fold_of = deal_folds(groups, 3, 1, 0);
  EXPECT_EQ(fold_of[0], fold_of[7]);
  EXPECT_EQ(fold_of[1], fold_of[3]);
  std::vector<std::set<std::size_t>> groups_of(3);
  for (std::size_t i = 0; i < groups.size(); ++i) groups_of.at(fold_of[i]).insert(groups[i]);
  for (const auto& in_fold : groups_of) EXPECT_EQ(in_fold.size(), 2u);
}

TEST(PairFit, KnowsMeansOnlyInTheRowsOfItsShufflesThatNeedThem) {
  ThreadPool pool(1);
  EXPECT_NE(fit(pool).null_rows.a, fit(pool).rows.a);
  ClassContrastSettings settings;
  settings.centring = ClassCentring::grand;
  EXPECT_EQ(fit(pool, settings).null_rows.a, fit(pool, settings).rows.a);
}

TEST(PairFit, CountsPairsOfOneGroupAsOne) {
  // Every pair twice: covariances are what they were but for one factor, and so are those of any labels.
  const Matrix once = to_matrix(activations().matrix());
  Matrix rows(4 * kPairs, 40);
  rows << once.topRows(kPairs), once.topRows(kPairs), once.bottomRows(kPairs), once.bottomRows(kPairs);
  std::vector<std::size_t> groups = own_groups(kPairs);
  groups.insert(groups.end(), groups.begin(), groups.begin() + kPairs);
  ThreadPool pool(1);
  const PairFit single = fit(pool);
  const PairFit twice = fit_pairs(to_tensor(rows), groups, {}, 4, 1, 0, pool);
  for (std::uint64_t stream = 0; stream < 5; ++stream) {
    const auto eigenvalue = [&](const PairFit& fitted) {
      const auto [a, b] = shuffle_labels(fitted.null_rows, LabelShuffle::within_pairs, 1, stream);
      return contrast_classes(a, b, {}).a_over_b.values(0);
    };
    EXPECT_NEAR(eigenvalue(twice) / eigenvalue(single), 1, 1e-8) << stream;
  }
}

TEST(PairFit, LeavesAtLeastTwoGroupsInAFold) {
  ThreadPool pool(1);
  const PairFit many = fit_pairs(activations(), own_groups(kPairs), {}, 1000, 1, 0, pool);
  EXPECT_EQ(*std::ranges::max_element(many.fold_of) + 1, static_cast<std::size_t>(kPairs) / 2);
}

TEST(HeldOut, SeesADifferenceOfMeansAndNoneInShuffles) {
  ThreadPool pool(2);
  const PairFit fitted = fit(pool);
  // Column 0 differs by 3; what else differs within a pair has a deviation of 0.3 * sqrt(2) along any direction.
  EXPECT_EQ(fitted.held_out.of(ContrastFilter::mean_difference).accuracy, 1);
  double accuracy = 0;
  constexpr std::size_t kShuffles = 50;
  for (const HeldOutScores& one :
       score_shuffled(fitted, TriedOn::shuffled_labels, kShuffles, {}, 1, 1, pool, [](double) {})) {
    accuracy += one.of(ContrastFilter::mean_difference).accuracy / kShuffles;
  }
  // A shuffle's accuracy of 12 pairs deviates by sqrt(0.25 / 12) = 0.14 or, pairs being few and filters shared, twice
  // that.
  EXPECT_NEAR(accuracy, 0.5, 4 * 2 * 0.14 / std::sqrt(kShuffles));
}

TEST(HeldOut, TriesDirectionsOfShuffledLabelsOnTheTrueOnes) {
  ThreadPool pool(1);
  const PairFit fitted = fit(pool);
  const auto tried = score_shuffled(fitted, TriedOn::true_labels, 1, {}, 1, 7, pool, [](double) {}).front();
  const auto shuffled = shuffle_labels(fitted.null_rows, LabelShuffle::within_pairs, 1, 7);
  Matrix scores_a = Matrix::Zero(kPairs, kContrastFilters.size());
  Matrix scores_b = scores_a;
  for (std::size_t fold = 0; fold < 4; ++fold)
    score_fold(shuffled, {fitted.rows.a, fitted.rows.b}, fitted.fold_of, fold, {}, scores_a, scores_b);
  EXPECT_EQ(tried.a, scores_a);
  EXPECT_EQ(tried.b, scores_b);
  EXPECT_NE(tried.a, fitted.held_out.a);
}

TEST(HeldOut, DoesNotDependOnTheThreads) {
  std::vector<Matrix> scores;
  for (int n_threads : {1, 2, 4}) {
    ThreadPool pool(n_threads);
    const auto shuffled = score_shuffled(fit(pool), TriedOn::shuffled_labels, 3, {}, 1, 1, pool, [](double) {});
    scores.push_back(shuffled[2].a);
  }
  EXPECT_EQ(scores[0], scores[1]);
  EXPECT_EQ(scores[0], scores[2]);
}

}  // namespace
}  // namespace soi
