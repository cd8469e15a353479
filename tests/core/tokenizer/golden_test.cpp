// Against tiktoken: the files are made by tools/oracles/tokenizer_golden.py.
#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/tokenizer/character_class.h"
#include "core/tokenizer/tokenizer.h"

namespace soi {
namespace {

std::vector<std::int32_t> ids_of(const std::vector<Token>& tokens) {
  std::vector<std::int32_t> ids;
  for (const Token& token : tokens) ids.push_back(token.id);
  return ids;
}

void expect_same_ids(const std::string& name, SpecialTokens special, std::size_t n_strings) {
  std::ifstream file(std::string(SOI_SOURCE_DIR "/tests/golden/tokenizer/") + name);
  ASSERT_TRUE(file) << name;
  std::size_t n_lines = 0;
  for (std::string line; std::getline(file, line); ++n_lines) {
    const auto golden = nlohmann::json::parse(line);
    const auto text = golden.at("text").get<std::string>();
    const auto ids = golden.at("ids").get<std::vector<std::int32_t>>();
    EXPECT_EQ(ids_of(tokenizer::encode(text, special)), ids) << name << ":" << n_lines + 1 << ": " << line;
    EXPECT_EQ(tokenizer::decode(ids), text) << name << ":" << n_lines + 1 << ": " << line;
  }
  EXPECT_EQ(n_lines, n_strings) << name;
}

TEST(TokenizerGolden, SameIdsAsTiktoken) { expect_same_ids("r50k_base.jsonl", SpecialTokens::as_text, 1496); }

TEST(TokenizerGolden, SameIdsAsTiktokenWithSpecialTokens) {
  expect_same_ids("special.jsonl", SpecialTokens::as_token, 60);
}

TEST(TokenizerGolden, SameCharacterClassesAsTiktoken) {
  std::ifstream file(SOI_SOURCE_DIR "/tests/golden/tokenizer/character_classes.json");
  const auto golden = nlohmann::json::parse(file);
  const auto block_size = golden.at("block_size").get<std::uint32_t>();
  const auto digests = golden.at("fnv1a").get<std::vector<std::uint32_t>>();
  ASSERT_EQ(block_size * digests.size(), 0x110000u);
  std::uint32_t code_point = 0;
  for (const std::uint32_t expected : digests) {
    const std::uint32_t first = code_point;
    std::uint32_t digest = 2166136261u;
    for (; code_point < first + block_size; ++code_point) {
      digest = (digest ^ static_cast<std::uint32_t>(tokenizer::character_class(code_point))) * 16777619u;
    }
    EXPECT_EQ(digest, expected) << "in the " << block_size << " code points from " << first;
  }
}

}  // namespace
}  // namespace soi
