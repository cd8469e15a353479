#include "core/kernels/elementary.h"

#include <bit>
#include <cstdint>
#include <cmath>

namespace soi {

double log_double(double x) noexcept { return std::log(x); }

double cos_turn(double turn) noexcept { return std::cos(6.283185307179586 * turn); }

}  // namespace soi
