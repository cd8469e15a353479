#pragma once

#include <string>
#include <string_view>

namespace soi::cli {

/// For people: in quotes, with control characters and bytes that are not UTF-8 as escapes.
std::string quoted(std::string_view bytes);

/// For JSON: each byte that is no part of well-formed UTF-8 becomes U+FFFD.
std::string valid_utf8(std::string_view bytes);

/// Two lower-case digits a byte.
std::string hexadecimal(std::string_view bytes);

}  // namespace soi::cli
