#include "core/experiments/contrast_sentence.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/core/experiments/narrow_model.h"

namespace soi {
namespace {

/// Four tokens with one number each; the slot is the third.
SentenceRows rows_of(const Vector& a, const Vector& b) { return {a, b, 2, 2, 1, 1, false}; }

const Vector kOne{{1}};

TEST(SentenceSplit, MatchesAHandComputedCase) {
  const SentenceRows rows = rows_of(Vector{{0, 2, 5, 1}}, Vector{{0, 2, -3, 3}});
  const SentenceSplit split = split_of(rows, score_sentence(rows, kOne, 0));
  // Elsewhere 0, 2, 1 and 0, 2, 3: mean 4/3, squares 18 - 6 * 16/9 = 22/3, so a deviation of sqrt(22/15).
  EXPECT_DOUBLE_EQ(split.in_spreads, 8 / std::sqrt(22.0 / 15));
  EXPECT_EQ(split.before, 0);
  EXPECT_DOUBLE_EQ(split.elsewhere, 2.0 / 8);
  EXPECT_DOUBLE_EQ(split.level, 3.0 / 5);
  EXPECT_TRUE(split.flips);
}

TEST(SentenceSplit, DoesNotFlipWhereAnotherTokenIsHigher) {
  for (const Vector& a : {Vector{{9, 2, 5, 1}}, Vector{{0, 2, 5, 5}}}) {
    const SentenceRows rows = rows_of(a, Vector{{0, 2, -3, 3}});
    EXPECT_FALSE(split_of(rows, score_sentence(rows, kOne, 0)).flips);
  }
  const SentenceRows rows = rows_of(Vector{{0, 2, 5, 1}}, Vector{{-4, 2, -3, 3}});
  EXPECT_FALSE(split_of(rows, score_sentence(rows, kOne, 0)).flips);
}

TEST(SentenceSplit, MayLeaveOutTheFirstToken) {
  SentenceRows rows = rows_of(Vector{{9, 2, 5, 1}}, Vector{{9, 2, -3, 3}});
  EXPECT_FALSE(split_of(rows, score_sentence(rows, kOne, 0)).flips);
  rows.skip_first = true;
  EXPECT_TRUE(split_of(rows, score_sentence(rows, kOne, 0)).flips);
}

TEST(SentenceSplit, LinesUpWhatFollowsWordsOfUnlikeLength) {
  SentenceRows rows = rows_of(Vector{{0, 2, 5, 1}}, Vector{{0, 2, 7, -3, 2}});
  rows.slot_b = 3;  // the second word has two tokens
  rows.size_b = 2;
  const SentenceSplit split = split_of(rows, score_sentence(rows, kOne, 0));
  EXPECT_EQ(split.before, 0);
  EXPECT_DOUBLE_EQ(split.elsewhere, 1.0 / 8);
}

TEST(SentenceSplit, CountsNoTokenOfAWordAsBeforeIt) {
  SentenceRows rows = rows_of(Vector{{0, 8, 5, 1}}, Vector{{0, -9, -3, 3}});
  rows.size_a = rows.size_b = 2;
  const SentenceSplit split = split_of(rows, score_sentence(rows, kOne, 0));
  EXPECT_EQ(split.before, 0);
  EXPECT_DOUBLE_EQ(split.elsewhere, 2.0 / 8);
  EXPECT_DOUBLE_EQ(split.level, 3.0 / 5);
  // Elsewhere 0, 1 and 0, 3: mean 1, squares 10 - 4.
  EXPECT_DOUBLE_EQ(split.in_spreads, 8 / std::sqrt(6.0 / 3));
  EXPECT_TRUE(split.flips);
}

TEST(SentenceScores, AreAboutTheOffset) {
  const SentenceRows rows = {Matrix{{1, 2}, {3, 4}}, Matrix{{1, 2}, {5, 6}}, 1, 1, 1, 1, false};
  const SentenceScores scores = score_sentence(rows, Vector{{0, 2}}, 3);
  EXPECT_EQ(scores.a, (Vector{{1, 5}}));
  EXPECT_EQ(scores.b, (Vector{{1, 9}}));
}

TEST(SentenceRows, AgreeUpToTheWord) {
  const Gpt2 model = narrow_model(std::make_shared<ThreadPool>(2));
  const WordPair pair = read_word_pairs("A dog ran to [him|her] at once.", "contrast").front();
  const auto width = static_cast<Eigen::Index>(model.config().d_mlp);
  const SentenceRows rows = sentence_rows(model, pair, {HookPoint::mlp_pre, 1}, Matrix::Identity(width, width));
  EXPECT_EQ(rows.slot_a, 4u);
  EXPECT_EQ(rows.a.topRows(4), rows.b.topRows(4));
  for (Eigen::Index t = 4; t < rows.a.rows(); ++t) EXPECT_NE(rows.a.row(t), rows.b.row(t)) << t;
}

}  // namespace
}  // namespace soi
