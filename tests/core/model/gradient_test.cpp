#include "core/model/gradient.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/core/model/reference_gpt2.h"
#include "tests/core/model/tiny_model.h"

namespace soi {
namespace {

std::vector<Hook> differentiable_hooks() {
  std::vector<Hook> hooks;
  for (const Hook hook : all_hooks(tiny_config().n_layers)) {
    switch (hook.point) {
      case HookPoint::embed:
      case HookPoint::pos_embed:
      case HookPoint::resid_pre:
      case HookPoint::attn_out:
      case HookPoint::resid_mid:
      case HookPoint::mlp_pre:
      case HookPoint::mlp_post:
      case HookPoint::mlp_out:
      case HookPoint::resid_post:
      case HookPoint::ln_final_normalized:
        hooks.push_back(hook);
        break;
      default:
        break;
    }
  }
  return hooks;
}

Tensor random_tensor(const Shape& shape, std::uint64_t seed) {
  Tensor tensor(shape);
  for (std::size_t i = 0; i < tensor.size(); ++i) tensor.data()[i] = normal(seed, 2, i);
  return tensor;
}

std::vector<Tensor> random_cotangents(const DifferentiableRun& run, std::uint64_t seed) {
  std::vector<Tensor> cotangents;
  for (const Tensor& activation : run.activations()) cotangents.push_back(random_tensor(activation.shape(), seed));
  return cotangents;
}

double dot(const std::vector<double>& a, const Tensor& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * static_cast<double>(b.data()[i]);
  return sum;
}

TEST(Gradient, MatchesFloat64FiniteDifferencesAtEveryHook) {
  TinyModel tiny;
  const ReferenceGpt2 reference(*tiny.weights);
  const std::vector<Lane> lanes = {lane_of(random_tokens(6, 1)), lane_of(random_tokens(9, 2))};
  const std::vector<Hook> hooks = differentiable_hooks();
  std::vector<std::vector<Tensor>> gradients;   // by hook, by lane
  std::vector<std::vector<Tensor>> cotangents;  // by hook, by lane
  for (const Hook hook : hooks) {
    const DifferentiableRun run(tiny.model, lanes, hook);
    cotangents.push_back(random_cotangents(run, 7));
    gradients.push_back(run.backward(cotangents.back()));
  }
  // Central differences err by h^2 f'''/6, about 1e-8 here, and by the reference's own rounding, 1e-16 |f| / h = 1e-11.
  // The float32 gradient errs like the forward run, by about 1e-6 of the largest derivative a block; a wrong term shows
  // at 1e-2.
  const double h = 1e-4;
  for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
    const ReferenceMatrix embeddings = reference.embed(lanes[lane].tokens);
    std::vector<double> worst(hooks.size());
    std::vector<double> largest(hooks.size());
    for (std::size_t i = 0; i < embeddings.values.size(); ++i) {
      ReferenceMatrix moved = embeddings;
      moved.values[i] += h;
      const ReferenceActivations above = reference.run(moved);
      moved.values[i] -= 2 * h;
      const ReferenceActivations below = reference.run(moved);
      for (std::size_t hook = 0; hook < hooks.size(); ++hook) {
        const Tensor& cotangent = cotangents[hook][lane];
        const double expected =
            (dot(above.at(hooks[hook]), cotangent) - dot(below.at(hooks[hook]), cotangent)) / (2 * h);
        const auto actual = static_cast<double>(gradients[hook][lane].data()[i]);
        worst[hook] = std::max(worst[hook], std::abs(expected - actual));
        largest[hook] = std::max(largest[hook], std::abs(expected));
      }
    }
    for (std::size_t hook = 0; hook < hooks.size(); ++hook) {
      EXPECT_LE(worst[hook], 1e-5 * largest[hook] + 1e-7) << hook_name(hooks[hook]) << ", lane " << lane;
      EXPECT_EQ(hooks[hook].point != HookPoint::pos_embed, largest[hook] > 0.1) << hook_name(hooks[hook]);
    }
  }
}

TEST(Gradient, ActivationsAreThoseOfAForwardRun) {
  TinyModel tiny;
  std::vector<Lane> lanes = {lane_of(random_tokens(6, 1)), lane_of(random_tokens(9, 2))};
  for (const Hook hook : differentiable_hooks()) {
    const DifferentiableRun run(tiny.model, lanes, hook);
    std::vector<Lane> capturing = lanes;
    for (Lane& lane : capturing) lane.captures = {hook};
    const std::vector<LaneResult> results = tiny.model.run(capturing);
    for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
      EXPECT_EQ(results[lane].captured.at(hook).shape(), run.activations()[lane].shape());
      EXPECT_TRUE(same_bits(results[lane].captured.at(hook).values(), run.activations()[lane].values()))
          << hook_name(hook);
    }
  }
}

TEST(Gradient, TakesInputEmbeddings) {
  TinyModel tiny;
  const Hook hook{HookPoint::mlp_pre, 1};
  std::vector<Lane> lanes(1);
  lanes[0].input_embeddings = std::make_shared<const Tensor>(random_tensor({5, 20}, 3));
  const DifferentiableRun run(tiny.model, lanes, hook);
  const std::vector<Tensor> cotangents = random_cotangents(run, 4);
  const std::vector<Tensor> gradients = run.backward(cotangents);
  ASSERT_EQ((Shape{5, 20}), gradients[0].shape());

  const ReferenceGpt2 reference(*tiny.weights);
  ReferenceMatrix embeddings(5, 20);
  for (std::size_t i = 0; i < 100; ++i)
    embeddings.values[i] = static_cast<double>(lanes[0].input_embeddings->data()[i]);
  // Along one random direction: the derivative is the inner product with the gradient.
  const Tensor direction = random_tensor({5, 20}, 5);
  double expected = 0.0;
  for (double h : {1e-4, -1e-4}) {
    ReferenceMatrix moved = embeddings;
    for (std::size_t i = 0; i < 100; ++i) moved.values[i] += h * static_cast<double>(direction.data()[i]);
    expected += dot(reference.run(moved).at(hook), cotangents[0]) / (2 * h);
  }
  double actual = 0.0;
  for (std::size_t i = 0; i < 100; ++i) {
    actual += static_cast<double>(gradients[0].data()[i]) * static_cast<double>(direction.data()[i]);
  }
  // As above, 1e-5 of the largest derivative; the sum of a hundred of random signs is about ten times one of them, and
  // may by chance be smaller.
  EXPECT_NEAR(expected, actual, 1e-4 * std::abs(expected));
}

TEST(Gradient, IsCausal) {
  TinyModel tiny;
  const std::vector<Lane> lanes = {lane_of(random_tokens(9, 2))};
  const DifferentiableRun run(tiny.model, lanes, {HookPoint::resid_post, 2});
  std::vector<Tensor> cotangents;
  cotangents.emplace_back(Shape{9, 20});
  cotangents[0](4, 7) = 1.0f;
  const Tensor gradient = std::move(run.backward(cotangents)[0]);
  for (std::size_t t = 0; t < 9; ++t) {
    const bool is_any = std::ranges::any_of(gradient.matrix()[t], [](float value) { return value != 0.0f; });
    EXPECT_EQ(t <= 4, is_any) << "position " << t;
  }
}

TEST(Gradient, IsLinearInTheCotangent) {
  TinyModel tiny;
  const std::vector<Lane> lanes = {lane_of(random_tokens(9, 2))};
  const DifferentiableRun run(tiny.model, lanes, {HookPoint::mlp_post, 2});
  std::vector<Tensor> cotangents = random_cotangents(run, 4);
  const Tensor once = std::move(run.backward(cotangents)[0]);
  EXPECT_TRUE(same_bits(once.values(), run.backward(cotangents)[0].values()));  // nothing is used up
  for (float& value : cotangents[0].values()) value *= 2.0f;
  const Tensor twice = std::move(run.backward(cotangents)[0]);
  for (std::size_t i = 0; i < once.size(); ++i) ASSERT_EQ(2.0f * once.data()[i], twice.data()[i]);  // a power of two
}

TEST(Gradient, LaneDoesNotDependOnOtherLanesOrThreads) {
  const std::vector<Lane> lanes = {lane_of(random_tokens(40, 1)), lane_of(random_tokens(9, 2)), lane_of({5})};
  const auto gradients = [&](int n_threads, std::span<const Lane> of) {
    TinyModel tiny(tiny_config(), n_threads);
    const DifferentiableRun run(tiny.model, of, {HookPoint::resid_post, 2});
    return run.backward(random_cotangents(run, 3));
  };
  const std::vector<Tensor> together = gradients(1, lanes);
  const std::vector<Tensor> threaded = gradients(4, lanes);
  for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
    EXPECT_TRUE(same_bits(together[lane].values(), threaded[lane].values()));
    EXPECT_TRUE(same_bits(together[lane].values(), gradients(2, std::span(lanes).subspan(lane, 1))[0].values()));
  }
}

TEST(Gradient, AsksForEachBlockOnceInEachDirection) {
  TinyModel tiny;
  const std::vector<Lane> lanes = {lane_of(random_tokens(9, 2))};
  const DifferentiableRun run(tiny.model, lanes, {HookPoint::mlp_pre, 1});
  EXPECT_EQ((std::vector<std::size_t>{0, 1}), tiny.weights->asked);
  run.backward(random_cotangents(run, 4));
  EXPECT_EQ((std::vector<std::size_t>{0, 1, 1, 0}), tiny.weights->asked);
  EXPECT_EQ(1, tiny.weights->most_held);
}

TEST(Gradient, RefusesWhatIsNotOffered) {
  TinyModel tiny;
  std::vector<Lane> lanes = {lane_of(random_tokens(9, 2))};
  const auto code = [&](Hook hook) { return error_of([&] { DifferentiableRun(tiny.model, lanes, hook); }).code; };
  for (HookPoint point : {HookPoint::pattern, HookPoint::q, HookPoint::ln1_scale, HookPoint::logits, HookPoint::z}) {
    EXPECT_EQ(ErrorCode::hook_not_differentiable, code({point}));
  }
  EXPECT_EQ(ErrorCode::hook_layer, code({HookPoint::mlp_pre, 3}));
  lanes[0].captures = {{HookPoint::embed}};
  EXPECT_EQ(ErrorCode::invalid_argument, code({HookPoint::mlp_pre, 0}));
  lanes[0].captures = {};
  lanes[0].edits = {make_edit({HookPoint::embed}, SetZero{})};
  EXPECT_EQ(ErrorCode::invalid_argument, code({HookPoint::mlp_pre, 0}));
  lanes[0].edits = {};
  KeyValueCache cache(tiny_config());
  lanes[0].cache = &cache;
  EXPECT_EQ(ErrorCode::invalid_argument, code({HookPoint::mlp_pre, 0}));
  lanes[0].cache = nullptr;

  const DifferentiableRun run(tiny.model, lanes, {HookPoint::mlp_pre, 0});
  std::vector<Tensor> cotangents;
  EXPECT_EQ(ErrorCode::invalid_argument, error_of([&] { run.backward(cotangents); }).code);
  cotangents.emplace_back(Shape{9, 20});
  EXPECT_EQ(ErrorCode::invalid_argument, error_of([&] { run.backward(cotangents); }).code);
}

}  // namespace
}  // namespace soi
