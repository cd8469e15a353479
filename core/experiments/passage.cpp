#include "core/experiments/passage.h"

#include <algorithm>
#include <cctype>

#include "core/experiments/token_text.h"

namespace soi {
namespace {

constexpr std::string_view kIds = "ids:";
constexpr std::string_view kWhiteSpace = " \t\r\n";

/// A letter, or a byte of a character beyond ASCII, which is taken for one.
bool is_letter(char byte) {
  const auto code = static_cast<unsigned char>(byte);
  return code >= 0x80 || std::isalnum(code) != 0;
}

/// Whether letters meet at `place`: the word would be a part of a longer one.
bool joins_letters(std::string_view text, std::size_t place) {
  return place > 0 && place < text.size() && is_letter(text[place - 1]) && is_letter(text[place]);
}

std::size_t token_at(const Passage& passage, std::size_t byte) {
  return static_cast<std::size_t>(std::ranges::upper_bound(passage.begin, byte) - passage.begin.begin()) - 1;
}

std::vector<Occurrence> find_letters(const Passage& passage, std::string_view word) {
  std::vector<Occurrence> found;
  for (std::size_t at = passage.text.find(word); at != std::string::npos; at = passage.text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if (joins_letters(passage.text, at) || joins_letters(passage.text, end)) continue;
    found.push_back({token_at(passage, at), token_at(passage, end - 1)});
  }
  return found;
}

std::vector<Occurrence> find_tokens(const Passage& passage, const std::vector<std::int32_t>& ids) {
  std::vector<Occurrence> found;
  for (std::size_t t = 0; t + ids.size() <= passage.size(); ++t) {
    if (std::equal(ids.begin(), ids.end(), passage.tokens.begin() + static_cast<std::ptrdiff_t>(t))) {
      found.push_back({t, t + ids.size() - 1});
    }
  }
  return found;
}

}  // namespace

Passage read_passage(std::string_view text, const std::string& parameter, std::size_t n_least) {
  text = text.substr(0, text.find_last_not_of(kWhiteSpace) + 1);
  Passage passage;
  passage.tokens = read_tokens(text, parameter, n_least);
  passage.begin.push_back(0);
  for (std::int32_t id : passage.tokens) {
    passage.text += token_label(id);
    passage.begin.push_back(passage.text.size());
  }
  return passage;
}

std::vector<std::string> read_words(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    line.remove_prefix(std::min(line.size(), line.find_first_not_of(kWhiteSpace)));
    line = line.substr(0, line.find_last_not_of(kWhiteSpace) + 1);
    if (!line.empty()) words.emplace_back(line);
  }
  return words;
}

std::vector<Occurrence> find_word(const Passage& passage, std::string_view word, const std::string& parameter) {
  if (word.starts_with(kIds)) return find_tokens(passage, read_tokens(word, parameter, 1));
  return find_letters(passage, word);
}

}  // namespace soi
