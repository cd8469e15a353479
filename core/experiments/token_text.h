#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace soi {

/// The tokens of a reader's text. A text that starts with "ids:" holds token ids instead, with spaces or commas between
/// them: ids: 464 3290 318. `parameter` names where the text came from. Throws Error{invalid_argument} naming it: fewer
/// than `n_least` tokens, or an id that is no number.
std::vector<std::int32_t> read_tokens(std::string_view text, const std::string& parameter, std::size_t n_least);

/// Token ids with spaces or commas between them. `refuse` is called with a word that is no number, and must throw.
std::vector<std::int32_t> read_ids(std::string_view text, const std::function<void(const std::string& word)>& refuse);

/// The bytes of a token, for a label; its number in brackets where a model has more tokens than GPT-2's tokenizer.
std::string token_label(std::int32_t id);
std::vector<std::string> token_labels(const std::vector<std::int32_t>& tokens);

}  // namespace soi
