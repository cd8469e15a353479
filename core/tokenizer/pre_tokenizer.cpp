#include "core/tokenizer/pre_tokenizer.h"

#include "core/tokenizer/character_class.h"
#include "core/tokenizer/utf8.h"

namespace soi::tokenizer {
namespace {

struct ClassifiedCharacter {
  CharacterClass character_class;
  std::size_t size;  // bytes
};

ClassifiedCharacter classify(std::string_view text, std::size_t begin) {
  const Character character = character_at(text, begin);
  return {character_class(character.code_point), character.size};
}

// 's|'t|'re|'ve|'m|'ll|'d: bytes, 0 where none starts here. Only the straight apostrophe and lower case count.
std::size_t contraction_size(std::string_view text, std::size_t begin) {
  if (text[begin] != '\'') return 0;
  const std::string_view after = text.substr(begin + 1, 2);
  if (after.empty()) return 0;
  if (std::string_view("stmd").find(after[0]) != std::string_view::npos) return 2;
  return after == "re" || after == "ve" || after == "ll" ? 3 : 0;
}

// \p{L}+, \p{N}+ or [^\s\p{L}\p{N}]+
std::size_t run_end(std::string_view text, std::size_t begin, CharacterClass of) {
  std::size_t end = begin;
  while (end < text.size()) {
    const auto [character_class, size] = classify(text, end);
    if (character_class != of) break;
    end += size;
  }
  return end;
}

// \s+(?!\S)|\s+: spaces before a word leave the last one out, for the word to take or to stand alone.
std::size_t spaces_end(std::string_view text, std::size_t begin) {
  std::size_t last = begin;
  std::size_t end = begin;
  while (end < text.size()) {
    const auto [character_class, size] = classify(text, end);
    if (character_class != CharacterClass::space) break;
    last = end;
    end += size;
  }
  return end == text.size() || last == begin ? end : last;
}

}  // namespace

std::size_t piece_end(std::string_view text, std::size_t begin) {
  if (const std::size_t size = contraction_size(text, begin)) return begin + size;
  const std::size_t word = text[begin] == ' ' && begin + 1 < text.size() ? begin + 1 : begin;
  const CharacterClass of = classify(text, word).character_class;
  return of == CharacterClass::space ? spaces_end(text, begin) : run_end(text, word, of);
}

}  // namespace soi::tokenizer
