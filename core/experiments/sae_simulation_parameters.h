#pragma once

#include <vector>

#include "core/experiments/parameters.h"

namespace soi {

std::vector<ParameterSpec> sae_simulation_parameters();

}  // namespace soi
