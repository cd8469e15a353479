#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace soi {

/// A random order of 0 .. n-1 (Fisher and Yates), the same for the same (seed, stream) everywhere.
std::vector<std::size_t> permutation(std::size_t n, std::uint64_t seed, std::uint64_t stream);

/// Share of a null distribution at least as large as `observed`, with the observed value counted in (Phipson and Smyth
/// 2010): (1 + #{null >= observed}) / (1 + n). Never 0; NaN where `observed` is. NaNs of the null are left out.
double permutation_p(double observed, std::span<const double> null);

}  // namespace soi
