#include "core/tokenizer/tokenizer.h"

#include "core/tensor/error.h"
#include "core/tokenizer/byte_pair_merge.h"
#include "core/tokenizer/pre_tokenizer.h"
#include "core/tokenizer/utf8.h"
#include "core/tokenizer/vocabulary.h"

namespace soi::tokenizer {
namespace {

constexpr std::string_view end_of_text_bytes = "<|endoftext|>";

// The tokens of text[begin, end). Its pieces know nothing of what lies around it: as in tiktoken, spaces before a
// special token stand at the end of a text.
void append_ordinary(std::string_view text, std::size_t begin, std::size_t end, BytePairMerger& merger,
                     std::vector<Token>& tokens) {
  const std::string_view segment = text.substr(0, end);
  while (begin < end) {
    const std::size_t next = piece_end(segment, begin);
    merger.append_tokens(segment.substr(begin, next - begin), begin, tokens);
    begin = next;
  }
}

}  // namespace

std::vector<Token> encode(std::string_view text, SpecialTokens special) {
  BytePairMerger merger(Vocabulary::r50k_base());
  std::vector<Token> tokens;
  std::size_t begin = 0;
  if (special == SpecialTokens::as_token) {
    for (std::size_t at = text.find(end_of_text_bytes); at != std::string_view::npos;
         at = text.find(end_of_text_bytes, begin)) {
      append_ordinary(text, begin, at, merger, tokens);
      begin = at + end_of_text_bytes.size();
      tokens.push_back({end_of_text, at, begin});
    }
  }
  append_ordinary(text, begin, text.size(), merger, tokens);
  return tokens;
}

std::string_view token_bytes(std::int32_t id) {
  if (id < 0 || id >= n_vocab) {
    throw Error(ErrorCode::token_out_of_range,
                "token " + std::to_string(id) + " is not in the vocabulary of " + std::to_string(n_vocab) + " tokens",
                "give token ids from 0 to " + std::to_string(n_vocab - 1),
                {{"token", std::to_string(id)}, {"n_vocab", std::to_string(n_vocab)}});
  }
  return id == end_of_text ? end_of_text_bytes : Vocabulary::r50k_base().bytes(id);
}

std::string decode(std::span<const std::int32_t> ids) {
  std::string bytes;
  for (const std::int32_t id : ids) bytes += token_bytes(id);
  return bytes;
}

std::vector<std::size_t> character_groups(std::string_view text, std::span<const Token> tokens) {
  std::vector<std::size_t> groups;
  std::size_t character = 0;  // where the first character that starts at or after the token's first byte starts
  for (std::size_t index = 0; index < tokens.size(); ++index) {
    while (character < tokens[index].begin) character += character_at(text, character).size;
    if (character == tokens[index].begin) groups.push_back(index);
  }
  return groups;
}

}  // namespace soi::tokenizer
