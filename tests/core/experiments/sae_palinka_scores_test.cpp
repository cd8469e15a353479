#include "core/experiments/sae_palinka_scores.h"

#include <gtest/gtest.h>

#include <cmath>

namespace soi {
namespace {

constexpr std::size_t kTokens = 12;

/// Words at 1, 2 and 5 of twelve tokens; 7 and 8 are other words.
PalinkaTexts texts() {
  PalinkaTexts texts;
  texts.words = {1, 2, 5};
  texts.others = {0, 3, 4, 6, 7, 8, 9, 10, 11};
  texts.test_words = {4};
  texts.other_words = {7, 8};
  texts.held_out_words = {0};
  texts.held_out_others = {1};
  return texts;
}

/// `fires(token, latent)`.
template <typename Fires>
PalinkaLatents latents(std::size_t n_latents, const Fires& fires) {
  PalinkaLatents made{Tensor({kTokens, n_latents}), Tensor({2, n_latents})};
  for (std::size_t t = 0; t < kTokens; ++t) {
    for (std::size_t i = 0; i < n_latents; ++i) made.passage(t, i) = fires(t, i) ? 1.0f : 0.0f;
  }
  return made;
}

TEST(PalinkaScores, MovesTheLabelsWithTheirDistances) {
  // Latent i fires where the words would stand, were they moved by i: wherever they go, one latent fires there alone.
  const PalinkaTexts places = texts();
  const PalinkaLatents each = latents(kTokens, [](std::size_t t, std::size_t i) {
    return t == (1 + i) % kTokens || t == (2 + i) % kTokens || t == (5 + i) % kTokens;
  });
  const PalinkaScores scores(each, places, SelectivityScore::contrast, 1);
  EXPECT_EQ(scores.of_words().top.front(), 0u);
  for (std::size_t i = 0; i < kTokens; ++i) {
    const ScoredLatents moved = scores.of_moved((static_cast<double>(i) + 0.5) / kTokens);
    EXPECT_EQ(moved.best, 1);
    EXPECT_EQ(moved.top.front(), i);
  }
}

TEST(PalinkaScores, MovesNoLabelToTheOtherWords) {
  // Latents that fire on one token each: the best stand where the labels are, so they fire on no other word.
  const PalinkaTexts places = texts();
  const PalinkaLatents each = latents(kTokens, [](std::size_t t, std::size_t i) { return t == i; });
  const PalinkaScores scores(each, places, SelectivityScore::contrast, 3);
  EXPECT_EQ(scores.of_words().fires_at_other_words, 0);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(scores.of_moved(i / 50.0).fires_at_other_words, 0) << i;
}

TEST(PalinkaScores, SayNothingOfOtherWordsWhereThereAreNone) {
  PalinkaTexts places = texts();
  places.other_words.clear();
  const PalinkaLatents each = latents(kTokens, [](std::size_t t, std::size_t i) { return t == i; });
  const PalinkaScores scores(each, places, SelectivityScore::contrast, 3);
  EXPECT_TRUE(std::isnan(scores.of_words().fires_at_other_words));
  EXPECT_TRUE(std::isnan(scores.of_moved(0.3).fires_at_other_words));
}

}  // namespace
}  // namespace soi
