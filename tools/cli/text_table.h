#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace soi::cli {

/// Lines of cells in columns as wide as their widest cell, two spaces apart. Widths count characters, not bytes.
class TextTable {
 public:
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  void print(std::ostream& out, std::string_view indent = "  ") const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

/// Characters of a UTF-8 text, composed as ours is (NFC): so many columns of a terminal.
std::size_t n_columns(std::string_view text);

/// The text in lines of at most `width` columns, each after `indent`; a longer word has a line of its own.
void print_wrapped(std::ostream& out, std::string_view text, std::size_t width, std::string_view indent);

/// Up to `digits` significant digits: "0.9981", "1.2e-05", "6144"; "-" where it is not finite.
std::string number(double value, int digits = 4);

}  // namespace soi::cli
