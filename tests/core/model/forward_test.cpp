#include <gtest/gtest.h>

#include "core/model/gpt2.h"
#include "tests/core/model/reference_gpt2.h"
#include "tests/core/model/tiny_model.h"

namespace soi {
namespace {

// Activations here are of order 1 to 10 and pass three blocks of inner products of at most 60 terms. A product of n
// terms errs by at most n eps |x||w|, about 60 * 6e-8 * 10 = 4e-5 in the worst case and, as roundings are independent,
// sqrt(60) in place of 60 in practice: 5e-6; each block may amplify what comes in by a few.
constexpr double kTolerance = 5e-5;

TEST(Forward, MatchesFloat64ReferenceAtEveryHook) {
  TinyModel tiny;
  const ReferenceGpt2 reference(*tiny.weights);
  std::vector<Lane> lanes;
  for (std::size_t length : {1, 37, 4, 90}) lanes.push_back(captured_lane(length, length));
  const std::vector<LaneResult> results = tiny.model.run(lanes);
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    const ReferenceActivations expected = reference.run(reference.embed(lanes[i].tokens));
    ASSERT_EQ(expected.size(), results[i].captured.size());
    for (const Hook hook : lanes[i].captures) {
      expect_near(expected.at(hook), results[i].captured.at(hook), kTolerance, hook_name(hook));
    }
    expect_near(expected.at({HookPoint::logits}), results[i].logits, kTolerance, "LaneResult::logits");
  }
}

TEST(Forward, MatchesReferenceWithoutCaptures) {
  TinyModel tiny;
  const ReferenceGpt2 reference(*tiny.weights);
  const Lane lane = lane_of(random_tokens(83, 5));
  const ReferenceActivations expected = reference.run(reference.embed(lane.tokens));
  expect_near(expected.at({HookPoint::logits}), tiny.model.run(lane).logits, kTolerance, "logits");
}

TEST(Forward, CapturesHaveTheHooksShapes) {
  TinyModel tiny;
  const Config config = tiny_config();
  const LaneResult result = tiny.model.run(captured_lane(7, 1));
  EXPECT_EQ((Shape{7, 20}), result.captured.at({HookPoint::resid_mid, 1}).shape());
  EXPECT_EQ((Shape{7, 1}), result.captured.at({HookPoint::ln1_scale, 2}).shape());
  EXPECT_EQ((Shape{7, 4, 5}), result.captured.at({HookPoint::k, 0}).shape());
  EXPECT_EQ((Shape{4, 7, 7}), result.captured.at({HookPoint::pattern, 0}).shape());
  EXPECT_EQ((Shape{7, 37}), result.captured.at({HookPoint::mlp_post, 0}).shape());
  EXPECT_EQ((Shape{7, config.n_vocab}), result.captured.at({HookPoint::logits}).shape());
}

TEST(Forward, InputEmbeddingsInPlaceOfTokens) {
  TinyModel tiny;
  const Lane tokens = captured_lane(9, 3);
  Lane embeddings = tokens;
  embeddings.tokens.clear();
  Tensor rows({9, 20});
  for (std::size_t t = 0; t < 9; ++t) {
    std::copy_n(tiny.weights->wte.data() + static_cast<std::size_t>(tokens.tokens[t]) * 20, 20, &rows(t, 0));
  }
  embeddings.input_embeddings = std::make_shared<const Tensor>(std::move(rows));
  expect_same_bits(tiny.model.run(tokens), tiny.model.run(embeddings));
}

TEST(Forward, AttentionRowsSumToOneAndTheFutureIsZero) {
  TinyModel tiny;
  const LaneResult result = tiny.model.run(captured_lane(90, 1));
  for (std::size_t layer = 0; layer < 3; ++layer) {
    const Tensor& pattern = result.captured.at({HookPoint::pattern, layer});
    for (std::size_t head = 0; head < 4; ++head) {
      for (std::size_t query = 0; query < 90; ++query) {
        double total = 0.0;
        for (std::size_t key = 0; key <= query; ++key) total += static_cast<double>(pattern(head, query, key));
        // A float32 sum of n terms errs by n eps / 2 at most, and so do the quotients by it: 90 * 6e-8.
        ASSERT_NEAR(1.0, total, 90 * 6e-8);
        for (std::size_t key = query + 1; key < 90; ++key) ASSERT_EQ(0.0f, pattern(head, query, key));
      }
    }
  }
}

TEST(Forward, ResidualStreamIsTheSumOfItsWrites) {
  TinyModel tiny;
  const LaneResult result = tiny.model.run(captured_lane(30, 2));
  for (std::size_t layer = 0; layer < 3; ++layer) {
    const auto at = [&](HookPoint point) { return result.captured.at({point, layer}).values(); };
    for (std::size_t i = 0; i < 30 * 20; ++i) {
      const float mid = at(HookPoint::resid_pre)[i] + at(HookPoint::attn_out)[i];
      ASSERT_EQ(mid, at(HookPoint::resid_mid)[i]);
      ASSERT_EQ(mid + at(HookPoint::mlp_out)[i], at(HookPoint::resid_post)[i]);
    }
    if (layer > 0) {
      EXPECT_TRUE(same_bits(result.captured.at({HookPoint::resid_post, layer - 1}).values(), at(HookPoint::resid_pre)));
    }
  }
}

TEST(Forward, StreamsEachBlockOnceAndHoldsOne) {
  TinyModel tiny;
  std::vector<Lane> lanes;
  lanes.reserve(20);
  for (std::size_t i = 0; i < 20; ++i) lanes.push_back(lane_of(random_tokens(60, i)));  // three groups of lanes
  tiny.model.run(lanes);
  EXPECT_EQ((std::vector<std::size_t>{0, 1, 2}), tiny.weights->asked);
  EXPECT_EQ(1, tiny.weights->most_held);
}

TEST(Forward, StopsAfterTheLastBlockThatIsNeeded) {
  TinyModel tiny;
  const auto blocks_asked = [&](Hook capture) {
    tiny.weights->asked.clear();
    Lane lane = lane_of(random_tokens(5, 1));
    lane.logits = LogitPositions::none();
    lane.captures = {capture};
    EXPECT_FALSE(tiny.model.run(lane).captured.at(capture).empty());
    return tiny.weights->asked.size();
  };
  EXPECT_EQ(0u, blocks_asked({HookPoint::pos_embed}));
  EXPECT_EQ(0u, blocks_asked({HookPoint::resid_pre, 0}));
  EXPECT_EQ(1u, blocks_asked({HookPoint::mlp_post, 0}));
  EXPECT_EQ(1u, blocks_asked({HookPoint::resid_pre, 1}));
  EXPECT_EQ(2u, blocks_asked({HookPoint::ln1_scale, 1}));
  EXPECT_EQ(3u, blocks_asked({HookPoint::ln_final_scale}));
}

TEST(Forward, RunsAsFarAsACallbackObserves) {
  TinyModel tiny;
  bool is_called = false;
  Lane lane = lane_of(random_tokens(5, 1));
  lane.logits = LogitPositions::none();
  lane.edits = {make_edit({HookPoint::mlp_out, 1}, Replace{[&](Tensor&, const PositionMask&) { is_called = true; }})};
  tiny.model.run(lane);
  EXPECT_TRUE(is_called);
  EXPECT_EQ(2u, tiny.weights->asked.size());
}

TEST(Forward, NoLanesNoResults) {
  TinyModel tiny;
  EXPECT_TRUE(tiny.model.run(std::span<const Lane>{}).empty());
}

TEST(Forward, RefusesWhatCannotBeRun) {
  TinyModel tiny;
  const auto code = [&](const Lane& lane) { return error_of([&] { tiny.model.run(lane); }).code; };
  EXPECT_EQ(ErrorCode::text_empty, code(lane_of({})));
  EXPECT_EQ(ErrorCode::text_too_long, code(lane_of(random_tokens(91, 1))));
  EXPECT_EQ(ErrorCode::token_out_of_range, code(lane_of({3, 61})));
  EXPECT_EQ(ErrorCode::token_out_of_range, code(lane_of({-1})));

  Lane lane = lane_of({1, 2});
  lane.captures = {{HookPoint::resid_pre, 3}};
  EXPECT_EQ(ErrorCode::hook_layer, code(lane));
  lane.captures = {};
  lane.edits = {make_edit({HookPoint::mlp_pre, 7}, SetZero{})};
  EXPECT_EQ(ErrorCode::hook_layer, code(lane));
  lane.edits = {make_edit({HookPoint::mlp_pre, 0}, SetZero{}, PositionMask({2}))};
  EXPECT_EQ(ErrorCode::invalid_argument, code(lane));
  lane.edits = {};
  lane.logits = LogitPositions::chosen({0, 2});
  EXPECT_EQ(ErrorCode::invalid_argument, code(lane));
  lane.logits = LogitPositions::all();
  lane.input_embeddings = std::make_shared<const Tensor>(Shape{2, 19});
  EXPECT_EQ(ErrorCode::invalid_argument, code(lane));
  lane.input_embeddings = std::make_shared<const Tensor>(Shape{0, 20});
  EXPECT_EQ(ErrorCode::text_empty, code(lane));
}

TEST(Forward, NamesTheHookAndTheShapesOfAnEditThatDoesNotFit) {
  TinyModel tiny;
  Lane lane = lane_of({1, 2, 3});
  lane.edits = {make_edit({HookPoint::mlp_post, 1}, SetTo{Tensor({4, 37})})};
  const Error error = error_of([&] { tiny.model.run(lane); });
  EXPECT_EQ(ErrorCode::invalid_argument, error.code);
  const std::string message = error.what();
  EXPECT_NE(std::string::npos, message.find("blocks.1.mlp.hook_post")) << message;
  EXPECT_NE(std::string::npos, message.find("[4, 37]")) << message;
  EXPECT_NE(std::string::npos, message.find("[3, 37]")) << message;
}

}  // namespace
}  // namespace soi
