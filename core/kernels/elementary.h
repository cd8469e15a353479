#pragma once

namespace soi {

/// Elementary functions of one double, by our own polynomials: the platforms' libm differ in the last place, and the same
/// seed must give the same numbers everywhere.

/// Natural logarithm of a positive, finite, normal x.
double log_double(double x) noexcept;

/// cos(2 pi turn) for turn in [0, 1].
double cos_turn(double turn) noexcept;

}  // namespace soi
