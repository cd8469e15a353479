#pragma once

#include <cmath>
#include <cstdint>
#include <string>

#include "core/tensor/error.h"

namespace soi::wasm {

/// A seed as JavaScript has it. Throws Error{invalid_argument}.
inline std::uint64_t seed_of(double number) {
  constexpr double kLargestExact = 9007199254740991.0;  // 2^53 - 1: JavaScript's whole numbers end here
  if (number < 0 || number > kLargestExact || number != std::floor(number)) {
    throw Error(ErrorCode::invalid_argument, "The seed must be a whole number from 0 to 2^53 - 1.", {},
                {{"name", "seed"}, {"value", std::to_string(number)}, {"range", "0 .. 2^53 - 1"}});
  }
  return static_cast<std::uint64_t>(number);
}

}  // namespace soi::wasm
