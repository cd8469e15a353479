#pragma once

#include <string>

namespace soi {

/// All experiments and their parameters as JSON text, in the lessons' order: a list of {name, folder, needs_model,
/// initial_values, parameters}. A parameter: {name, kind, fallback, minimum, maximum, unit, choices, meaning,
/// by_protocol}; kind: "integer", "real", "boolean", "choice" or "text"; minimum and maximum are of numbers alone,
/// choices of a choice.
std::string describe_experiments();

}  // namespace soi
