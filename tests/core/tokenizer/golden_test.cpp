// Against tiktoken: the files are made by tools/oracles/tokenizer_golden.py.
#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

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

}  // namespace
}  // namespace soi
