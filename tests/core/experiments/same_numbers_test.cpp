// Same seed, same numbers, at any number of threads: every experiment that is registered. tests/wasm/lessons.test.ts
// holds the builds for WebAssembly to the same, with the same settings.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string>

#include "core/experiments/experiment.h"
#include "tests/core/experiments/narrow_model.h"
#include "tests/golden/golden.h"

namespace soi {
namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

/// Settings with which an experiment takes a moment.
Settings small_run(const std::string& experiment) {
  static const auto all = nlohmann::json::parse(read_text(SOI_SOURCE_DIR "/tests/core/experiments/small_runs.json"));
  EXPECT_TRUE(all.contains(experiment)) << "small_runs.json has no settings for " << experiment;
  Settings settings;
  const nlohmann::json given = all.value(experiment, nlohmann::json::object());
  for (const auto& [name, value] : given.items()) {
    settings.emplace_back(name, value.get<std::string>());
  }
  return settings;
}

ExperimentResult run_on(int n_threads, const Experiment& experiment, const std::string& protocol) {
  const auto pool = std::make_shared<ThreadPool>(n_threads);
  const Gpt2 model = narrow_model(pool, 256);  // room for the lessons' texts
  ExperimentContext context;
  context.model = &model;
  context.model_name = "narrow";
  context.pool = pool.get();
  context.seed = 5;
  ExperimentResult result = run_experiment(experiment, protocol, small_run(experiment.name), context);
  result.seconds = 0;
  return result;
}

void expect_same(const ExperimentResult& a, const ExperimentResult& b) {
  EXPECT_EQ(to_json(a), to_json(b));
  for (const auto& [name, array] : a.arrays) {
    const Tensor& other = b.arrays.at(name);
    ASSERT_EQ(array.shape(), other.shape()) << name;
    EXPECT_EQ(std::memcmp(array.data(), other.data(), array.size() * sizeof(float)), 0) << name;
  }
}

class SameNumbers : public ::testing::TestWithParam<std::string> {};

TEST_P(SameNumbers, AtAnyNumberOfThreads) {
  const Experiment& experiment = find_experiment(GetParam());
  for (const char* protocol : {"corrected", "notebook"}) {
    SCOPED_TRACE(protocol);
    const ExperimentResult alone = run_on(1, experiment, protocol);
    EXPECT_FALSE(alone.figures.empty());
    expect_same(alone, run_on(2, experiment, protocol));
    expect_same(alone, run_on(4, experiment, protocol));
  }
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const Experiment& experiment : experiments()) all.push_back(experiment.name);
  return all;
}

INSTANTIATE_TEST_SUITE_P(Experiments, SameNumbers, ::testing::ValuesIn(names()),
                         [](const ::testing::TestParamInfo<std::string>& experiment) {
                           std::string name = experiment.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace soi
