#include <gtest/gtest.h>

#include "core/model/gpt2.h"
#include "tests/core/model/tiny_model.h"

namespace soi {
namespace {

/// A vocabulary that is unembedded in several pieces, the last of them odd.
Config wide_config() {
  Config config = tiny_config();
  config.n_layers = 1;
  config.n_vocab = 2 * 8192 + 301;
  return config;
}

TEST(Logits, OfChosenPositionsAreRowsOfAll) {
  TinyModel tiny;
  Lane lane = lane_of(random_tokens(30, 1));
  const LaneResult all = tiny.model.run(lane);
  ASSERT_EQ((Shape{30, 61}), all.logits.shape());

  lane.logits = LogitPositions::none();
  EXPECT_TRUE(tiny.model.run(lane).logits.empty());
  lane.logits = LogitPositions::chosen({});
  EXPECT_TRUE(tiny.model.run(lane).logits.empty());

  lane.logits = LogitPositions::last();
  const LaneResult last = tiny.model.run(lane);
  ASSERT_EQ((Shape{1, 61}), last.logits.shape());
  EXPECT_TRUE(same_bits(all.logits.values().subspan(29 * 61), last.logits.values()));

  const std::vector<std::size_t> positions = {17, 0, 29, 17};
  lane.logits = LogitPositions::chosen(positions);
  const LaneResult chosen = tiny.model.run(lane);
  ASSERT_EQ((Shape{4, 61}), chosen.logits.shape());
  for (std::size_t i = 0; i < positions.size(); ++i) {
    EXPECT_TRUE(
        same_bits(all.logits.values().subspan(positions[i] * 61, 61), chosen.logits.values().subspan(i * 61, 61)));
  }
}

TEST(Logits, CapturedOnesCoverAllPositions) {
  TinyModel tiny;
  Lane lane = lane_of(random_tokens(30, 1));
  const LaneResult all = tiny.model.run(lane);
  const Hook hook{HookPoint::logits};
  lane.captures = {hook};
  for (const LogitPositions& asked : {LogitPositions::none(), LogitPositions::last(), LogitPositions::all()}) {
    lane.logits = asked;
    const LaneResult result = tiny.model.run(lane);
    EXPECT_EQ((Shape{30, 61}), result.captured.at(hook).shape());
    EXPECT_TRUE(same_bits(all.logits.values(), result.captured.at(hook).values()));
    const std::size_t n_asked = asked.kind == LogitPositions::Kind::all    ? 30
                                : asked.kind == LogitPositions::Kind::last ? 1
                                                                           : 0;
    EXPECT_EQ(n_asked * 61, result.logits.size());
    EXPECT_TRUE(same_bits(all.logits.values().last(n_asked * 61), result.logits.values()));
  }
}

TEST(Logits, LanesMayAskForDifferentPositions) {
  TinyModel tiny;
  std::vector<Lane> lanes;
  for (std::size_t i = 0; i < 20; ++i) {  // more rows than one group of lanes, or one piece of logits, holds
    lanes.push_back(lane_of(random_tokens(60 + i, i)));
    if (i % 3 == 1) lanes.back().logits = LogitPositions::last();
    if (i % 5 == 2) lanes.back().logits = LogitPositions::none();
  }
  const std::vector<LaneResult> together = tiny.model.run(lanes);
  for (std::size_t i = 0; i < lanes.size(); ++i) expect_same_bits(tiny.model.run(lanes[i]), together[i]);
}

TEST(Logits, PiecesOfTheVocabularyJoin) {
  TinyModel tiny(wide_config());
  Lane lane = lane_of(random_tokens(5, 1, wide_config().n_vocab));
  const Hook normalized{HookPoint::ln_final_normalized};
  lane.captures = {normalized};
  const LaneResult result = tiny.model.run(lane);
  EXPECT_TRUE(same_bits(tiny.model.unembed(result.captured.at(normalized).matrix()).values(), result.logits.values()));
  // Twenty products of numbers of order 1: 20 eps * 20.
  for (std::size_t token : {0, 8191, 8192, 16383, 16384, 16684}) {
    double expected = 0.0;
    for (std::size_t i = 0; i < 20; ++i) {
      expected += static_cast<double>(result.captured.at(normalized)(4, i)) *
                  static_cast<double>(tiny.weights->wte[token * 20 + i]);
    }
    EXPECT_NEAR(expected, static_cast<double>(result.logits(4, token)), 20 * 6e-8 * 20) << token;
  }
}

TEST(Logits, LensOfTheLastBlockIsTheModelsOutput) {
  TinyModel tiny;
  Lane lane = lane_of(random_tokens(30, 1));
  const Hook last{HookPoint::resid_post, 2};
  lane.captures = {last};
  const LaneResult result = tiny.model.run(lane);
  const Tensor lens = tiny.model.logit_lens(result.captured.at(last).matrix());
  ASSERT_EQ(result.logits.shape(), lens.shape());
  EXPECT_TRUE(same_bits(result.logits.values(), lens.values()));
}

TEST(Logits, RowsOfAnotherWidthAreRefused) {
  TinyModel tiny;
  const Tensor rows({3, 19});
  EXPECT_EQ(ErrorCode::invalid_argument, error_of([&] { tiny.model.unembed(rows.matrix()); }).code);
  EXPECT_EQ(ErrorCode::invalid_argument, error_of([&] { tiny.model.logit_lens(rows.matrix()); }).code);
}

TEST(Logits, AreRefusedOfRowsThatAreNotFinite) {
  TinyModel tiny;
  // Each weight is finite; what they make of a row is not.
  for (float& gain : tiny.weights->ln_final_gain) gain = 3e38f;
  Tensor residual({1, 20});
  residual(0, 3) = 1.0f;
  EXPECT_EQ(ErrorCode::activation_not_finite, error_of([&] { tiny.model.logit_lens(residual.matrix()); }).code);
  residual(0, 3) = NAN;
  EXPECT_EQ(ErrorCode::activation_not_finite, error_of([&] { tiny.model.unembed(residual.matrix()); }).code);
}

}  // namespace
}  // namespace soi
