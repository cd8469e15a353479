#pragma once

#include <string>
#include <string_view>

namespace soi::wasm {

/// "n_layers" -> "nLayers": a C++ name as JavaScript spells it.
inline std::string camel_case(std::string_view snake_case) {
  std::string text;
  bool upper = false;
  for (char c : snake_case) {
    if (c == '_') {
      upper = true;
      continue;
    }
    text += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    upper = false;
  }
  return text;
}

}  // namespace soi::wasm
