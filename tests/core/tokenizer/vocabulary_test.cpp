#include "core/tokenizer/vocabulary.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace soi::tokenizer {
namespace {

TEST(Vocabulary, FindsEveryTokenByItsBytes) {
  const Vocabulary& vocabulary = Vocabulary::r50k_base();
  for (std::int32_t id = 0; id < 50256; ++id) ASSERT_EQ(vocabulary.find(vocabulary.bytes(id)), id);
}

TEST(Vocabulary, EverySingleByteIsAToken) {
  for (int byte = 0; byte < 256; ++byte) {
    const auto id = Vocabulary::r50k_base().find(std::string(1, static_cast<char>(byte)));
    ASSERT_TRUE(id) << byte;
    EXPECT_LT(*id, 256);
  }
}

TEST(Vocabulary, KnowsTheFirstAndTheLastToken) {
  const Vocabulary& vocabulary = Vocabulary::r50k_base();
  EXPECT_EQ(vocabulary.bytes(0), "!");
  EXPECT_EQ(vocabulary.bytes(50255), " gazed");
  EXPECT_EQ(vocabulary.find(" the"), 262);
}

TEST(Vocabulary, FindsNothingElse) {
  const Vocabulary& vocabulary = Vocabulary::r50k_base();
  EXPECT_FALSE(vocabulary.find(""));
  EXPECT_FALSE(vocabulary.find("zqx"));
  EXPECT_FALSE(vocabulary.find("<|endoftext|>"));
  EXPECT_FALSE(vocabulary.find(std::string(100000, 'a')));
}

TEST(Vocabulary, FindsNoTokenOfOtherBytesWithTheSameHash) {
  // A tag has 16 bits, so among a million random strings some meet a token that only its bytes tell apart.
  std::mt19937 random(5);
  for (int trial = 0; trial < 1'000'000; ++trial) {
    char bytes[6];
    for (char& byte : bytes) byte = static_cast<char>(random());
    const std::string_view text(bytes, sizeof(bytes));
    const auto id = Vocabulary::r50k_base().find(text);
    if (id) {
      ASSERT_EQ(Vocabulary::r50k_base().bytes(*id), text);
    }
  }
}

}  // namespace
}  // namespace soi::tokenizer
