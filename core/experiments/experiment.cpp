#include "core/experiments/experiment.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "core/experiments/all.h"
#include "core/experiments/claims.h"
#include "core/experiments/initial_values.h"
#include "core/experiments/lesson_files.h"
#include "core/tensor/closest_name.h"
#include "core/tensor/error.h"

namespace soi {
namespace {

void check_protocol(const std::string& protocol) {
  constexpr std::array<std::string_view, 3> kProtocols = {"notebook", "document", "corrected"};
  if (std::ranges::find(kProtocols, protocol) != kProtocols.end()) return;
  throw Error(ErrorCode::invalid_argument, "There is no protocol \"" + protocol + "\".",
              "The protocols are: notebook, document, corrected.",
              {{"name", "protocol"}, {"value", protocol}, {"range", "notebook, document, corrected"}});
}

}  // namespace

const std::vector<Experiment>& experiments() {
  static const std::vector<Experiment> all = {sae_simulation_experiment, sae_palinka_experiment,
                                              activation_maximization_experiment, ged_him_her_experiment,
                                              subspace_removal_experiment};
  return all;
}

const Experiment& find_experiment(std::string_view name) {
  std::vector<std::string> names;
  std::string list;
  for (const Experiment& experiment : experiments()) {
    if (experiment.name == name) return experiment;
    names.push_back(experiment.name);
    list += (list.empty() ? "" : ", ") + experiment.name;
  }
  throw Error(ErrorCode::invalid_argument, "There is no lesson \"" + std::string(name) + "\".",
              "Did you mean " + closest_name(name, names) + "? The lessons are: " + list + ".",
              {{"name", "lesson"}, {"value", std::string(name)}, {"range", list}});
}

ExperimentResult run_experiment(const Experiment& experiment, const std::string& protocol,
                                const std::vector<std::pair<std::string, std::string>>& given,
                                ExperimentContext& context) {
  check_protocol(protocol);
  const Parameters parameters(experiment.parameters, protocol, given);
  if (experiment.needs_model && context.model == nullptr) {
    throw Error(ErrorCode::invalid_argument, experiment.name + " needs a model.",
                "Name one with --model: a .safetensors file, a folder, or demo.",
                {{"name", "model"}, {"value", ""}, {"range", ""}});
  }
  check_initial_values(experiment, context.initial);
  const auto start = std::chrono::steady_clock::now();
  ExperimentResult result;
  result.lesson = experiment.name;
  result.protocol = protocol;
  result.seed = context.seed;
  result.model = experiment.needs_model ? context.model_name : "";
  result.build = build_name();
  result.parameters = parameters.values();
  experiment.run(parameters, context, result);
  result.claims = judge_claims(lesson_file(experiment.folder + "/claims.json"), result);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

std::string_view build_name() {
#if !defined(__EMSCRIPTEN__)
  return "native";
#elif defined(SOI_RELAXED_SIMD)
  return "wasm-relaxed-threads";
#elif defined(SOI_THREADS)
  return "wasm-simd-threads";
#else
  return "wasm-simd";
#endif
}

std::string_view lesson_file(std::string_view path) {
  const auto found = lesson_files().find(path);
  if (found != lesson_files().end()) return found->second;
  throw Error(ErrorCode::internal, "The build holds no lesson file " + std::string(path));
}

}  // namespace soi
