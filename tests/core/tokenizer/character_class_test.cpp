#include "core/tokenizer/character_class.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace soi::tokenizer {
namespace {

using enum CharacterClass;
using namespace std::string_view_literals;

// White_Space of the Unicode Character Database (PropList.txt), the whole of it.
constexpr std::array white_space{U'\t',     U'\n',     U'\v',     U'\f',     U'\r',     U' ',      U'\x85',
                                 U'\xA0',   U'\u1680', U'\u2000', U'\u2001', U'\u2002', U'\u2003', U'\u2004',
                                 U'\u2005', U'\u2006', U'\u2007', U'\u2008', U'\u2009', U'\u200A', U'\u2028',
                                 U'\u2029', U'\u202F', U'\u205F', U'\u3000'};

TEST(CharacterClass, SpacesAreUnicodesWhiteSpace) {
  for (char32_t code_point = 0; code_point <= 0x10FFFF; ++code_point) {
    const bool is_space = std::find(white_space.begin(), white_space.end(), code_point) != white_space.end();
    ASSERT_EQ(character_class(code_point) == space, is_space) << std::hex << static_cast<unsigned>(code_point);
  }
}

TEST(CharacterClass, NearSpacesAreNoSpaces) {
  for (const char32_t code_point : U"\x1C\x1F\u180E\u200B\u200D\u2060\uFEFF"sv) {
    EXPECT_EQ(character_class(code_point), other) << std::hex << static_cast<unsigned>(code_point);
  }
}

TEST(CharacterClass, KnowsLettersOfManyScripts) {
  for (const char32_t code_point : U"azAZªµºßǅʰЖאعहกำ日あア한ქአᏣꙮſKﬁ𐌰𝔘𠀀"sv) {
    EXPECT_EQ(character_class(code_point), letter) << std::hex << static_cast<unsigned>(code_point);
  }
}

TEST(CharacterClass, KnowsNumbersThatAreNoDigits) {
  for (const char32_t code_point : U"09²¼٣४Ⅷⅹ①㊿〇𝟘🄀"sv) {
    EXPECT_EQ(character_class(code_point), number) << std::hex << static_cast<unsigned>(code_point);
  }
}

TEST(CharacterClass, MarksAndSymbolsAreOther) {
  for (const char32_t code_point : U"\0!'_~\x7F\x80\u0301\u0323\u093F€—😀\u200D\uFE0F\uE000\uFFFD\U0010FFFF"sv) {
    EXPECT_EQ(character_class(code_point), other) << std::hex << static_cast<unsigned>(code_point);
  }
}

}  // namespace
}  // namespace soi::tokenizer
