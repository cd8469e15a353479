#include "core/model/finite_rows.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/tensor/error.h"

namespace soi {

void require_finite_rows(ConstMatrixView rows) {
  for (std::size_t r = 0; r < rows.n_rows; ++r) {
    if (std::ranges::all_of(rows[r], [](float value) { return std::isfinite(value); })) continue;
    throw Error(ErrorCode::activation_not_finite, "The model computes NaN or infinity (row " + std::to_string(r) + ").",
                "The weights are damaged, or an edit made an activation too large.");
  }
}

}  // namespace soi
