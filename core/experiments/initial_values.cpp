#include "core/experiments/initial_values.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/tensor/closest_name.h"
#include "core/tensor/error.h"

namespace soi {
namespace {

constexpr const char* kKeepInitial = "keep_initial";

[[noreturn]] void throw_unknown(const Experiment& experiment, const std::string& name) {
  std::string list;
  for (const std::string& known : experiment.initial_values) list += (list.empty() ? "" : ", ") + known;
  throw Error(ErrorCode::invalid_argument, experiment.name + " starts from no value named \"" + name + "\".",
              list.empty()
                  ? "It takes no initial values."
                  : "Did you mean " + closest_name(name, experiment.initial_values) + "? It takes: " + list + ".",
              {{"name", "initial"}, {"value", name}, {"range", list}});
}

}  // namespace

ParameterSpec keep_initial_parameter() {
  return boolean_parameter(kKeepInitial, false, "Whether the result holds the values that the run started from.");
}

void check_initial_values(const Experiment& experiment, const std::map<std::string, Tensor>& initial) {
  for (const auto& [name, value] : initial) {
    if (std::ranges::find(experiment.initial_values, name) == experiment.initial_values.end()) {
      throw_unknown(experiment, name);
    }
    if (!std::ranges::all_of(value.values(), [](float v) { return std::isfinite(v); })) {
      throw Error(ErrorCode::invalid_argument, "The initial " + name + " holds a value that is not finite.",
                  "Give finite numbers.",
                  {{"name", "initial." + name}, {"value", "NaN or infinity"}, {"range", "finite"}});
    }
  }
}

Tensor initial_value(const std::string& name, Tensor drawn, const ExperimentContext& context,
                     const Parameters& parameters, ExperimentResult& result) {
  const auto given = context.initial.find(name);
  if (given != context.initial.end() && given->second.shape() != drawn.shape()) {
    const std::string range = drawn.empty() ? "none" : to_string(drawn.shape());
    throw Error(ErrorCode::invalid_argument,
                "The initial " + name + " has shape " + to_string(given->second.shape()) + "; these settings take " +
                    range + ".",
                "Give values of that shape, or change the settings.",
                {{"name", "initial." + name}, {"value", to_string(given->second.shape())}, {"range", range}});
  }
  Tensor value = given == context.initial.end() ? std::move(drawn) : given->second.clone();
  if (parameters.boolean(kKeepInitial) && !value.empty()) result.arrays["initial." + name] = value.clone();
  return value;
}

}  // namespace soi
