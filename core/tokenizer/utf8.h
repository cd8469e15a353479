#pragma once

#include <cstddef>
#include <string_view>

namespace soi::tokenizer {

/// One character of a text: well-formed UTF-8 (The Unicode Standard, table 3-7), or a single byte that is part of none.
struct Character {
  char32_t code_point = 0;  // U+FFFD for a byte that is not UTF-8
  std::size_t size = 0;     // bytes
};

/// The character that starts at text[begin]; begin < text.size().
Character character_at(std::string_view text, std::size_t begin);

}  // namespace soi::tokenizer
