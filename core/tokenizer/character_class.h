#pragma once

#include <cstdint>

namespace soi::tokenizer {

/// What r50k_base's pattern tells apart: \p{L}, \p{N}, \s and the rest, as tiktoken's regex engine has them. The
/// engine's version of Unicode counts: another engine's \s may lack U+0085 or hold U+FEFF.
enum class CharacterClass : std::uint8_t { other, letter, number, space };

/// Cost: a table lookup for ASCII, a binary search for the rest.
CharacterClass character_class(char32_t code_point);

}  // namespace soi::tokenizer
