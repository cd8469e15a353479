#pragma once

#include <cstdint>

#include "core/tensor/tensor.h"

namespace soi {

/// Symmetric int8: value is about out * scale, scale = (largest magnitude) / 127, ties to even. Values are finite.
/// The error of a value is at most scale / 2. A row or column of zeros gets the scale 0.

/// One scale a row.  values [n_rows, n_cols] -> out [n_rows, n_cols], scales [n_rows].
void quantize_rows(ConstMatrixView values, std::int8_t* out, float* scales) noexcept;

/// One scale a column.  values [n_rows, n_cols] -> out [n_rows, n_cols], scales [n_cols].
void quantize_columns(ConstMatrixView values, std::int8_t* out, float* scales) noexcept;

}  // namespace soi
