#pragma once

#include <string>

#include "core/tensor/tensor.h"

namespace soi::cli {

/// Writes a float32 .npy file (NumPy's format), replacing what is there. Throws Error{io_error}.
void write_npy(const std::string& path, const Tensor& tensor);

}  // namespace soi::cli
