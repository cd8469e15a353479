#include "core/experiments/initial_values.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/tensor/error.h"

namespace soi {
namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

ExperimentResult simulate(std::map<std::string, Tensor> initial, Settings given = {}) {
  ThreadPool pool(1);
  ExperimentContext context;
  context.pool = &pool;
  context.initial = std::move(initial);
  for (auto setting : {std::pair{"n_samples", "60"}, {"epochs", "3"}, {"n_seeds", "1"}, {"n_latents", "4"}}) {
    given.emplace_back(setting);
  }
  return run_experiment(find_experiment("sae-simulation"), "corrected", given, context);
}

std::map<std::string, Tensor> one(const std::string& name, Tensor value) {
  std::map<std::string, Tensor> initial;
  initial.emplace(name, std::move(value));
  return initial;
}

Error error_of(std::map<std::string, Tensor> initial, Settings given = {}) {
  try {
    simulate(std::move(initial), std::move(given));
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error";
  return Error(ErrorCode::internal, "no error");
}

TEST(InitialValues, StartFromWhatAnotherRunKept) {
  const ExperimentResult first = simulate({}, {{"keep_initial", "true"}});
  std::map<std::string, Tensor> initial;
  for (const char* name : {"encoder", "encoder_bias", "decoder", "decoder_bias"}) {
    initial.emplace(name, first.arrays.at("initial." + std::string(name)).clone());
  }
  // The same start, and the same seed: the same. The encoder turned round: another training.
  EXPECT_TRUE(std::ranges::equal(simulate({}).arrays.at("latents").values(), first.arrays.at("latents").values()));
  Tensor turned = initial.at("encoder").clone();
  for (float& value : turned.values()) value = -value;
  const ExperimentResult same = simulate(std::move(initial), {{"keep_initial", "true"}});
  EXPECT_TRUE(std::ranges::equal(same.arrays.at("latents").values(), first.arrays.at("latents").values()));
  const ExperimentResult other = simulate(one("encoder", turned.clone()), {{"keep_initial", "true"}});
  EXPECT_TRUE(std::ranges::equal(other.arrays.at("initial.encoder").values(), turned.values()));
  EXPECT_FALSE(std::ranges::equal(other.arrays.at("latents").values(), first.arrays.at("latents").values()));
}

TEST(InitialValues, AreNotKeptUnasked) { EXPECT_EQ(simulate({}).arrays.count("initial.encoder"), 0u); }

TEST(InitialValues, RefuseWhatDoesNotFit) {
  const Error unknown = error_of(one("encoders", Tensor({4, 2})));
  EXPECT_EQ(unknown.code, ErrorCode::invalid_argument);
  EXPECT_NE(unknown.hint.find("encoder"), std::string::npos);
  const Error shape = error_of(one("encoder", Tensor({2, 4})));
  EXPECT_EQ(shape.details.at(2).second, "[4, 2]");
  EXPECT_EQ(error_of(one("decoder", Tensor({4, 2})), {{"tied", "true"}}).details.at(2).second, "none");
  Tensor broken({4, 2});
  broken(1, 1) = std::nanf("");
  EXPECT_EQ(error_of(one("encoder", std::move(broken))).code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace soi
