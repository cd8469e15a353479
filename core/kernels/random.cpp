#include "core/kernels/random.h"

#include <bit>
#include <cmath>

#include "core/kernels/elementary.h"

namespace soi {
namespace {

constexpr double kTwoToMinus53 = 0x1p-53;

std::uint64_t join(std::uint32_t low, std::uint32_t high) { return (std::uint64_t{high} << 32) | low; }

}  // namespace

std::array<std::uint32_t, 4> philox(std::uint64_t seed, std::uint64_t stream, std::uint64_t index) noexcept {
  std::array<std::uint32_t, 4> counter = {static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32),
                                          static_cast<std::uint32_t>(stream), static_cast<std::uint32_t>(stream >> 32)};
  std::uint32_t key0 = static_cast<std::uint32_t>(seed);
  std::uint32_t key1 = static_cast<std::uint32_t>(seed >> 32);
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t product0 = std::uint64_t{0xD2511F53} * counter[0];
    const std::uint64_t product1 = std::uint64_t{0xCD9E8D57} * counter[2];
    counter = {static_cast<std::uint32_t>(product1 >> 32) ^ counter[1] ^ key0, static_cast<std::uint32_t>(product1),
               static_cast<std::uint32_t>(product0 >> 32) ^ counter[3] ^ key1, static_cast<std::uint32_t>(product0)};
    key0 += 0x9E3779B9;  // golden ratio
    key1 += 0xBB67AE85;  // sqrt(3) - 1
  }
  return counter;
}

double uniform(std::uint64_t seed, std::uint64_t stream, std::uint64_t index) noexcept {
  const auto bits = philox(seed, stream, index);
  return static_cast<double>(join(bits[0], bits[1]) >> 11) * kTwoToMinus53;
}

float normal(std::uint64_t seed, std::uint64_t stream, std::uint64_t index) noexcept {
  const auto bits = philox(seed, stream, index);
  // (0, 1]: the logarithm of 0 must not come.
  const double u = static_cast<double>((join(bits[0], bits[1]) >> 11) + 1) * kTwoToMinus53;
  const double turn = static_cast<double>(join(bits[2], bits[3]) >> 11) * kTwoToMinus53;
  return static_cast<float>(std::sqrt(-2.0 * log_double(u)) * cos_turn(turn));
}

}  // namespace soi
