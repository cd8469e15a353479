#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include "core/experiments/describe.h"
#include "core/experiments/experiment.h"
#include "core/tensor/error.h"
#include "tools/cli/checkpoint_path.h"
#include "tools/cli/command.h"
#include "tools/cli/folder.h"
#include "tools/cli/lesson_report.h"
#include "tools/cli/npy_input.h"
#include "tools/cli/npy_output.h"
#include "tools/cli/run_input.h"
#include "tools/cli/run_monitor.h"
#include "tools/cli/text_file.h"

namespace soi::cli {
namespace {

constexpr int kInterruptedStatus = 130;  // as a shell names a program that SIGINT ended

int list_lessons(const LessonCommand& command) {
  const Experiment* only = command.name.empty() ? nullptr : &find_experiment(command.name);
  if (command.json) {
    Json lessons = Json::array();
    for (Json& lesson : Json::parse(describe_experiments())) {
      if (only == nullptr || lesson["name"] == only->name) lessons.push_back(std::move(lesson));
    }
    print_json(lessons);
    return 0;
  }
  bool first = true;
  for (const Experiment& experiment : experiments()) {
    if (only != nullptr && &experiment != only) continue;
    if (!std::exchange(first, false)) std::cout << '\n';
    print_experiment(std::cout, experiment);
  }
  return 0;
}

// Some editors put it before a text that they save; to the tokenizer it would be a word.
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_text(const Experiment& experiment, const std::string& parameter) {
  for (const ParameterSpec& spec : experiment.parameters) {
    if (spec.name == parameter) return spec.kind == ParameterSpec::Kind::text;
  }
  return false;
}

/// The settings without the protocol, texts read from their files.
std::vector<std::pair<std::string, std::string>> read_settings(const LessonCommand& command,
                                                               const Experiment& experiment) {
  std::vector<std::pair<std::string, std::string>> settings;
  for (auto [name, value] : command.settings) {
    if (name == "protocol") continue;
    if (value.starts_with('@') && is_text(experiment, name)) {
      value = value.starts_with("@@") ? value.substr(1) : read_file(value.substr(1));
      if (value.starts_with(kByteOrderMark)) value.erase(0, kByteOrderMark.size());
    }
    settings.emplace_back(name, std::move(value));
  }
  return settings;
}

std::string protocol_of(const LessonCommand& command) {
  for (const auto& [name, value] : command.settings) {
    if (name == "protocol") return value;
  }
  return command.protocol;
}

/// What a reader calls the model: `demo`, or the name of its folder, or of a file that is not named as all are.
std::string model_name(const std::string& model) {
  const std::filesystem::path path = std::filesystem::absolute(model).lexically_normal();
  if (model == "demo" || path.stem() == "model")
    return model == "demo" ? model : path.parent_path().filename().string();
  return path.has_filename() ? path.stem().string() : path.parent_path().filename().string();
}

ExperimentResult run_lesson(const LessonCommand& command, const Experiment& experiment) {
  const auto settings = read_settings(command, experiment);
  ExperimentContext context;
  if (!command.initial.empty()) context.initial = read_initial_values(command.initial);
  // A wrong setting is told before a large model is read.
  const Parameters checked(experiment.parameters, protocol_of(command), settings);
  std::unique_ptr<Gpt2> model;
  if (experiment.needs_model && !command.model.model.empty()) {
    model = open_model(command.model, find_checkpoint(command.model.model));
    context.model_name = model_name(command.model.model);
  }
  std::unique_ptr<ThreadPool> pool;
  if (model == nullptr) pool = std::make_unique<ThreadPool>(command.model.n_threads);
  context.model = model.get();
  context.pool = model == nullptr ? pool.get() : &model->pool();
  context.seed = command.seed;
  RunMonitor monitor(experiment.name);
  context.progress = [&](double fraction) { monitor.progress(fraction); };
  context.observe = [&](std::string_view series, double, double value) { monitor.observe(series, value); };
  return run_experiment(experiment, protocol_of(command), settings, context);
}

void write_arrays(const std::string& folder, const ExperimentResult& result) {
  for (const auto& [name, array] : result.arrays) {
    write_npy((std::filesystem::path(folder) / (name + ".npy")).string(), array);
  }
}

}  // namespace

int run(const LessonCommand& command) {
  if (command.list) return list_lessons(command);
  const Experiment& experiment = find_experiment(command.name);
  if (!command.arrays.empty()) make_folder(command.arrays, "--arrays");  // told before minutes of work, not after
  ExperimentResult result;
  try {
    result = run_lesson(command, experiment);
  } catch (const Error& error) {
    if (error.code != ErrorCode::cancelled) throw;
    std::cerr << "soi: " << error.what() << '\n';
    return kInterruptedStatus;
  }
  if (command.json) {
    std::cout << to_json(result) << '\n' << std::flush;
  } else {
    print_result(std::cout, result);
  }
  if (!command.arrays.empty()) write_arrays(command.arrays, result);
  return 0;
}

}  // namespace soi::cli
