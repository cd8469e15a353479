#pragma once

#include <array>
#include <cstdint>

namespace soi {

/// Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"): four 32-bit numbers for each
/// (seed, stream, index), no state, the same everywhere. Matches the Random123 test vectors.
std::array<std::uint32_t, 4> philox(std::uint64_t seed, std::uint64_t stream, std::uint64_t index) noexcept;

/// A number in [0, 1) with 53 bits; draw `index` of the stream.
double uniform(std::uint64_t seed, std::uint64_t stream, std::uint64_t index) noexcept;

/// A standard normal number (Box-Muller); draw `index` of the stream. Uses no libm function that differs between
/// platforms beyond the last place; the result is rounded to float.
float normal(std::uint64_t seed, std::uint64_t stream, std::uint64_t index) noexcept;

}  // namespace soi
