#pragma once

#include <map>
#include <string>

#include "core/tensor/tensor.h"

namespace soi::cli {

/// A .npy file (NumPy's format) of float32 or float64, in C order, as float32. Throws Error{io_error} where it cannot
/// be read, Error{invalid_argument} where it holds something else.
Tensor read_npy(const std::string& path);

/// The folder's files by what stands before ".npy". Where some are named initial.NAME.npy, as a run's arrays are, only
/// these, as NAME. Throws Error where there are none, or one cannot be read.
std::map<std::string, Tensor> read_initial_values(const std::string& folder);

}  // namespace soi::cli
