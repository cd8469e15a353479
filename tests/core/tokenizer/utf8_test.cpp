#include "core/tokenizer/utf8.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace soi::tokenizer {
namespace {

// The definition of UTF-8 (The Unicode Standard, table 3-6), for code points that are not surrogates.
std::string utf8(char32_t code_point) {
  const auto last = [&](int shift) { return static_cast<char>(0x80 | (code_point >> shift & 0x3F)); };
  if (code_point < 0x80) return {static_cast<char>(code_point)};
  if (code_point < 0x800) return {static_cast<char>(0xC0 | code_point >> 6), last(0)};
  if (code_point < 0x10000) return {static_cast<char>(0xE0 | code_point >> 12), last(6), last(0)};
  return {static_cast<char>(0xF0 | code_point >> 18), last(12), last(6), last(0)};
}

TEST(Utf8, ReadsEveryCodePoint) {
  for (char32_t code_point = 0; code_point <= 0x10FFFF; ++code_point) {
    if (code_point >= 0xD800 && code_point < 0xE000) continue;
    std::string text(1, '\x80');  // stray bytes on both sides change nothing
    text.append(utf8(code_point)).push_back('\x80');
    const Character character = character_at(text, 1);
    ASSERT_EQ(character.code_point, code_point);
    ASSERT_EQ(character.size, text.size() - 2);
  }
}

TEST(Utf8, TakesEachByteThatIsNotUtf8ByItself) {
  constexpr std::string_view faults[] = {
      "\x80",              // a continuation byte first
      "\xC0\x80",          // overlong U+0000
      "\xC1\xBF",          // overlong U+007F
      "\xE0\x9F\xBF",      // overlong U+07FF
      "\xF0\x8F\xBF\xBF",  // overlong U+FFFF
      "\xED\xA0\x80",      // the surrogate U+D800
      "\xED\xBF\xBF",      // the surrogate U+DFFF
      "\xF4\x90\x80\x80",  // U+110000
      "\xF5\x80\x80\x80",  // a lead byte beyond Unicode
      "\xFF",              //
      "\xC3",              // cut short at the end of the text
      "\xE1\xBA",          //
      "\xF0\x9F\x98",      //
      "\xE1\xBA\x41",      // cut short by a letter
      "\xF0\x9F\x98\x41",  //
  };
  for (const std::string_view text : faults) {
    for (std::size_t at = 0; at < text.size(); ++at) {
      const Character character = character_at(text, at);
      EXPECT_EQ(character.size, 1u) << testing::PrintToString(std::string(text)) << " at " << at;
      EXPECT_EQ(character.code_point, text[at] == 'A' ? U'A' : U'\uFFFD');
    }
  }
}

TEST(Utf8, NeverReadsBeyondTheText) {
  for (const char32_t code_point : {U'\u00E9', U'\u1EBF', U'\U0001F600'}) {
    const std::string whole = utf8(code_point);
    for (std::size_t size = 1; size < whole.size(); ++size) {
      // The rest of the character does lie behind the view's end.
      EXPECT_EQ(character_at(std::string_view(whole).substr(0, size), 0).size, 1u);
    }
  }
}

}  // namespace
}  // namespace soi::tokenizer
