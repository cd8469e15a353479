#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "core/tokenizer/tokenizer.h"
#include "tests/cli/soi_process.h"
#include "tests/golden/golden.h"

namespace soi {
namespace {

std::vector<std::int32_t> ids_of(const nlohmann::json& tokens) {
  std::vector<std::int32_t> ids;
  for (const nlohmann::json& token : tokens) ids.push_back(token.at("id"));
  return ids;
}

std::vector<std::int32_t> encode(const std::string& text, SpecialTokens special = SpecialTokens::as_text) {
  std::vector<std::int32_t> ids;
  for (const Token& token : tokenizer::encode(text, special)) ids.push_back(token.id);
  return ids;
}

TEST(Tokens, ByHand) {
  const Outcome outcome = run_soi({"tokens", "--text", "The cà", "--json"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.json(), nlohmann::json::parse(R"({"tokens": [
      {"id": 464, "begin": 0, "end": 3, "text": "The", "bytes": "546865"},
      {"id": 269, "begin": 3, "end": 5, "text": " c", "bytes": "2063"},
      {"id": 24247, "begin": 5, "end": 7, "text": "à", "bytes": "c3a0"}], "groups": [0, 1, 2]})"));
}

// The argument reaches the tokenizer as it is: no option, list, escape or quote is made of it.
TEST(Tokens, TakesAnyTextAsAnArgument) {
  for (const std::string text : {"", " ", "--help", "-x", "--", "[1,2]", "{}", "a,b", "'", "\"quoted\"", "%%s\\n",
                                 "B\"(41)\"", "line\nbreak\ttab", "a=b", "Tiếng Việt: \u00e0 a\u0300",
                                 "👩‍👩‍👧‍👦", "\xff\xfe", "<|endoftext|>"}) {
    const Outcome outcome = run_soi({"tokens", "--text", text, "--json"});
    ASSERT_EQ(outcome.status, 0) << text << ": " << outcome.err;
    EXPECT_EQ(ids_of(outcome.json()["tokens"]), encode(text)) << text;
  }
}

TEST(Tokens, ReadsAFileAndStandardInput) {
  const TemporaryFolder folder;
  const std::string text = std::string("a\0b\r\n", 5) + "xin chào\n\n";
  EXPECT_EQ(ids_of(run_soi({"tokens", "--file", folder.write("text", text), "--json"}).json()["tokens"]), encode(text));
  EXPECT_EQ(ids_of(run_soi({"tokens", "--file", "-", "--json"}, text).json()["tokens"]), encode(text));
}

TEST(Tokens, SpecialTokenByOption) {
  const Outcome special = run_soi({"tokens", "--text", "a<|endoftext|>b", "--special", "--json"});
  EXPECT_EQ(ids_of(special.json()["tokens"]), (std::vector<std::int32_t>{64, 50256, 65}));
}

TEST(Tokens, ShowsBytesThatAreNotTextAlone) {
  const Outcome json = run_soi({"tokens", "--text", "👋", "--json"});
  const nlohmann::json tokens = json.json()["tokens"];
  ASSERT_EQ(tokens.size(), 2u);
  EXPECT_EQ(tokens[0]["bytes"].get<std::string>() + tokens[1]["bytes"].get<std::string>(), "f09f918b");
  EXPECT_NE(tokens[0]["text"].get<std::string>().find("\xEF\xBF\xBD"), std::string::npos);
  EXPECT_EQ(json.json()["groups"], nlohmann::json({0}));
  const Outcome table = run_soi({"tokens", "--text", "👋"});
  EXPECT_NE(table.out.find("\\x8b"), std::string::npos) << table.out;
}

TEST(Tokens, LinesAgreeWithTiktoken) {
  std::istringstream golden(read_text(SOI_SOURCE_DIR "/tests/golden/tokenizer/r50k_base.jsonl"));
  std::string lines;
  std::vector<nlohmann::json> expected;
  for (std::string line; std::getline(golden, line);) {
    const nlohmann::json test_case = nlohmann::json::parse(line);
    lines += test_case["text"].dump() + "\n";
    expected.push_back(test_case["ids"]);
  }
  lines.pop_back();  // the last line may lack its end
  const TemporaryFolder folder;
  const Outcome outcome = run_soi({"tokens", "--lines", folder.write("lines", lines)});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  std::istringstream written(outcome.out);
  std::size_t n_lines = 0;
  for (std::string line; std::getline(written, line); ++n_lines) {
    ASSERT_LT(n_lines, expected.size());
    EXPECT_EQ(nlohmann::json::parse(line), expected[n_lines]) << "line " << n_lines;
  }
  EXPECT_EQ(n_lines, expected.size());
  EXPECT_GT(n_lines, 1000u);
}

}  // namespace
}  // namespace soi
