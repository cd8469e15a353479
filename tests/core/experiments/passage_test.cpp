#include "core/experiments/passage.h"

#include <gtest/gtest.h>

#include "core/tensor/error.h"

namespace soi {
namespace {

std::vector<std::size_t> last_tokens(const Passage& passage, std::string_view word) {
  std::vector<std::size_t> last;
  for (const Occurrence& place : find_word(passage, word, "words")) last.push_back(place.last);
  return last;
}

TEST(Passage, LeavesAwayWhiteSpaceAtItsEndAlone) {
  EXPECT_EQ(read_passage("The dog ran.\n", "passage", 1).text, "The dog ran.");
  EXPECT_EQ(read_passage(" The dog ran.", "passage", 1).text, " The dog ran.");
}

TEST(Passage, IsTheSameFromTextAndFromTokens) {
  const Passage text = read_passage("The dog ran (for naught).", "passage", 1);
  std::string ids = "ids:";
  for (std::int32_t id : text.tokens) ids += " " + std::to_string(id);
  const Passage tokens = read_passage(ids, "passage", 1);
  EXPECT_EQ(tokens.tokens, text.tokens);
  EXPECT_EQ(tokens.text, text.text);
  EXPECT_EQ(tokens.begin, text.begin);
}

TEST(Passage, NamesWhatIsWrong) {
  EXPECT_THROW(read_passage("A dog.", "passage", 20), Error);
  EXPECT_THROW(read_passage("ids: 1 dog", "passage", 1), Error);
}

TEST(FindWord, TakesTheLastTokenOfAWordOfSeveral) {
  // |The| Czech| Republic|'s| n|aught|,|
  const Passage passage = read_passage("The Czech Republic's naught, a dog.", "passage", 1);
  EXPECT_EQ(last_tokens(passage, "Czech Republic"), (std::vector<std::size_t>{2}));
  EXPECT_EQ(last_tokens(passage, "naught"), (std::vector<std::size_t>{5}));
  EXPECT_EQ(find_word(passage, "naught", "words").front().first, 4u);
  EXPECT_EQ(last_tokens(passage, ","), (std::vector<std::size_t>{6}));
}

TEST(FindWord, DoesNotTakeAPartOfAWord) {
  const Passage passage = read_passage("Fruits and fruit, fruit; dörfruit", "passage", 1);
  EXPECT_EQ(last_tokens(passage, "fruit").size(), 2u);
  EXPECT_TRUE(last_tokens(passage, "ruit").empty());
  EXPECT_TRUE(last_tokens(passage, "rfruit").empty());
}

TEST(FindWord, FindsASequenceOfTokens) {
  const Passage passage = read_passage("ids: 5 6 7 6 7 8", "passage", 1);
  EXPECT_EQ(last_tokens(passage, "ids: 6 7"), (std::vector<std::size_t>{2, 4}));
  EXPECT_TRUE(last_tokens(passage, "ids: 8 5").empty());
  EXPECT_TRUE(last_tokens(passage, "ids: 5 6 7 6 7 8 9").empty());
}

TEST(ReadWords, TakesOneALine) {
  EXPECT_EQ(read_words("Romania\r\n\n  Czech Republic \n,"),
            (std::vector<std::string>{"Romania", "Czech Republic", ","}));
}

}  // namespace
}  // namespace soi
