#pragma once

#include <map>
#include <string>

#include "core/experiments/experiment.h"

namespace soi {

/// The parameter `keep_initial`, of every experiment that starts from values of `Experiment::initial_values`: the
/// result's arrays then hold them as "initial.NAME", so that another implementation can start from the same ones.
ParameterSpec keep_initial_parameter();

/// Throws Error{invalid_argument} where a name is not among the experiment's, or a value is not finite.
void check_initial_values(const Experiment& experiment, const std::map<std::string, Tensor>& initial);

/// The value that was given under this name, or else the one drawn; kept in the result where the parameters ask for it.
/// Where the settings leave no place for it `drawn` is empty, and none may be given. Throws Error{invalid_argument}
/// where the given one is not of the drawn one's shape.
Tensor initial_value(const std::string& name, Tensor drawn, const ExperimentContext& context,
                     const Parameters& parameters, ExperimentResult& result);

}  // namespace soi
