#pragma once

#include <vector>

#include "core/experiments/parameters.h"

namespace soi {

/// The knobs of lesson 3. What the document leaves open is taken from the notebook.
std::vector<ParameterSpec> ged_him_her_parameters();

}  // namespace soi
