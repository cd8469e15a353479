// The site's own model against PyTorch: tests/golden/demo_playground.json.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "core/model/gpt2.h"
#include "core/tokenizer/tokenizer.h"
#include "tests/golden/golden.h"

namespace soi {
namespace {

/// The model that the site carries, int8 in memory, and what PyTorch says of one sentence with the same weights
/// widened. The end-to-end test compares the page with these values; where the model is replaced, tools/oracles/golden
/// is due.
///
/// Logits up to 25 have no rounding of their own in the file, so 40 unit roundoffs of the largest are granted
/// (golden.h), 6e-5, and half a digit of the decimals that were written.
class ParityOfSiteModel : public ::testing::Test {
 protected:
  static constexpr double kLogitTolerance = 6e-5 + 5e-6;
  static constexpr double kProbabilityTolerance = kLogitTolerance + 5e-8;  // dp <= p (1 - p) * 2 dlogit <= dlogit / 2

  /// `top`: the most probable tokens in order, with logits and probabilities.
  static void expect_top(std::span<const float> logits, const nlohmann::json& top) {
    double sum = 0.0;
    for (const float logit : logits) sum += std::exp(static_cast<double>(logit));
    std::vector<std::int32_t> ids(logits.size());
    std::iota(ids.begin(), ids.end(), 0);
    const auto is_above = [&](std::int32_t a, std::int32_t b) { return logits[a] > logits[b]; };
    std::ranges::partial_sort(ids, ids.begin() + static_cast<std::ptrdiff_t>(top.size()), is_above);
    for (std::size_t rank = 0; rank < top.size(); ++rank) {
      EXPECT_EQ(ids[rank], top[rank].at("id").get<std::int32_t>());
      const double logit = logits[ids[rank]];
      EXPECT_NEAR(logit, top[rank].at("logit").get<double>(), kLogitTolerance);
      EXPECT_NEAR(std::exp(logit) / sum, top[rank].at("probability").get<double>(), kProbabilityTolerance);
    }
  }

  const Gpt2 model_{load_folder(SOI_SOURCE_DIR "/web/public/models/demo"), std::make_shared<ThreadPool>(2)};
  const nlohmann::json golden_ = nlohmann::json::parse(read_text(SOI_SOURCE_DIR "/tests/golden/demo_playground.json"));
};

TEST_F(ParityOfSiteModel, PlaygroundShowsWhatPyTorchComputes) {
  ASSERT_EQ(model_.weights().format(), NumberFormat::int8);
  const std::size_t n_layers = model_.config().n_layers;
  const Hook pattern{HookPoint::pattern, golden_.at("attention").at("layer").get<std::size_t>()};
  Lane lane;
  for (const Token& token : tokenizer::encode(golden_.at("sentence").get<std::string>()))
    lane.tokens.push_back(token.id);
  std::vector<std::int32_t> tokens;
  for (const auto& token : golden_.at("tokens")) tokens.push_back(token.at("id").get<std::int32_t>());
  ASSERT_EQ(lane.tokens, tokens);
  lane.logits = LogitPositions::last();
  lane.captures = {pattern, {HookPoint::resid_post, n_layers - 1}};
  for (std::size_t layer = 0; layer < n_layers; ++layer) lane.captures.push_back({HookPoint::resid_pre, layer});
  const LaneResult result = model_.run(lane);

  expect_top(result.logits.values(), golden_.at("next"));
  const std::vector<float> row = golden_["attention"].at("row").get<std::vector<float>>();
  const auto head = golden_["attention"].at("head").get<std::size_t>();
  const auto query = golden_["attention"].at("query").get<std::size_t>();
  ASSERT_EQ(row.size(), tokens.size());
  for (std::size_t key = 0; key < row.size(); ++key) {
    EXPECT_NEAR(result.captured.at(pattern)(head, query, key), row[key], kProbabilityTolerance);
  }
  ASSERT_EQ(golden_.at("lens").size(), n_layers + 1);
  for (const auto& entry : golden_["lens"]) {
    const auto layer = entry.at("layer").get<std::size_t>();
    const Hook hook = layer < n_layers ? Hook{HookPoint::resid_pre, layer} : Hook{HookPoint::resid_post, n_layers - 1};
    const ConstMatrixView stream = result.captured.at(hook).matrix();
    const Tensor logits = model_.logit_lens({stream.row(stream.n_rows - 1), 1, stream.n_cols, stream.stride});
    expect_top(logits.values(), nlohmann::json::array({entry}));
  }
}

}  // namespace
}  // namespace soi
