#include "core/tokenizer/pre_tokenizer.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace soi::tokenizer {
namespace {

using Pieces = std::vector<std::string>;
using namespace std::string_view_literals;

Pieces pieces(std::string_view text) {
  Pieces cut;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = piece_end(text, begin);
    cut.emplace_back(text.substr(begin, end - begin));
    begin = end;
  }
  return cut;
}

TEST(PreTokenizer, WordsTakeOneSpaceWithThem) {
  EXPECT_EQ(pieces("Hello world 42 !?"), (Pieces{"Hello", " world", " 42", " !?"}));
  EXPECT_EQ(pieces("a1.b"), (Pieces{"a", "1", ".", "b"}));
}

TEST(PreTokenizer, OnlyTheSpaceCharacterGoesWithAWord) {
  EXPECT_EQ(pieces("a\tb"), (Pieces{"a", "\t", "b"}));
  EXPECT_EQ(pieces("a\u00A0b"), (Pieces{"a", "\u00A0", "b"}));
  EXPECT_EQ(pieces("a\u3000\u3000b"), (Pieces{"a", "\u3000", "\u3000", "b"}));
}

TEST(PreTokenizer, RunsOfSpacesLeaveTheLastOne) {
  EXPECT_EQ(pieces("a   b"), (Pieces{"a", "  ", " b"}));
  EXPECT_EQ(pieces("a\n\nb"), (Pieces{"a", "\n", "\n", "b"}));
  EXPECT_EQ(pieces("a\r\n  b"), (Pieces{"a", "\r\n ", " b"}));
  EXPECT_EQ(pieces("a \u0085"
                   "b"),
            (Pieces{"a", " ", "\u0085", "b"}));
}

TEST(PreTokenizer, SpacesAtTheEndStayTogether) {
  EXPECT_EQ(pieces("a  \n"), (Pieces{"a", "  \n"}));
  EXPECT_EQ(pieces(" "), (Pieces{" "}));
  EXPECT_EQ(pieces("   "), (Pieces{"   "}));
}

TEST(PreTokenizer, ContractionsAreLowerCaseWithAStraightApostrophe) {
  EXPECT_EQ(pieces("he's we'll I'm they've you're I'd don't"),
            (Pieces{"he", "'s", " we", "'ll", " I", "'m", " they", "'ve", " you", "'re", " I", "'d", " don", "'t"}));
  EXPECT_EQ(pieces("HE'S"), (Pieces{"HE", "'", "S"}));
  EXPECT_EQ(pieces("he\u2019s"), (Pieces{"he", "\u2019", "s"}));
  EXPECT_EQ(pieces("'l 'v"), (Pieces{"'", "l", " '", "v"}));
}

TEST(PreTokenizer, ContractionsNeedNoWordAround) {
  EXPECT_EQ(pieces("'said"), (Pieces{"'s", "aid"}));
  EXPECT_EQ(pieces("1's"), (Pieces{"1", "'s"}));
  EXPECT_EQ(pieces("''s"), (Pieces{"''", "s"}));  // the run of punctuation starts first
  EXPECT_EQ(pieces(" 's"), (Pieces{" '", "s"}));
  EXPECT_EQ(pieces("'"), (Pieces{"'"}));
}

TEST(PreTokenizer, CombiningMarksSplitDecomposedLetters) {
  EXPECT_EQ(pieces("Vi\u1EC7t"), (Pieces{"Vi\u1EC7t"}));
  EXPECT_EQ(pieces("Vie\u0323\u0302t"), (Pieces{"Vie", "\u0323\u0302", "t"}));
}

TEST(PreTokenizer, BytesThatAreNotUtf8AreLikePunctuation) {
  EXPECT_EQ(pieces("a\xFF\x80!b"), (Pieces{"a", "\xFF\x80!", "b"}));
  EXPECT_EQ(pieces("a \xE1\xBA b"), (Pieces{"a", " \xE1\xBA", " b"}));
  EXPECT_EQ(pieces("\xC2\x85\xC2"), (Pieces{"\u0085", "\xC2"}));
}

TEST(PreTokenizer, ANulIsACharacter) { EXPECT_EQ(pieces("a\0\0b"sv), (Pieces{"a", std::string("\0\0", 2), "b"})); }

}  // namespace
}  // namespace soi::tokenizer
