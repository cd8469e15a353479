#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace soi {

/// A piece of text as the model sees it: the bytes [begin, end) of the text.
struct Token {
  std::int32_t id = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// What the text "<|endoftext|>" becomes.
enum class SpecialTokens : bool {
  as_text,   // ordinary tokens
  as_token,  // the one token 50256
};

/// GPT-2's byte-level BPE, the same ids as OpenAI's r50k_base (tiktoken) on every string of valid UTF-8. Bytes that are
/// not valid UTF-8 are tokens too (each such byte is split off as a character that is no letter, number or space), so
/// that decode(encode(bytes)) == bytes for any bytes.
namespace tokenizer {

inline constexpr std::int32_t n_vocab = 50257;
inline constexpr std::int32_t end_of_text = 50256;

/// Token byte ranges are contiguous and cover the text. Cost: linear in the text, n log n in a run without a split.
std::vector<Token> encode(std::string_view text, SpecialTokens special = SpecialTokens::as_text);

/// The bytes of one token; a view that lives as long as the program. Throws Error{token_out_of_range}.
std::string_view token_bytes(std::int32_t id);

/// The tokens' bytes, joined; may not be valid UTF-8. Throws Error{token_out_of_range}.
std::string decode(std::span<const std::int32_t> ids);

/// For showing: runs of tokens that together are whole characters. `tokens` are those of `text`, in order. Returns the
/// index of the first token of each group; a group is cut wherever the bytes so far are complete UTF-8 (invalid bytes
/// are characters of their own).
std::vector<std::size_t> character_groups(std::string_view text, std::span<const Token> tokens);

}  // namespace tokenizer
}  // namespace soi
