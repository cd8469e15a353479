#include "tools/cli/token_text.h"

#include "core/tokenizer/tokenizer.h"
#include "core/tokenizer/utf8.h"

namespace soi::cli {
namespace {

bool is_control(char32_t code_point) { return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0); }

/// Whether `character` is a byte on its own that is not UTF-8, rather than U+FFFD spelled in three bytes.
bool is_stray_byte(const tokenizer::Character& character) {
  return character.code_point == 0xFFFD && character.size == 1;
}

std::string escaped(std::string_view character, char32_t code_point) {
  switch (code_point) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    default: {
      std::string text;
      for (char byte : character) text += "\\x" + hexadecimal({&byte, 1});
      return text;
    }
  }
}

}  // namespace

bool has_text(std::int32_t id, const Config& config) {
  return config.n_vocab >= tokenizer::n_vocab && id < tokenizer::n_vocab;
}

std::string quoted(std::string_view bytes) {
  std::string text = "\"";
  for (std::size_t begin = 0; begin < bytes.size();) {
    const tokenizer::Character character = tokenizer::character_at(bytes, begin);
    const std::string_view own = bytes.substr(begin, character.size);
    const bool shown_as_it_is =
        !is_control(character.code_point) && !is_stray_byte(character) && own != "\"" && own != "\\";
    text += shown_as_it_is ? std::string(own) : escaped(own, character.code_point);
    begin += character.size;
  }
  return text + "\"";
}

std::string valid_utf8(std::string_view bytes) {
  std::string text;
  for (std::size_t begin = 0; begin < bytes.size();) {
    const tokenizer::Character character = tokenizer::character_at(bytes, begin);
    text += is_stray_byte(character) ? std::string_view("\xEF\xBF\xBD") : bytes.substr(begin, character.size);
    begin += character.size;
  }
  return text;
}

std::string hexadecimal(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (char byte : bytes) {
    const unsigned value = static_cast<unsigned char>(byte);
    text += kDigits[value >> 4U];
    text += kDigits[value & 0xFU];
  }
  return text;
}

}  // namespace soi::cli
