#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/experiments/parameters.h"
#include "core/experiments/result.h"
#include "core/kernels/thread_pool.h"
#include "core/model/gpt2.h"
#include "core/tensor/tensor.h"

namespace soi {

/// What a run is given beside its parameters.
struct ExperimentContext {
  const Gpt2* model = nullptr;  // null only for simulations
  std::string model_name;
  ThreadPool* pool = nullptr;
  std::uint64_t seed = 1;
  /// Called with the fraction done, in [0, 1], at least ten times a second; throws Error{cancelled} to stop.
  std::function<void(double fraction)> progress = [](double) {};
  /// Called with each new point of a series that grows while the run goes on (a loss, a target activation), so that it
  /// can be drawn as it comes. The whole series is in the result too. Only from the thread that runs the experiment.
  std::function<void(std::string_view series, double step, double value)> observe = [](std::string_view, double,
                                                                                       double) {};
  /// Values to start from in place of random ones, by the names of `Experiment::initial_values`; see initial_values.h.
  std::map<std::string, Tensor> initial;
};

/// A lesson's experiment: a function from parameters, model and seed to a result with its controls.
struct Experiment {
  std::string name;    // "sae-simulation": as in `soi lesson NAME`
  std::string folder;  // "01-sae-mo-phong": where its claims and data lie, in lessons/
  bool needs_model = true;
  std::vector<ParameterSpec> parameters;  // `protocol` is common to all, and not among them
  void (*run)(const Parameters& parameters, ExperimentContext& context, ExperimentResult& result) = nullptr;
  std::vector<std::string> initial_values = {};  // what ExperimentContext::initial may hold: "encoder", ...
};

/// The five, in the lessons' order.
const std::vector<Experiment>& experiments();

/// Throws Error{invalid_argument} with the names there are.
const Experiment& find_experiment(std::string_view name);

/// Checks the parameters and the initial values, runs, judges the claims, fills in seed, model, build and seconds.
/// `protocol`: "notebook", "document" or "corrected".
ExperimentResult run_experiment(const Experiment& experiment, const std::string& protocol,
                                const std::vector<std::pair<std::string, std::string>>& given,
                                ExperimentContext& context);

/// "native", "wasm-simd", "wasm-simd-threads", "wasm-relaxed-threads"
std::string_view build_name();

/// A file of the lesson's folder that the build has put into the program: "02-sae-palinka/data/passage.txt".
/// Throws Error{internal} where there is none.
std::string_view lesson_file(std::string_view path);

}  // namespace soi
