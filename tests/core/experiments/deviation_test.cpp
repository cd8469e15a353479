#include "core/experiments/deviation.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/core/model/tiny_model.h"

namespace soi {
namespace {

TEST(Deviation, SumsUpTokensFromTheFirstThatCounts) {
  Deviation deviation{Matrix{{30, 3, 4}}, Matrix{{100, 6, 8}}, Matrix{{0.1, 0.8, 0.6}}};
  const DeviationCurve without_first = deviation_curve(deviation, 1);
  EXPECT_DOUBLE_EQ(without_first.absolute.front(), 5);
  EXPECT_DOUBLE_EQ(without_first.relative.front(), 0.5);
  EXPECT_DOUBLE_EQ(without_first.cosine.front(), 0.7);
  EXPECT_DOUBLE_EQ(deviation_curve(deviation, 0).absolute.front(), std::sqrt(925));
}

TEST(Deviation, ReadsEveryPointAndChangesNothing) {
  TinyModel tiny;
  const std::size_t n_layers = tiny.model.config().n_layers;
  Lane lane = lane_of(random_tokens(10, 1));
  lane.captures = deviation_points(n_layers);
  LaneResult plain = tiny.model.run(lane);
  const Tensor logits = std::move(plain.logits);
  const HiddenStates clean = take_hidden_states(plain, n_layers);
  ASSERT_EQ(clean.size(), n_layers + 2);

  // A push of (3, 4, 0, ...) on the residual stream after block 1, at positions 4 and 5.
  Tensor push(Shape{tiny.model.config().d_model});
  push(0) = 3;
  push(1) = 4;
  const Edit edit = make_edit({HookPoint::resid_post, 1}, AddTo{std::move(push)}, PositionMask({4, 5}));
  Deviation deviation;
  std::vector<Lane> lanes(2, lane);
  lanes[0].edits = deviation_readers(clean, deviation);
  EXPECT_TRUE(same_bits(tiny.model.run(lanes[0]).logits.values(), logits.values()));
  EXPECT_TRUE(deviation.distance.isZero(0));
  EXPECT_NEAR(deviation.cosine.minCoeff(), 1, 1e-15);

  lanes[0].edits.insert(lanes[0].edits.begin(), edit);
  lanes[1].edits = {edit};
  const std::vector<LaneResult> results = tiny.model.run(lanes);
  EXPECT_TRUE(same_bits(results[0].logits.values(), results[1].logits.values()));
  EXPECT_TRUE(deviation.distance.topRows(2).isZero(0));   // embeddings, block 0
  EXPECT_TRUE(deviation.distance.leftCols(4).isZero(0));  // positions before
  EXPECT_NEAR(deviation.distance(2, 4), 5, 1e-5);         // the sum is rounded to float32
  EXPECT_GT(deviation.distance.bottomRightCorner(2, 6).minCoeff(), 0);
}

}  // namespace
}  // namespace soi
