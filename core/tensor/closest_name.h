#pragma once

#include <span>
#include <string>
#include <string_view>

namespace soi {

/// The candidate with the smallest Levenshtein distance to `name`, the first of equals: for "did you mean ...?".
/// Empty where there are no candidates. Only the first 128 bytes of `name` count, which bounds the work.
std::string closest_name(std::string_view name, std::span<const std::string> candidates);

}  // namespace soi
