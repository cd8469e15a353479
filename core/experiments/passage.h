#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace soi {

/// A text as the model sees it.
struct Passage {
  std::vector<std::int32_t> tokens;
  std::string text;                // the tokens' bytes, joined
  std::vector<std::size_t> begin;  // [T + 1]: token t is bytes begin[t] .. begin[t + 1] - 1

  std::size_t size() const { return tokens.size(); }
};

/// A text, or token ids after "ids:"; white space at its end is left away. Throws as `read_tokens` does.
Passage read_passage(std::string_view text, const std::string& parameter, std::size_t n_least);

/// Words to look for, one a line: a word, a few words, or a sign; or, after "ids:", a sequence of tokens.
std::vector<std::string> read_words(std::string_view text);

/// Tokens of one place where a word stands.
struct Occurrence {
  std::size_t first = 0;
  std::size_t last = 0;  // the word counts as being here: only here has the model seen all of it
};

/// Every place where the word stands: by its letters, with no letter right before or after it; or by its tokens.
/// `parameter` names where the word came from. Throws Error{invalid_argument} for ids that are no numbers.
std::vector<Occurrence> find_word(const Passage& passage, std::string_view word, const std::string& parameter);

}  // namespace soi
