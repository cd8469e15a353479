#pragma once

#include <vector>

#include "core/experiments/parameters.h"

namespace soi {

std::vector<ParameterSpec> sae_palinka_parameters();

}  // namespace soi
