// What must not change a single bit of a result.

#include <gtest/gtest.h>

#include <limits>

#include "core/model/gpt2.h"
#include "tests/core/model/tiny_model.h"

namespace soi {
namespace {

TEST(Invariance, LaneDoesNotDependOnOtherLanes) {
  TinyModel tiny;
  const float nan = std::numeric_limits<float>::quiet_NaN();
  std::vector<Lane> lanes;
  lanes.reserve(24);
  for (std::size_t i = 0; i < 24; ++i) lanes.push_back(captured_lane(1 + i * 37 % 90, i));
  lanes[3].edits = {make_edit({HookPoint::resid_pre, 0}, SetTo{Tensor::from_values({1}, {{nan}})})};
  lanes[5].edits = {make_edit({HookPoint::pattern, 1}, SetZero{})};
  const std::vector<LaneResult> together = tiny.model.run(lanes);
  for (std::size_t i : {0, 4, 6, 11, 23}) {
    SCOPED_TRACE(i);
    expect_same_bits(tiny.model.run(lanes[i]), together[i]);
  }
}

TEST(Invariance, NumberOfThreadsChangesNothing) {
  std::vector<Lane> lanes;
  for (std::size_t length : {90, 3, 44}) lanes.push_back(captured_lane(length, length));
  const std::vector<LaneResult> one = TinyModel(tiny_config(), 1).model.run(lanes);
  for (int n_threads : {2, 3, 5}) {
    const std::vector<LaneResult> several = TinyModel(tiny_config(), n_threads).model.run(lanes);
    for (std::size_t i = 0; i < lanes.size(); ++i) expect_same_bits(one[i], several[i]);
  }
}

TEST(Invariance, EqualPrefixesGiveEqualRows) {
  TinyModel tiny;
  const Lane whole = captured_lane(77, 4);
  const LaneResult of_whole = tiny.model.run(whole);
  for (std::size_t length : {1, 16, 33, 76}) {
    Lane prefix = whole;
    prefix.tokens.resize(length);
    const LaneResult of_prefix = tiny.model.run(prefix);
    for (const auto& [hook, activation] : of_prefix.captured) {
      if (hook.point == HookPoint::attn_scores || hook.point == HookPoint::pattern) continue;
      const std::span<const float> rows = of_whole.captured.at(hook).values().first(activation.size());
      ASSERT_TRUE(same_bits(rows, activation.values())) << hook_name(hook) << ", " << length << " tokens";
    }
  }
}

TEST(Invariance, NaNOfALaterPositionDoesNotReachEarlierOnes) {
  TinyModel tiny;
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const Lane clean = lane_of(random_tokens(50, 4));
  Lane poisoned = clean;
  poisoned.edits = {make_edit({HookPoint::resid_pre, 1}, SetTo{Tensor::from_values({1}, {{nan}})}, PositionMask({21}))};
  const LaneResult expected = tiny.model.run(clean);
  const LaneResult actual = tiny.model.run(poisoned);
  EXPECT_TRUE(same_bits(expected.logits.values().first(21 * 61), actual.logits.values().first(21 * 61)));
  for (float logit : actual.logits.values().subspan(21 * 61)) ASSERT_TRUE(std::isnan(logit));
}

TEST(Invariance, CapturingChangesNothing) {
  TinyModel tiny;
  const Lane captured = captured_lane(71, 9);
  Lane plain = captured;
  plain.captures.clear();
  EXPECT_TRUE(same_bits(tiny.model.run(captured).logits.values(), tiny.model.run(plain).logits.values()));
}

TEST(Invariance, LengthOfStepsChangesNothing) {
  TinyModel tiny;
  std::vector<Lane> lanes;
  for (std::size_t length : {90, 3, 44}) lanes.push_back(lane_of(random_tokens(length, length)));
  const std::vector<LaneResult> whole = tiny.model.run(lanes);
  for (double step_operations : {1.0, 3e3, 1e5}) {
    ForwardRun run(tiny.model, lanes, step_operations);
    std::size_t n_steps = 0;
    for (; !run.done(); ++n_steps) run.advance();
    EXPECT_GT(n_steps, 20u);
    const std::vector<LaneResult> stepped = run.take_results();
    for (std::size_t i = 0; i < lanes.size(); ++i) expect_same_bits(whole[i], stepped[i]);
  }
}

/// All hooks of a tiny model but the mask of the last position alone, so that an edit is small.
TEST(Invariance, EditLeavesEverythingBeforeItUntouched) {
  TinyModel tiny;
  Lane lane = captured_lane(23, 6);
  const LaneResult clean = tiny.model.run(lane);
  const std::vector<Hook> hooks = all_hooks(3);
  for (std::size_t edited = 0; edited < hooks.size(); ++edited) {
    lane.edits = {make_edit(hooks[edited], ScaleBy{1.5f}, PositionMask({11}))};
    const LaneResult result = tiny.model.run(lane);
    for (std::size_t before = 0; before < edited; ++before) {
      ASSERT_TRUE(same_bits(clean.captured.at(hooks[before]).values(), result.captured.at(hooks[before]).values()))
          << hook_name(hooks[before]) << " after an edit of " << hook_name(hooks[edited]);
    }
    EXPECT_FALSE(same_bits(clean.captured.at(hooks[edited]).values(), result.captured.at(hooks[edited]).values()))
        << hook_name(hooks[edited]);
    const std::size_t n_before = 11 * 61;  // logits of the positions before the edit
    EXPECT_TRUE(same_bits(clean.logits.values().first(n_before), result.logits.values().first(n_before)));
    EXPECT_FALSE(same_bits(clean.logits.values(), result.logits.values())) << hook_name(hooks[edited]);
  }
}

TEST(Invariance, IdentityEditsChangeNothing) {
  TinyModel tiny;
  Lane lane = captured_lane(23, 6);
  const LaneResult clean = tiny.model.run(lane);
  for (const Hook hook : all_hooks(3)) {
    SCOPED_TRACE(hook_name(hook));
    lane.edits = {make_edit(hook, ScaleBy{1.0f})};
    expect_same_bits(clean, tiny.model.run(lane));
    lane.edits = {make_edit(hook, SetTo{clean.captured.at(hook).clone()})};
    expect_same_bits(clean, tiny.model.run(lane));
    lane.edits = {make_edit(hook, Replace{[](Tensor&, const PositionMask&) {}})};
    expect_same_bits(clean, tiny.model.run(lane));
    lane.edits = {make_edit(hook, SetMean{}, PositionMask({5}))};  // the mean of one row
    expect_same_bits(clean, tiny.model.run(lane));
    lane.edits = {make_edit(hook, SetZero{}, PositionMask(std::vector<std::size_t>{}))};
    expect_same_bits(clean, tiny.model.run(lane));
  }
}

}  // namespace
}  // namespace soi
