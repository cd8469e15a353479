#pragma once

#include <string>
#include <string_view>

namespace soi {

/// A number as Vietnamese prose writes it: decimal comma, full stops between thousands, a true minus sign.
/// `format`: "" three significant digits (very small or large ones as 1,2 × 10⁻⁵), "percent"
/// (65 %, 6,5 %, 0,65 %, 0,065 %), or the number
/// of digits after the comma ("0".."9"). NaN is "không xác định", infinity "vô cùng". Throws Error{internal} for
/// another format.
std::string vietnamese_number(double value, std::string_view format = "");

}  // namespace soi
