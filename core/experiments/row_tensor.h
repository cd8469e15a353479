#pragma once

#include <vector>

#include "core/tensor/tensor.h"

namespace soi {

/// Rows of one length as a float32 array of the result, [n, length]. There is at least one.
Tensor row_tensor(const std::vector<std::vector<double>>& rows);

}  // namespace soi
