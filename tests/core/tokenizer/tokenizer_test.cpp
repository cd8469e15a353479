#include "core/tokenizer/tokenizer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/tensor/error.h"

namespace soi {
namespace {

using Ids = std::vector<std::int32_t>;
using Groups = std::vector<std::size_t>;

Ids ids_of(const std::vector<Token>& tokens) {
  Ids ids;
  for (const Token& token : tokens) ids.push_back(token.id);
  return ids;
}

// The tokens cover the text without a gap, and each one's bytes are those it covers.
void expect_tokens_of(std::string_view text, const std::vector<Token>& tokens) {
  std::size_t at = 0;
  for (const Token& token : tokens) {
    ASSERT_EQ(token.begin, at);
    ASSERT_LT(token.begin, token.end);
    ASSERT_LE(token.end, text.size());
    ASSERT_EQ(tokenizer::token_bytes(token.id), text.substr(token.begin, token.end - token.begin));
    at = token.end;
  }
  ASSERT_EQ(at, text.size());
}

TEST(Tokenizer, EncodesAsPublished) {
  // The example of OpenAI's GPT-2 and of Hugging Face's documentation.
  EXPECT_EQ(ids_of(tokenizer::encode("Hello world")), (Ids{15496, 995}));
  EXPECT_TRUE(tokenizer::encode("").empty());
}

TEST(Tokenizer, RandomBytesRoundTrip) {
  std::mt19937 random(3);
  for (int trial = 0; trial < 3000; ++trial) {
    // Text with faults: mostly bytes that lead, follow and end characters, so that many are nearly valid.
    constexpr std::string_view common = " a1'\n\xC2\x85\xC3\xA9\xE1\xBA\xBF\xF0\x9F\x98\x80\xE3\x80\x80";
    std::string bytes;
    for (std::size_t size = random() % 60; size > 0; --size) {
      bytes += random() % 3 ? common[random() % common.size()] : static_cast<char>(random());
    }
    const auto tokens = tokenizer::encode(bytes);
    expect_tokens_of(bytes, tokens);
    EXPECT_EQ(tokenizer::decode(ids_of(tokens)), bytes);
  }
}

TEST(Tokenizer, EveryTokenRoundTripsAsText) {
  for (std::int32_t id = 0; id < tokenizer::n_vocab; ++id) {
    const std::string_view bytes = tokenizer::token_bytes(id);
    const auto tokens = tokenizer::encode(bytes, SpecialTokens::as_token);
    expect_tokens_of(bytes, tokens);
  }
}

TEST(Tokenizer, AMillionLettersWithoutASplit) {
  const std::string text(1'000'000, 'a');
  const auto tokens = tokenizer::encode(text);
  expect_tokens_of(text, tokens);
  // The longest token of this letter alone is aaaa, and the last merge that can apply; whole multiples leave no rest.
  EXPECT_EQ(tokens.size(), 250'000u);
}

TEST(Tokenizer, EndOfTextIsATokenOnlyWhenAsked) {
  const std::string text = "a <|endoftext|> b";
  EXPECT_EQ(ids_of(tokenizer::encode(text)), (Ids{64, 1279, 91, 437, 1659, 5239, 91, 29, 275}));
  const auto tokens = tokenizer::encode(text, SpecialTokens::as_token);
  EXPECT_EQ(ids_of(tokens), (Ids{64, 220, tokenizer::end_of_text, 275}));
  EXPECT_EQ(tokens[2].begin, 2u);
  EXPECT_EQ(tokens[2].end, 15u);
  expect_tokens_of(text, tokens);
  EXPECT_EQ(ids_of(tokenizer::encode("<|endoftext|><|endoftext|>", SpecialTokens::as_token)),
            (Ids{tokenizer::end_of_text, tokenizer::end_of_text}));
}

TEST(Tokenizer, RejectsIdsOutsideTheVocabulary) {
  for (const std::int32_t id : {-1, tokenizer::n_vocab, INT32_MIN, INT32_MAX}) {
    try {
      tokenizer::decode(Ids{15496, id});
      ADD_FAILURE() << id;
    } catch (const Error& error) {
      EXPECT_EQ(error.code, ErrorCode::token_out_of_range);
      EXPECT_EQ(error.details, (Error::Details{{"token", std::to_string(id)}, {"n_vocab", "50257"}}));
    }
  }
}

TEST(CharacterGroups, OneTokenACharacterOrMoreIsAGroupOfItsOwn) {
  const std::string text = "Hello world";
  EXPECT_EQ(tokenizer::character_groups(text, tokenizer::encode(text)), (Groups{0, 1}));
  EXPECT_TRUE(tokenizer::character_groups("", {}).empty());
}

TEST(CharacterGroups, TokensThatShareACharacterStandTogether) {
  const std::string text = "a\u1EBF😀b";  // ế is E1 BA | BF, the emoji F0 9F 98 | 80
  const auto tokens = tokenizer::encode(text);
  ASSERT_EQ(ids_of(tokens), (Ids{64, 157, 118, 123, 47249, 222, 65}));
  EXPECT_EQ(tokenizer::character_groups(text, tokens), (Groups{0, 1, 4, 6}));
}

TEST(CharacterGroups, ATokenThatEndsInsideACharacterTakesTheNextAlong) {
  const std::string text = "\u00E9\u00E9x";
  // Not what the merges give, but what generation may: é and half of é, its other half with x.
  const std::vector<Token> tokens = {{0, 0, 1}, {0, 1, 3}, {0, 3, 5}};
  EXPECT_EQ(tokenizer::character_groups(text, tokens), (Groups{0}));
}

TEST(CharacterGroups, BytesThatAreNotUtf8AreCharacters) {
  const std::string text = "\xF0\x9F\xFF";
  const std::vector<Token> tokens = {{0, 0, 1}, {0, 1, 2}, {0, 2, 3}};
  EXPECT_EQ(tokenizer::character_groups(text, tokens), (Groups{0, 1, 2}));
}

TEST(CharacterGroups, CutWhereverTheTextSoFarIsWhole) {
  std::mt19937 random(4);
  constexpr std::string_view characters[] = {"a", "é", "ế", "😀", "日", " "};
  for (int trial = 0; trial < 300; ++trial) {
    std::string text;
    std::vector<bool> starts;  // [bytes of the text] whether a character starts there
    for (std::size_t n = random() % 20 + 1; n > 0; --n) {
      const std::string_view character = characters[random() % std::size(characters)];
      starts.push_back(true);
      starts.resize(starts.size() + character.size() - 1, false);
      text += character;
    }
    const auto tokens = tokenizer::encode(text);
    Groups expected;
    for (std::size_t index = 0; index < tokens.size(); ++index) {
      if (starts[tokens[index].begin]) expected.push_back(index);
    }
    EXPECT_EQ(tokenizer::character_groups(text, tokens), expected) << text;
  }
}

}  // namespace
}  // namespace soi
