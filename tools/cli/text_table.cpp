#include "tools/cli/text_table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <ostream>

namespace soi::cli {

std::size_t n_columns(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0u) != 0x80u; }));
}

void TextTable::print(std::ostream& out, std::string_view indent) const {
  std::vector<std::size_t> widths;
  for (const std::vector<std::string>& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], n_columns(row[i]));
  }
  for (const std::vector<std::string>& row : rows_) {
    std::string line(indent);
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i] + std::string(widths[i] - n_columns(row[i]) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << '\n';
  }
}

void print_wrapped(std::ostream& out, std::string_view text, std::size_t width, std::string_view indent) {
  std::size_t used = 0;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    if (used > 0 && used + 1 + n_columns(word) > width) {
      out << '\n';
      used = 0;
    }
    out << (used == 0 ? indent : std::string_view(" ")) << word;
    used += (used == 0 ? 0 : 1) + n_columns(word);
    begin = end + 1;
  }
  if (used > 0) out << '\n';
}

std::string number(double value, int digits) {
  if (!std::isfinite(value)) return "-";
  std::array<char, 40> text{};
  // %g would write 6144 of four digits as 6144, and 61440 as 6.144e+04: whole numbers are written out.
  if (value == std::floor(value) && std::abs(value) < 1e9) {
    std::snprintf(text.data(), text.size(), "%.0f", value);
  } else {
    std::snprintf(text.data(), text.size(), "%.*g", digits, value);
  }
  return text.data();
}

}  // namespace soi::cli
