#pragma once

#include <vector>

#include "core/experiments/parameters.h"

namespace soi {

/// What the lesson on subspace removal can be told, with what the notebook and the document did.
std::vector<ParameterSpec> subspace_removal_parameters();

}  // namespace soi
