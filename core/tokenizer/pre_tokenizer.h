#pragma once

#include <cstddef>
#include <string_view>

namespace soi::tokenizer {

/// Where the piece that starts at text[begin] ends; merges never cross the end of a piece. The pieces are the matches
/// of r50k_base's pattern (tiktoken_ext/openai_public.py; OpenAI's GPT-2 release, src/encoder.py):
///
///     's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
///
/// A byte that is not UTF-8 counts as a character that is no letter, number or space. begin < text.size(), and is 0 or
/// the end of a piece. Cost: linear in the piece.
std::size_t piece_end(std::string_view text, std::size_t begin);

}  // namespace soi::tokenizer
