#include "core/kernels/elementary.h"

#include <bit>
#include <cstdint>

namespace soi {
namespace {

/// cos and sin of an angle in [-pi/4, pi/4].
double cos_kernel(double angle) {
  const double z = angle * angle;
  double p = -1.13596475577881948265e-11;
  p = p * z + 2.08757232129817482790e-09;
  p = p * z - 2.75573143513906633035e-07;
  p = p * z + 2.48015872894767294178e-05;
  p = p * z - 1.38888888888741095749e-03;
  p = p * z + 4.16666666666666019037e-02;
  return 1.0 - (0.5 * z - z * z * p);
}

double sin_kernel(double angle) {
  const double z = angle * angle;
  double p = 1.58969099521155010221e-10;
  p = p * z - 2.50507602534068634195e-08;
  p = p * z + 2.75573137070700676789e-06;
  p = p * z - 1.98412698298579493134e-04;
  p = p * z + 8.33333333332248946124e-03;
  p = p * z - 1.66666666666666324348e-01;
  return angle + angle * z * p;
}

}  // namespace

double log_double(double x) noexcept {
  constexpr double kLn2High = 6.93147180369123816490e-01;  // 32 bits: k * kLn2High is exact
  constexpr double kLn2Low = 1.90821492927058770002e-10;
  constexpr std::uint64_t kFraction = 0x000fffffffffffff;
  constexpr std::uint64_t kSqrt2Fraction = 0x0006a09e667f3bcd;
  // x = 2^k m with m in [sqrt(1/2), sqrt(2)).
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const bool above_sqrt2 = (bits & kFraction) >= kSqrt2Fraction;
  const double k = static_cast<double>(static_cast<int>(bits >> 52) - 1023 + (above_sqrt2 ? 1 : 0));
  const std::uint64_t exponent = above_sqrt2 ? 0x3fe0000000000000 : 0x3ff0000000000000;
  const double f = std::bit_cast<double>((bits & kFraction) | exponent) - 1.0;

  // log(1 + f) = f - f^2/2 + s (f^2/2 + R(s^2)), s = f / (2 + f).
  const double s = f / (2.0 + f);
  const double z = s * s;
  double r = 1.479819860511658591e-01;
  r = r * z + 1.531383769920937332e-01;
  r = r * z + 1.818357216161805012e-01;
  r = r * z + 2.222219843214978396e-01;
  r = r * z + 2.857142874366239149e-01;
  r = r * z + 3.999999999940941908e-01;
  r = r * z + 6.666666666666735130e-01;
  const double half_square = 0.5 * f * f;
  return k * kLn2High - ((half_square - (s * (half_square + r * z) + k * kLn2Low)) - f);
}

double cos_turn(double turn) noexcept {
  constexpr double kTwoPi = 6.283185307179586476925;
  // NOLINTNEXTLINE(bugprone-incorrect-roundings): which of two quarters a tie goes to does not matter.
  const int quarter = static_cast<int>(turn * 4.0 + 0.5);
  const double angle = (turn - quarter * 0.25) * kTwoPi;  // the difference is exact
  switch (quarter) {
    case 1:
      return -sin_kernel(angle);
    case 2:
      return -cos_kernel(angle);
    case 3:
      return sin_kernel(angle);
    default:
      return cos_kernel(angle);
  }
}

}  // namespace soi
