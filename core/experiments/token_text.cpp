#include "core/experiments/token_text.h"

#include <charconv>

#include "core/tensor/error.h"
#include "core/tokenizer/tokenizer.h"

namespace soi {
namespace {

constexpr std::string_view kIds = "ids:";
constexpr std::string_view kBetweenIds = " \t\r\n,";

}  // namespace

std::vector<std::int32_t> read_ids(std::string_view text, const std::function<void(const std::string& word)>& refuse) {
  std::vector<std::int32_t> ids;
  while (true) {
    const std::size_t begin = text.find_first_not_of(kBetweenIds);
    if (begin == std::string_view::npos) return ids;
    text.remove_prefix(begin);
    const std::string_view number = text.substr(0, text.find_first_of(kBetweenIds));
    std::int32_t id = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), id);
    if (error != std::errc{} || end != number.data() + number.size()) refuse(std::string(number));
    ids.push_back(id);
    text.remove_prefix(number.size());
  }
}

std::vector<std::int32_t> read_tokens(std::string_view text, const std::string& parameter, std::size_t n_least) {
  std::vector<std::int32_t> ids;
  if (text.starts_with(kIds)) {
    ids = read_ids(text.substr(kIds.size()), [&](const std::string& word) {
      throw Error(ErrorCode::invalid_argument, parameter + ": \"" + word + "\" is not a token id.",
                  "Write whole numbers after ids:, as in ids: 464 3290 318.",
                  {{"name", parameter}, {"value", word}, {"range", "ids: 464 3290 ..."}});
    });
  } else {
    for (const Token& token : tokenizer::encode(text)) ids.push_back(token.id);
  }
  if (ids.size() >= n_least) return ids;
  throw Error(ErrorCode::invalid_argument, parameter + " has " + std::to_string(ids.size()) + " tokens.",
              "Give a text of at least " + std::to_string(n_least) + " tokens.",
              {{"name", parameter},
               {"value", std::to_string(ids.size()) + " tokens"},
               {"range", "at least " + std::to_string(n_least) + " tokens"}});
}

std::string token_label(std::int32_t id) {
  return id < tokenizer::n_vocab ? std::string(tokenizer::token_bytes(id)) : "[" + std::to_string(id) + "]";
}

std::vector<std::string> token_labels(const std::vector<std::int32_t>& tokens) {
  std::vector<std::string> labels;
  for (std::int32_t id : tokens) labels.push_back(token_label(id));
  return labels;
}

}  // namespace soi
