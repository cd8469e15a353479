#include "core/tokenizer/utf8.h"

namespace soi::tokenizer {
namespace {

// The bytes a lead byte calls for, and the range of its second byte, which is what rules out overlong forms, surrogates
// and code points above U+10FFFF.
struct Lead {
  std::size_t size;  // 0: no character starts with this byte
  unsigned char second_min;
  unsigned char second_max;
};

constexpr Lead lead_of(unsigned char byte) {
  if (byte < 0x80) return {1, 0, 0};
  if (byte < 0xC2) return {0, 0, 0};
  if (byte < 0xE0) return {2, 0x80, 0xBF};
  if (byte < 0xF0) {
    return {3, static_cast<unsigned char>(byte == 0xE0 ? 0xA0 : 0x80),
            static_cast<unsigned char>(byte == 0xED ? 0x9F : 0xBF)};
  }
  if (byte < 0xF5) {
    return {4, static_cast<unsigned char>(byte == 0xF0 ? 0x90 : 0x80),
            static_cast<unsigned char>(byte == 0xF4 ? 0x8F : 0xBF)};
  }
  return {0, 0, 0};
}

constexpr Character not_utf8{0xFFFD, 1};

}  // namespace

Character character_at(std::string_view text, std::size_t begin) {
  const auto byte_at = [&](std::size_t offset) { return static_cast<unsigned char>(text[begin + offset]); };
  const unsigned char first = byte_at(0);
  const Lead lead = lead_of(first);
  if (lead.size == 1) return {first, 1};
  if (lead.size == 0 || lead.size > text.size() - begin) return not_utf8;
  if (byte_at(1) < lead.second_min || byte_at(1) > lead.second_max) return not_utf8;
  // The lead byte holds 7 - size bits of the code point, each further byte holds 6.
  char32_t code_point = first & (0x7Fu >> lead.size);
  for (std::size_t offset = 1; offset < lead.size; ++offset) {
    if ((byte_at(offset) & 0xC0) != 0x80) return not_utf8;
    code_point = code_point << 6 | (byte_at(offset) & 0x3Fu);
  }
  return {code_point, lead.size};
}

}  // namespace soi::tokenizer
