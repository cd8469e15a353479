#include "core/experiments/token_text.h"

#include <gtest/gtest.h>

#include "core/tensor/error.h"

namespace soi {
namespace {

using Ids = std::vector<std::int32_t>;

TEST(TokenText, ReadsTextOrIds) {
  EXPECT_EQ(read_tokens("The dog", "text", 1), (Ids{464, 3290}));
  EXPECT_EQ(read_tokens("ids: 464, 3290\n318 ", "text", 1), (Ids{464, 3290, 318}));
  // Some checkpoints pad the vocabulary.
  EXPECT_EQ(token_labels({464, 3290, 50300}), (std::vector<std::string>{"The", " dog", "[50300]"}));
}

TEST(TokenText, NamesTheParameterOfBadInput) {
  for (const char* text : {"", "The dog", "ids: 1 2", "ids: 1 two 3", "ids: 1 2 99999999999"}) {
    try {
      read_tokens(text, "reference", 3);
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.code, ErrorCode::invalid_argument) << text;
      EXPECT_EQ(error.details.front().second, "reference") << text;
    }
  }
}

}  // namespace
}  // namespace soi
