#include "core/experiments/number_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "core/tensor/error.h"

namespace soi {
namespace {

std::string print(const char* format, int digits, double value) {
  char text[400];  // the largest double has 309 digits before the point
  std::snprintf(text, sizeof text, format, digits, value);
  return text;
}

/// "-1234.50" to "−1.234,50".
std::string with_separators(const std::string& plain) {
  const bool negative = plain.front() == '-';
  const std::size_t begin = negative ? 1 : 0;
  const std::size_t point = plain.find('.');
  const std::size_t end_of_integer = point == std::string::npos ? plain.size() : point;
  std::string text = negative ? "−" : "";
  for (std::size_t i = begin; i < end_of_integer; ++i) {
    if (i > begin && (end_of_integer - i) % 3 == 0) text += '.';
    text += plain[i];
  }
  if (point != std::string::npos) text.append(",").append(plain, point + 1);
  return text;
}

std::string fixed(double value, int digits) {
  const std::string text = print("%.*f", digits, value);
  const bool is_zero = text.find_first_of("123456789") == std::string::npos;
  return with_separators(is_zero && text.front() == '-' ? text.substr(1) : text);
}

std::string power_of_ten(int exponent) {
  constexpr std::array<const char*, 10> kSuperscripts = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string text = exponent < 0 ? "10⁻" : "10";
  for (char digit : std::to_string(std::abs(exponent))) text += kSuperscripts[static_cast<std::size_t>(digit - '0')];
  return text;
}

std::string significant(double value, int digits) {
  if (value == 0) return "0";
  const std::string scientific = print("%.*e", digits - 1, value);  // "-1.23e-05": the exponent after rounding
  const std::size_t e = scientific.find('e');
  const int exponent = std::stoi(scientific.substr(e + 1));
  if (exponent < -3 || exponent > 8) return with_separators(scientific.substr(0, e)) + " × " + power_of_ten(exponent);
  return fixed(value, std::max(0, digits - 1 - exponent));
}

/// No tiny share is written as none.
std::string percent(double value) {
  const double size = std::abs(value);
  if (size > 0 && size < 0.001) return significant(100 * value, 2);
  return fixed(100 * value, size >= 0.1 ? 0 : size >= 0.01 || size == 0 ? 1 : 2);
}

}  // namespace

std::string vietnamese_number(double value, std::string_view format) {
  if (std::isnan(value)) return "không xác định";
  if (std::isinf(value)) return value > 0 ? "vô cùng" : "âm vô cùng";
  if (format.empty()) return significant(value, 3);
  if (format == "percent") return percent(value) + " %";
  if (format.size() == 1 && format[0] >= '0' && format[0] <= '9') return fixed(value, format[0] - '0');
  throw Error(ErrorCode::internal, "claims.json: no such number format: " + std::string(format));
}

}  // namespace soi
