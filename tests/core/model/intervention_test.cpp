// What an edit does to what comes after it.

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/model/gpt2.h"
#include "tests/core/model/tiny_model.h"

namespace soi {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

Tensor number(float value) { return Tensor::from_values({1}, {&value, 1}); }

TEST(Intervention, ZeroBeforeGeluIsZeroAfterIt) {
  TinyModel tiny;
  Lane pre = lane_of(random_tokens(12, 1));
  Lane post = pre;
  pre.edits = {make_edit({HookPoint::mlp_pre, 1}, SetZero{}, PositionMask({2, 7}))};
  post.edits = {make_edit({HookPoint::mlp_post, 1}, SetZero{}, PositionMask({2, 7}))};
  EXPECT_TRUE(same_bits(tiny.model.run(pre).logits.values(), tiny.model.run(post).logits.values()));
}

TEST(Intervention, EditOfAResidPostIsOneOfTheNextResidPre) {
  TinyModel tiny;
  Lane post = lane_of(random_tokens(12, 1));
  Lane pre = post;
  post.edits = {make_edit({HookPoint::resid_post, 0}, AddTo{number(0.25f)})};
  pre.edits = {make_edit({HookPoint::resid_pre, 1}, AddTo{number(0.25f)})};
  EXPECT_TRUE(same_bits(tiny.model.run(pre).logits.values(), tiny.model.run(post).logits.values()));
}

TEST(Intervention, EditsAreAppliedInOrderAndCapturedAfter) {
  TinyModel tiny;
  Lane lane = lane_of(random_tokens(4, 1));
  const Hook hook{HookPoint::attn_out, 1};
  lane.captures = {hook};
  lane.edits = {make_edit(hook, SetTo{number(3.0f)}), make_edit(hook, ScaleBy{2.0f}),
                make_edit(hook, AddTo{number(1.0f)})};
  const LaneResult result = tiny.model.run(lane);
  for (float value : result.captured.at(hook).values()) ASSERT_EQ(7.0f, value);
}

TEST(Intervention, LanesHaveTheirOwnEdits) {
  TinyModel tiny;
  std::vector<Lane> lanes(3, lane_of(random_tokens(9, 2)));
  lanes[1].edits = {make_edit({HookPoint::mlp_out, 0}, SetZero{})};
  const std::vector<LaneResult> results = tiny.model.run(lanes);
  EXPECT_TRUE(same_bits(results[0].logits.values(), results[2].logits.values()));
  EXPECT_FALSE(same_bits(results[0].logits.values(), results[1].logits.values()));
  EXPECT_TRUE(same_bits(tiny.model.run(lanes[1]).logits.values(), results[1].logits.values()));
}

TEST(Intervention, ScaleDividesTheNormalizedRow) {
  TinyModel tiny;
  for (const auto& [scale, normalized, input] :
       {std::tuple(Hook{HookPoint::ln1_scale, 1}, Hook{HookPoint::ln1_normalized, 1}, Hook{HookPoint::resid_pre, 1}),
        std::tuple(Hook{HookPoint::ln2_scale, 1}, Hook{HookPoint::ln2_normalized, 1}, Hook{HookPoint::resid_mid, 1}),
        std::tuple(Hook{HookPoint::ln_final_scale}, Hook{HookPoint::ln_final_normalized},
                   Hook{HookPoint::resid_post, 2})}) {
    Lane lane = lane_of(random_tokens(6, 3));
    lane.captures = {input, scale, normalized};
    lane.edits = {make_edit(scale, SetTo{number(4.0f)}, PositionMask({2}))};
    const LaneResult result = tiny.model.run(lane);
    const Tensor& x = result.captured.at(input);
    const RandomWeights& weights = *tiny.weights;
    const bool is_final = scale.point == HookPoint::ln_final_scale;
    const bool is_first = scale.point == HookPoint::ln1_scale;
    const auto& gain = is_final   ? weights.ln_final_gain
                       : is_first ? weights.blocks[1].ln1_gain
                                  : weights.blocks[1].ln2_gain;
    const auto& bias = is_final   ? weights.ln_final_bias
                       : is_first ? weights.blocks[1].ln1_bias
                                  : weights.blocks[1].ln2_bias;
    double mean = 0.0;
    for (std::size_t i = 0; i < 20; ++i) mean += static_cast<double>(x(2, i)) / 20.0;
    EXPECT_EQ(4.0f, result.captured.at(scale)(2, 0));
    for (std::size_t i = 0; i < 20; ++i) {
      const double expected =
          (static_cast<double>(x(2, i)) - mean) / 4.0 * static_cast<double>(gain[i]) + static_cast<double>(bias[i]);
      // Five roundings of numbers of at most 10.
      ASSERT_NEAR(expected, static_cast<double>(result.captured.at(normalized)(2, i)), 5 * 10 * 6e-8)
          << hook_name(scale);
    }
  }
}

TEST(Intervention, ScoresStayCausal) {
  TinyModel tiny;
  Lane lane = lane_of(random_tokens(40, 3));
  lane.captures = {{HookPoint::attn_scores, 1}, {HookPoint::pattern, 1}};
  lane.edits = {make_edit({HookPoint::attn_scores, 1}, SetZero{})};
  const LaneResult result = tiny.model.run(lane);
  const Tensor& scores = result.captured.at({HookPoint::attn_scores, 1});
  const Tensor& pattern = result.captured.at({HookPoint::pattern, 1});
  for (std::size_t query = 0; query < 40; ++query) {
    for (std::size_t key = 0; key < 40; ++key) {
      ASSERT_EQ(key <= query ? 0.0f : -kInfinity, scores(2, query, key));
      // Equal scores: 1/n, to the rounding of a sum of n ones and a quotient.
      const float expected = key <= query ? 1.0f / static_cast<float>(query + 1) : 0.0f;
      ASSERT_NEAR(expected, pattern(2, query, key), 1e-7f);
    }
  }
}

TEST(Intervention, PatternStaysCausal) {
  TinyModel tiny;
  Lane lane = lane_of(random_tokens(40, 3));
  const Hook hook{HookPoint::pattern, 0};
  const Hook z{HookPoint::z, 0};
  const Hook v{HookPoint::v, 0};
  lane.captures = {hook, z, v};
  lane.edits = {make_edit(hook, SetTo{number(1.0f)})};
  const LaneResult result = tiny.model.run(lane);
  float sum = 0.0f;  // of values up to the query, in the order of attention's own sum
  for (std::size_t query = 0; query < 40; ++query) {
    for (std::size_t key = 0; key < 40; ++key) {
      ASSERT_EQ(key <= query ? 1.0f : 0.0f, result.captured.at(hook)(3, query, key));
    }
    sum += result.captured.at(v)(query, 3, 4);
    ASSERT_EQ(sum, result.captured.at(z)(query, 3, 4));
  }
}

TEST(Intervention, QueryThatMaySeeNothingGetsNothing) {
  TinyModel tiny;
  Lane lane = lane_of(random_tokens(8, 3));
  lane.captures = {{HookPoint::z, 0}};
  lane.edits = {make_edit({HookPoint::attn_scores, 0}, SetTo{number(-kInfinity)}, PositionMask({5}))};
  const LaneResult result = tiny.model.run(lane);
  for (std::size_t head = 0; head < 4; ++head) {
    for (std::size_t i = 0; i < 5; ++i) ASSERT_EQ(0.0f, result.captured.at({HookPoint::z, 0})(5, head, i));
  }
}

TEST(Intervention, HeadIsSilencedByACallback) {
  TinyModel tiny;
  Lane lane = lane_of(random_tokens(8, 3));
  const Hook z{HookPoint::z, 1};
  lane.captures = {z, {HookPoint::attn_out, 1}};
  lane.edits = {make_edit(z, Replace{[](Tensor& activation, const PositionMask& mask) {
                            for (std::size_t t = 0; t < activation.dim(0); ++t) {
                              if (!mask.contains(t)) continue;
                              for (std::size_t head = 0; head < 4; ++head) {
                                for (std::size_t i = 0; i < 5; ++i) activation(t, head, i) = 0.0f;
                              }
                            }
                          }},
                          PositionMask({3}))};
  const LaneResult result = tiny.model.run(lane);
  for (std::size_t i = 0; i < 20; ++i) {
    ASSERT_EQ(tiny.weights->blocks[1].attn_out_bias[i], result.captured.at({HookPoint::attn_out, 1})(3, i));
  }
}

TEST(Intervention, EditedLogitsAreReturned) {
  TinyModel tiny;
  Lane lane = lane_of(random_tokens(8, 3));
  const LaneResult clean = tiny.model.run(lane);
  lane.edits = {make_edit({HookPoint::logits}, AddTo{number(1.0f)}, PositionMask({7}))};
  lane.logits = LogitPositions::chosen({7, 2});
  const LaneResult result = tiny.model.run(lane);
  ASSERT_EQ((Shape{2, 61}), result.logits.shape());
  for (std::size_t token = 0; token < 61; ++token) {
    ASSERT_EQ(clean.logits(7, token) + 1.0f, result.logits(0, token));
    ASSERT_EQ(clean.logits(2, token), result.logits(1, token));
  }
}

TEST(Intervention, EditOfLnFinalIsUnembedded) {
  TinyModel tiny;
  Lane lane = lane_of(random_tokens(8, 3));
  lane.edits = {make_edit({HookPoint::ln_final_normalized}, SetZero{}, PositionMask({4}))};
  const LaneResult result = tiny.model.run(lane);
  for (std::size_t token = 0; token < 61; ++token) ASSERT_EQ(0.0f, result.logits(4, token));
}

TEST(Intervention, WhatACallbackThrowsEndsTheRun) {
  TinyModel tiny;
  std::vector<Lane> lanes = {lane_of(random_tokens(8, 3))};
  lanes[0].edits = {make_edit(
      {HookPoint::v, 1}, Replace{[](Tensor&, const PositionMask&) { throw Error(ErrorCode::cancelled, "Stopped."); }})};
  ForwardRun run(tiny.model, lanes);
  EXPECT_EQ(ErrorCode::cancelled, error_of([&] {
                                    while (!run.done()) run.advance();
                                  }).code);
  EXPECT_FALSE(run.done());
  EXPECT_EQ(ErrorCode::internal, error_of([&] { run.advance(); }).code);
  EXPECT_EQ(ErrorCode::internal, error_of([&] { run.take_results(); }).code);
}

}  // namespace
}  // namespace soi
