#include "core/tokenizer/byte_pair_merge.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace soi::tokenizer {
namespace {

// The rule itself, at quadratic cost: look at all neighbours, merge the lowest and leftmost, begin again.
std::vector<std::int32_t> merged_naively(std::string_view piece) {
  const Vocabulary& vocabulary = Vocabulary::r50k_base();
  if (const auto id = vocabulary.find(piece)) return {*id};
  std::vector<std::string> parts;
  for (const char byte : piece) parts.emplace_back(1, byte);
  while (true) {
    std::int32_t lowest = std::numeric_limits<std::int32_t>::max();
    std::size_t where = 0;
    for (std::size_t at = 0; at + 1 < parts.size(); ++at) {
      const auto id = vocabulary.find(parts[at] + parts[at + 1]);
      if (id && *id < lowest) lowest = *id, where = at;
    }
    if (lowest == std::numeric_limits<std::int32_t>::max()) break;
    parts[where] += parts[where + 1];
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(where) + 1);
  }
  std::vector<std::int32_t> ids;
  for (const std::string& part : parts) ids.push_back(*vocabulary.find(part));
  return ids;
}

void expect_as_naively(BytePairMerger& merger, const std::string& piece) {
  std::vector<Token> tokens;
  merger.append_tokens(piece, 1000, tokens);
  std::vector<std::int32_t> ids;
  std::size_t at = 1000;
  for (const Token& token : tokens) {
    EXPECT_EQ(token.begin, at);
    at = token.end;
    ids.push_back(token.id);
  }
  EXPECT_EQ(at, 1000 + piece.size());
  EXPECT_EQ(ids, merged_naively(piece)) << testing::PrintToString(piece);
}

TEST(BytePairMerge, MatchesTheNaiveRuleOnTokensSideBySide) {
  std::mt19937 random(1);
  BytePairMerger merger(Vocabulary::r50k_base());
  for (int trial = 0; trial < 2000; ++trial) {
    std::string piece;
    for (std::size_t part = random() % 6 + 1; part > 0; --part) {
      const std::string_view token = Vocabulary::r50k_base().bytes(static_cast<std::int32_t>(random() % 50256));
      piece += token.substr(random() % token.size());
    }
    expect_as_naively(merger, piece);
  }
}

TEST(BytePairMerge, MatchesTheNaiveRuleOnRunsOfFewLetters) {
  std::mt19937 random(2);
  BytePairMerger merger(Vocabulary::r50k_base());
  for (int trial = 0; trial < 300; ++trial) {
    const std::string letters = "aet \xC3\x82-0";
    const std::size_t n_letters = random() % 3 + 1;
    const std::size_t first = random() % (letters.size() - n_letters);
    std::string piece;
    for (std::size_t size = random() % 300 + 1; size > 0; --size) piece += letters[first + random() % n_letters];
    expect_as_naively(merger, piece);
  }
}

TEST(BytePairMerge, MergesEqualPairsFromTheLeft) {
  BytePairMerger merger(Vocabulary::r50k_base());
  std::vector<Token> tokens;
  merger.append_tokens("zzzzz", 0, tokens);  // zz is a token; zzz and zzzz are not
  ASSERT_EQ(tokens.size(), 3u);
  EXPECT_EQ(tokens[0].end, 2u);
  EXPECT_EQ(tokens[1].end, 4u);
}

}  // namespace
}  // namespace soi::tokenizer
