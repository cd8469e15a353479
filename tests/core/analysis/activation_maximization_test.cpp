#include "core/analysis/activation_maximization.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/kernels/random.h"
#include "core/tensor/error.h"
#include "tests/core/model/tiny_model.h"
#include "tests/golden/golden.h"

namespace soi {
namespace {

Tensor start(const Gpt2& model, std::uint64_t stream) {
  Tensor tensor = Tensor::uninitialized({4, model.config().d_model});
  for (std::size_t i = 0; i < tensor.size(); ++i) tensor.data()[i] = normal(5, stream, i);
  return tensor;
}

ActivationMaximizationOptions options() {
  ActivationMaximizationOptions o;
  o.hook = {HookPoint::resid_post, 1};
  o.dimension = 3;
  o.n_steps = 30;
  o.adam.learning_rate = 0.01;
  o.l2_weight = 0.0;
  return o;
}

std::vector<Ascent> ascend(const Gpt2& model, const ActivationMaximizationOptions& o,
                           std::vector<std::uint64_t> streams) {
  std::vector<Tensor> starts;
  for (std::uint64_t stream : streams) starts.push_back(start(model, stream));
  return maximize_activation(model, std::move(starts), o, {2, 4}, [](std::size_t, const std::vector<Ascent>&) {});
}

TEST(ActivationMaximization, RaisesTheActivationItIsAskedFor) {
  const TinyModel tiny;
  const Ascent ascent = std::move(ascend(tiny.model, options(), {1})[0]);
  ASSERT_EQ(ascent.activation.size(), 31u);
  EXPECT_GT(ascent.activation.back(), ascent.activation.front() + 1.0);
  EXPECT_EQ(ascent.watched.size(), 2u);
  EXPECT_EQ(ascent.watched[0].size(), 31u);
}

/// The furthest that Adam can go in that many steps. Its step is learning_rate * m / sqrt(v), averages of g and g^2
/// with weights a_i and b_i that each sum to 1; by Cauchy and Schwarz |m| <= sqrt(sum a_i^2 / b_i) sqrt(v).
double furthest(const AdamOptions& adam, std::size_t n_steps) {
  double distance = 0;
  for (std::size_t t = 1; t <= n_steps; ++t) {
    double sum = 0;
    for (std::size_t age = 0; age < t; ++age) {
      const double n = static_cast<double>(t);
      const double a = (1 - adam.beta1) * std::pow(adam.beta1, age) / (1 - std::pow(adam.beta1, n));
      const double b = (1 - adam.beta2) * std::pow(adam.beta2, age) / (1 - std::pow(adam.beta2, n));
      sum += a * a / b;
    }
    distance += adam.learning_rate * std::sqrt(sum);
  }
  return distance;
}

TEST(ActivationMaximization, MovesNoCoordinateFurtherThanAdamCan) {
  // ACT-E10: about the learning rate a step.
  const TinyModel tiny;
  const Ascent ascent = std::move(ascend(tiny.model, options(), {1})[0]);
  const Tensor before = start(tiny.model, 1);
  const double limit = furthest(options().adam, options().n_steps);
  EXPECT_LT(limit, 2 * 30 * 0.01);
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_LE(std::abs(ascent.embeddings.data()[i] - before.data()[i]), limit * (1 + 1e-5));
  }
}

TEST(ActivationMaximization, ReadsTheActivationThatAPlainRunCaptures) {
  const TinyModel tiny;
  ActivationMaximizationOptions o = options();
  o.readout = ActivationReadout::last;
  const Ascent ascent = std::move(ascend(tiny.model, o, {1})[0]);
  Lane lane;
  lane.input_embeddings = std::make_shared<const Tensor>(ascent.embeddings.clone());
  lane.captures = {o.hook};
  lane.logits = LogitPositions::none();
  const LaneResult result = tiny.model.run(lane);
  EXPECT_FLOAT_EQ(static_cast<float>(ascent.activation.back()), result.captured.at(o.hook)(3, o.dimension));
}

TEST(ActivationMaximization, GivesARestartTheSameBitsAloneAndAmongOthers) {
  const TinyModel tiny;
  const auto together = ascend(tiny.model, options(), {1, 2, 3});
  const auto alone = ascend(tiny.model, options(), {2});
  EXPECT_EQ(together[1].activation, alone[0].activation);
  EXPECT_EQ(together[1].gradient_norm, alone[0].gradient_norm);
}

TEST(ActivationMaximization, HoldsTheEmbeddingsSmallByThePenalty) {
  const TinyModel tiny;
  ActivationMaximizationOptions o = options();
  o.l2_weight = 10.0;
  const Ascent ascent = std::move(ascend(tiny.model, o, {1})[0]);
  double before = 0;
  double after = 0;
  const Tensor initial = start(tiny.model, 1);
  for (float v : initial.values()) before += static_cast<double>(v) * static_cast<double>(v);
  for (float v : ascent.embeddings.values()) after += static_cast<double>(v) * static_cast<double>(v);
  EXPECT_LT(after, before);
}

TEST(ActivationMaximization, TakesPositionsOutWhenAsked) {
  // Without position embeddings equal rows at all positions stay interchangeable: what token 0 sees is independent of
  // them.
  const TinyModel tiny;
  ActivationMaximizationOptions o = options();
  o.n_steps = 0;
  o.position_embeddings = false;
  const Ascent without = std::move(ascend(tiny.model, o, {1})[0]);
  o.position_embeddings = true;
  const Ascent with = std::move(ascend(tiny.model, o, {1})[0]);
  EXPECT_NE(without.activation[0], with.activation[0]);
}

TEST(ActivationMaximization, ReadsAllColumnsOfSeveralInputsAsTheAscentDoes) {
  const TinyModel tiny;
  ActivationMaximizationOptions o = options();
  for (const bool positions : {true, false}) {
    o.position_embeddings = positions;
    o.n_steps = 0;
    const auto ascents = ascend(tiny.model, o, {1, 2});
    const std::vector<Tensor> inputs = [&] {
      std::vector<Tensor> starts;
      for (const Ascent& ascent : ascents) starts.push_back(ascent.embeddings.clone());
      return starts;
    }();
    const Tensor readouts = read_activations(tiny.model, inputs, o);
    ASSERT_EQ(readouts.shape(), (Shape{2, tiny.model.config().d_model}));
    for (std::size_t r = 0; r < 2; ++r) {
      EXPECT_EQ(readouts(r, o.dimension), static_cast<float>(ascents[r].activation[0]));
      EXPECT_EQ(readouts(r, std::size_t{4}), static_cast<float>(ascents[r].watched[1][0]));
    }
  }
}

/// The cases of tools/oracles/ascent_golden.py.
std::vector<std::pair<std::string, ActivationMaximizationOptions>> golden_ascents() {
  const auto options_of = [](Hook hook, std::size_t dimension, ActivationReadout readout, double l2_weight,
                             double learning_rate, bool positions) {
    ActivationMaximizationOptions o;
    o.hook = hook;
    o.dimension = dimension;
    o.readout = readout;
    o.n_steps = 10;
    o.adam.learning_rate = learning_rate;
    o.l2_weight = l2_weight;
    o.position_embeddings = positions;
    return o;
  };
  return {
      {"mean", options_of({HookPoint::resid_post, 1}, 5, ActivationReadout::mean, 0.01, 0.001, true)},
      {"last_after_ln_f", options_of({HookPoint::ln_final_normalized, 0}, 7, ActivationReadout::last, 0, 0.01, true)},
      {"without_positions", options_of({HookPoint::resid_post, 0}, 30, ActivationReadout::mean, 0.5, 0.005, false)}};
}

// Within what Soi promises of ten steps, 1e-4 (see SparseAutoencoder.TrainsAsPyTorchForTenSteps).
TEST(ActivationMaximization, AscendsAsPyTorchForTenSteps) {
  const auto tensors = read_tensors(SOI_SOURCE_DIR "/tests/golden/analysis/ascent.safetensors");
  const Gpt2 model(load_folder(SOI_SOURCE_DIR "/tests/golden/gpt2_tiny"), std::make_shared<ThreadPool>(2));
  for (const auto& [name, o] : golden_ascents()) {
    std::vector<Tensor> starts;
    starts.push_back(tensors.at(name + ".start").clone());
    const Ascent ascent = std::move(
        maximize_activation(model, std::move(starts), o, {}, [](std::size_t, const std::vector<Ascent>&) {})[0]);
    const Tensor& end = tensors.at(name + ".end");
    for (std::size_t i = 0; i < end.size(); ++i) {
      ASSERT_NEAR(ascent.embeddings.data()[i], end.data()[i], 1e-4) << name << " at " << i;
    }
    for (std::size_t step = 0; step <= o.n_steps; ++step) {
      const auto expected_norm = static_cast<double>(tensors.at(name + ".gradient_norm")(step));
      EXPECT_NEAR(ascent.activation[step], tensors.at(name + ".activation")(step), 1e-4) << name << " step " << step;
      EXPECT_NEAR(ascent.gradient_norm[step] / expected_norm, 1, 1e-4) << name << " step " << step;
    }
  }
}

TEST(ActivationMaximization, RefusesMoreTokensThanTheModelTakes) {
  const TinyModel tiny;
  ActivationMaximizationOptions o = options();
  for (bool position_embeddings : {true, false}) {  // taken off the input first, where they shall have no effect
    o.position_embeddings = position_embeddings;
    std::vector<Tensor> inputs;
    inputs.emplace_back(Shape{tiny.model.config().n_ctx + 1, tiny.model.config().d_model});
    try {
      read_activations(tiny.model, inputs, o);
      ADD_FAILURE() << "no error";
    } catch (const Error& error) {
      EXPECT_EQ(error.code, ErrorCode::text_too_long);
    }
  }
}

TEST(ActivationMaximization, RefusesADimensionBeyondTheHook) {
  const TinyModel tiny;
  ActivationMaximizationOptions o = options();
  o.dimension = tiny.model.config().d_model;
  EXPECT_THROW(ascend(tiny.model, o, {1}), Error);
}

}  // namespace
}  // namespace soi
