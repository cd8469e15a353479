#include "core/experiments/word_pairs.h"

#include <gtest/gtest.h>

#include "core/tensor/error.h"
#include "core/tokenizer/tokenizer.h"
#include "tests/core/experiments/narrow_model.h"

namespace soi {
namespace {

std::string message_of(const std::string& text) {
  try {
    read_word_pairs(text, "pairs");
  } catch (const Error& error) {
    EXPECT_EQ(error.code, ErrorCode::invalid_argument);
    return error.what();
  }
  return "";
}

TEST(WordPairs, FindsTheSlot) {
  const std::vector<WordPair> pairs =
      read_word_pairs("The dog followed [him|her] home.\n\n[He|She] left.\r\n", "pairs");
  ASSERT_EQ(pairs.size(), 2u);
  EXPECT_EQ(tokenizer::decode(pairs[0].a.tokens), "The dog followed him home.");
  EXPECT_EQ(tokenizer::decode(pairs[0].b.tokens), "The dog followed her home.");
  EXPECT_EQ(tokenizer::token_bytes(pairs[0].b.tokens[pairs[0].b.slot]), " her");
  EXPECT_EQ(pairs[0].a.slot, 3u);
  EXPECT_EQ(pairs[1].a.slot, 0u);
  EXPECT_EQ(tokenizer::decode(pairs[1].b.tokens), "She left.");
}

TEST(WordPairs, TakesTheLastTokenOfAWord) {
  const SlotSentence sentence = read_word_pairs("We met [Bartholomew|Anna] today.", "pairs").front().a;
  EXPECT_GT(sentence.slot_size, 1u);
  std::string word;
  for (std::size_t i = 0; i < sentence.slot_size; ++i) {
    word += tokenizer::token_bytes(sentence.tokens[sentence.slot + 1 - sentence.slot_size + i]);
  }
  EXPECT_EQ(word, " Bartholomew");
}

TEST(WordPairs, ReadsTokenIds) {
  const WordPair pair = read_word_pairs("ids: 464, 3290 [683|607 5] 13", "pairs").front();
  EXPECT_EQ(pair.a.tokens, (std::vector<std::int32_t>{464, 3290, 683, 13}));
  EXPECT_EQ(pair.b.tokens, (std::vector<std::int32_t>{464, 3290, 607, 5, 13}));
  EXPECT_EQ(pair.a.slot, 2u);
  EXPECT_EQ(pair.b.slot, 3u);
  EXPECT_EQ(pair.b.slot_size, 2u);
}

TEST(WordPairs, NamesTheLineAndWhatIsWrong) {
  const std::string good = "A [him|her].\n";
  EXPECT_EQ(message_of(good + "No slot here."), "Line 2 of pairs: there is no slot.");
  EXPECT_EQ(message_of("A [him] b."), "Line 1 of pairs: there is no slot.");
  EXPECT_EQ(message_of("A [him|her] b [he|she]."), "Line 1 of pairs: there is more than one slot.");
  EXPECT_EQ(message_of("A [him|] b."), "Line 1 of pairs: a word of the slot is missing.");
  EXPECT_EQ(message_of("ids: 1 [2| ] 3"), "Line 1 of pairs: a word of the slot is missing.");
  EXPECT_EQ(message_of("A [him|him] b."), "Line 1 of pairs: the two words of the slot are the same.");
  EXPECT_EQ(message_of("See [him|her]self."), "Line 1 of pairs: \"him\" runs into the letters after it.");
  EXPECT_EQ(message_of("ids: 1 [2|x] 3"), "Line 1 of pairs: \"x\" is not a token id.");
}

TEST(WordPairs, GroupsEqualPrefixes) {
  const std::vector<WordPair> pairs = read_word_pairs(
      "She saw [him|her] go.\nThey saw [him|her] go.\nShe saw [him|her] come.\nShe saw [me|her] come.", "pairs");
  EXPECT_EQ(prefix_groups(pairs), (std::vector<std::size_t>{0, 1, 0, 2}));
}

TEST(SlotActivations, AreThoseOfTheWholeSentence) {
  const Gpt2 model = narrow_model(std::make_shared<ThreadPool>(2));
  const std::vector<WordPair> pairs =
      read_word_pairs("The dog followed [him|her] home.\nThey told [him|her] to rest.", "pairs");
  const std::vector<Tensor> rows = slot_activations(model, pairs, HookPoint::mlp_post, {0, 2}, [](double) {});
  ASSERT_EQ(rows.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    const Hook hook = {HookPoint::mlp_post, 2 * i};
    ASSERT_EQ(rows[i].shape(), (Shape{4, model.config().d_mlp}));
    for (std::size_t row = 0; row < 4; ++row) {
      const SlotSentence& sentence = row < 2 ? pairs[row].a : pairs[row - 2].b;
      Lane lane;
      lane.tokens = sentence.tokens;
      lane.captures = {hook};
      const LaneResult whole = model.run(lane);
      for (std::size_t neuron = 0; neuron < model.config().d_mlp; ++neuron) {
        // What follows a position changes no bit of it.
        EXPECT_EQ(rows[i](row, neuron), whole.captured.at(hook)(sentence.slot, neuron));
      }
    }
  }
}

TEST(SlotActivations, OfEqualPrefixesAreEqual) {
  const Gpt2 model = narrow_model(std::make_shared<ThreadPool>(2));
  const std::vector<WordPair> pairs =
      read_word_pairs("She saw [him|her] go.\nThey saw [him|her] go.\nShe saw [him|her] come home.", "pairs");
  const Tensor rows = std::move(slot_activations(model, pairs, HookPoint::mlp_pre, {2}, [](double) {}).front());
  const auto same = [&](std::size_t i, std::size_t j) {
    return std::ranges::equal(rows.matrix()[i], rows.matrix()[j]);
  };
  EXPECT_TRUE(same(0, 2));
  EXPECT_TRUE(same(3, 5));
  EXPECT_FALSE(same(0, 1));
  EXPECT_FALSE(same(0, 3));
}

}  // namespace
}  // namespace soi
