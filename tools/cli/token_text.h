#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/weights/config.h"

namespace soi::cli {

/// For people: in quotes, with control characters and bytes that are not UTF-8 as escapes.
std::string quoted(std::string_view bytes);

/// For JSON: each byte that is no part of well-formed UTF-8 becomes U+FFFD.
std::string valid_utf8(std::string_view bytes);

/// Whether a token has a text: GPT-2's tokenizer knows it, and the model's vocabulary is GPT-2's, maybe with more rows
/// after it.
bool has_text(std::int32_t id, const Config& config);

/// Two lower-case digits a byte.
std::string hexadecimal(std::string_view bytes);

}  // namespace soi::cli
