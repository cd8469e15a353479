#include <gtest/gtest.h>

#include <cmath>

#include "core/model/gpt2.h"
#include "tests/core/model/random_weights.h"
#include "tests/core/model/reference_gpt2.h"

namespace soi {
namespace {

// Activations here are of order 1 to 10 and pass three blocks of inner products of at most 60 terms. A product of n terms
// errs by at most n eps |x||w|, about 60 * 6e-8 * 10 = 4e-5 in the worst case and, as roundings are independent, sqrt(60)
// in place of 60 in practice: 5e-6; each block may amplify what comes in by a few.
constexpr double kTolerance = 5e-5;

struct TinyModel {
  std::shared_ptr<RandomWeights> weights = std::make_shared<RandomWeights>(tiny_config());
  Gpt2 model{weights, std::make_shared<ThreadPool>(2)};
};

void expect_near(const std::vector<double>& expected, const Tensor& actual, const std::string& name) {
  ASSERT_EQ(expected.size(), actual.size()) << name;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (std::isinf(expected[i])) {
      ASSERT_EQ(static_cast<float>(expected[i]), actual.data()[i]) << name << " at " << i;
    } else {
      ASSERT_NEAR(expected[i], static_cast<double>(actual.data()[i]), kTolerance) << name << " at " << i;
    }
  }
}

TEST(Forward, MatchesFloat64ReferenceAtEveryHook) {
  TinyModel tiny;
  const ReferenceGpt2 reference(*tiny.weights);
  std::vector<Lane> lanes(4);
  const std::size_t lengths[] = {1, 37, 4, 90};
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    lanes[i].tokens = random_tokens(lengths[i], i);
    lanes[i].captures = all_hooks(tiny_config().n_layers);
  }
  const std::vector<LaneResult> results = tiny.model.run(lanes);
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    const ReferenceActivations expected = reference.run(reference.embed(lanes[i].tokens));
    ASSERT_EQ(expected.size(), results[i].captured.size());
    for (const Hook hook : lanes[i].captures) {
      expect_near(expected.at(hook), results[i].captured.at(hook), hook_name(hook));
    }
    expect_near(expected.at({HookPoint::logits}), results[i].logits, "LaneResult::logits");
  }
}

TEST(Forward, MatchesReferenceWithoutCaptures) {
  TinyModel tiny;
  const ReferenceGpt2 reference(*tiny.weights);
  Lane lane;
  lane.tokens = random_tokens(83, 5);
  const ReferenceActivations expected = reference.run(reference.embed(lane.tokens));
  expect_near(expected.at({HookPoint::logits}), tiny.model.run(lane).logits, "logits");
}

}  // namespace
}  // namespace soi
