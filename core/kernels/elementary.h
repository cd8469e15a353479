#pragma once

namespace soi {

/// Elementary functions of one double by our own polynomials: the platforms' libm differ in the last place, and the
/// same seed must give the same numbers everywhere.

/// Natural logarithm of a positive, finite, normal x, within 1 ulp. (fdlibm's e_log.c, Sun Microsystems 1993.)
double log_double(double x) noexcept;

/// cos(2 pi turn) for turn in [0, 1], within 2^-52. (fdlibm's k_cos.c and k_sin.c, after an exact reduction.)
double cos_turn(double turn) noexcept;

}  // namespace soi
