#pragma once

#include <gtest/gtest.h>

#include <bit>
#include <cstdint>

#include "core/tensor/tensor.h"

namespace soi {

/// Equal to the last bit; a NaN equals itself, and -0 is not 0.
inline testing::AssertionResult same_bits(ConstMatrixView actual, ConstMatrixView expected) {
  if (actual.n_rows != expected.n_rows || actual.n_cols != expected.n_cols) {
    return testing::AssertionFailure() << "shapes differ";
  }
  for (std::size_t i = 0; i < actual.n_rows; ++i) {
    for (std::size_t j = 0; j < actual.n_cols; ++j) {
      const float x = actual.row(i)[j];
      const float y = expected.row(i)[j];
      if (std::bit_cast<std::uint32_t>(x) != std::bit_cast<std::uint32_t>(y)) {
        return testing::AssertionFailure() << "at [" << i << ", " << j << "]: " << x << ", expected " << y;
      }
    }
  }
  return testing::AssertionSuccess();
}

}  // namespace soi
