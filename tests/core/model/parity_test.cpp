// Soi against PyTorch, tensor by tensor: tests/golden/gpt2_tiny* holds what Hugging Face's GPT2LMHeadModel computes in
// float32. No size of that model is a multiple of a vector register.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/model/gpt2.h"
#include "core/model/gradient.h"
#include "core/model/sampling.h"
#include "tests/golden/golden.h"

namespace soi {
namespace {

const std::string kFolder = SOI_SOURCE_DIR "/tests/golden/gpt2_tiny";

class Parity : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    model_ = std::make_unique<Gpt2>(load_folder(kFolder), std::make_shared<ThreadPool>(2));
    golden_ = std::make_unique<GoldenSet>(read_golden(kFolder, model_->config().n_layers));
  }
  static void TearDownTestSuite() {
    golden_.reset();
    model_.reset();
  }

  static const GoldenCase& case_named(const std::string& name) {
    for (const GoldenCase& golden : golden_->cases) {
      if (golden.name == name) return golden;
    }
    throw std::out_of_range(name);
  }

  static std::unique_ptr<Gpt2> model_;
  static std::unique_ptr<GoldenSet> golden_;
};
std::unique_ptr<Gpt2> Parity::model_;
std::unique_ptr<GoldenSet> Parity::golden_;

/// Passes where `actual` differs from the case's tensor by no more than rounding.
::testing::AssertionResult matches(const Tensor& actual, const GoldenCase& golden, const std::string& name) {
  const Tensor& expected = golden.tensors.at(name);
  if (actual.shape() != expected.shape()) {
    return ::testing::AssertionFailure() << name << " of " << golden.name << " has the shape "
                                         << to_string(actual.shape()) << ", PyTorch's " << to_string(expected.shape());
  }
  const Difference difference = compare(actual, expected);
  const double limit = tolerance(golden.rounding.at(name), difference.largest);
  if (difference.error <= limit) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << name << " of " << golden.name << " differs by " << difference.error
                                       << " (limit " << limit << ") at number " << difference.index << ": "
                                       << difference.actual << ", PyTorch " << difference.expected;
}

/// Goes through the hooks in the order of a forward run; says the first that differs, and stops there.
::testing::AssertionResult captures_match(const LaneResult& result, const GoldenCase& golden) {
  for (const Hook hook : golden.lane.captures) {
    const auto captured = result.captured.find(hook);
    if (captured == result.captured.end()) return ::testing::AssertionFailure() << hook_name(hook) << " is missing";
    auto hook_matches = matches(captured->second, golden, hook_name(hook));
    if (!hook_matches) return hook_matches << "\nThis is the first hook that differs; those before it agree.";
  }
  return ::testing::AssertionSuccess();
}

bool same_bits(const Tensor& a, const Tensor& b) {
  return a.shape() == b.shape() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

TEST_F(Parity, EveryHookOfRaggedLanesMatchesPyTorch) {
  const std::vector<LaneResult> results = run_golden(*model_, *golden_);
  std::size_t n_full_cases = 0;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const GoldenCase& golden = golden_->cases[i];
    if (!golden.lane.edits.empty()) continue;
    n_full_cases += golden.lane.captures.size() == all_hooks(model_->config().n_layers).size();
    EXPECT_TRUE(captures_match(results[i], golden));
    if (golden.tensors.contains("logits")) {
      EXPECT_TRUE(matches(results[i].logits, golden, "logits"));
    }
  }
  EXPECT_EQ(n_full_cases, 4u);  // else the golden files lack hooks, and this test looks at nothing
}

TEST_F(Parity, AnEditAtEachHookMatchesPyTorch) {
  const std::vector<LaneResult> results = run_golden(*model_, *golden_);
  const GoldenCase& clean = case_named("short");
  std::size_t n_edits = 0;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const GoldenCase& golden = golden_->cases[i];
    if (golden.lane.edits.empty()) continue;
    ++n_edits;
    EXPECT_TRUE(captures_match(results[i], golden));
    // The edit is felt: an edit that neither side applies would agree as well.
    const Difference change = compare(golden.tensors.at("logits"), clean.tensors.at("logits"));
    EXPECT_GT(change.error, 0.01) << golden.name;
  }
  EXPECT_EQ(n_edits, hook_points().size());
}

TEST_F(Parity, InputGradientsMatchPyTorch) {
  std::size_t n_gradients = 0;
  for (const GoldenCase& golden : golden_->cases) {
    const std::map<std::string, Tensor> gradients = run_gradients(*model_, golden);
    for (const GoldenGradient& target : golden.gradients) {
      ++n_gradients;
      EXPECT_TRUE(matches(gradients.at(target.tensor), golden, target.tensor)) << "of " << hook_name(target.hook);
    }
  }
  EXPECT_EQ(n_gradients, 25u);
}

TEST_F(Parity, GradientsOfOneLaneDoNotReachAnother) {
  const std::array<std::string, 3> names = {"embeddings", "sentence", "single"};
  std::vector<Lane> lanes;
  for (const std::string& name : names) {
    lanes.emplace_back();
    lanes.back().tokens = case_named(name).lane.tokens;
    lanes.back().input_embeddings = case_named(name).lane.input_embeddings;
  }
  const GoldenCase& golden = case_named("sentence");
  const GoldenGradient& target = golden.gradients.back();
  const DifferentiableRun run(*model_, lanes, target.hook);
  std::vector<Tensor> cotangents;
  for (const Tensor& activation : run.activations()) cotangents.emplace_back(activation.shape());
  const std::size_t n_tokens = cotangents[1].dim(0);
  ASSERT_FALSE(target.position);  // of the mean
  for (std::size_t t = 0; t < n_tokens; ++t) cotangents[1](t, target.index) = 1.0f / static_cast<float>(n_tokens);
  const std::vector<Tensor> gradients = run.backward(cotangents);
  EXPECT_TRUE(matches(gradients[1], golden, target.tensor));
  for (const std::size_t other : {0u, 2u}) {
    for (const float value : gradients[other].values()) EXPECT_EQ(value, 0.0f);
  }
}

TEST_F(Parity, LogitLensMatchesPyTorch) {
  const GoldenCase& golden = case_named("short");
  for (std::size_t layer = 0; layer < model_->config().n_layers; ++layer) {
    const Tensor& residual = golden.tensors.at(hook_name({HookPoint::resid_post, layer}));
    EXPECT_TRUE(matches(model_->logit_lens(residual.matrix()), golden, "logit_lens." + std::to_string(layer)));
  }
}

TEST_F(Parity, UnembeddingOfNormalizedRowsMatchesPyTorch) {
  const GoldenCase& golden = case_named("short");
  EXPECT_TRUE(matches(model_->unembed(golden.tensors.at("ln_final.hook_normalized").matrix()), golden, "logits"));
}

TEST_F(Parity, GreedyGenerationIsThatOfHuggingFace) {
  KeyValueCache cache(model_->config());
  SamplingOptions greedy;
  greedy.temperature = 0.0;
  Lane lane;
  lane.tokens = golden_->prompt;
  lane.logits = LogitPositions::last();
  lane.cache = &cache;
  std::vector<std::int32_t> continuation;
  while (continuation.size() < golden_->continuation.size()) {
    const LaneResult result = model_->run(lane);
    continuation.push_back(sample_token(result.logits.values(), greedy, continuation.size()));
    lane.tokens = {continuation.back()};
  }
  EXPECT_EQ(continuation, golden_->continuation);
}

TEST_F(Parity, ASequenceContinuedFromTheCacheMatchesPyTorch) {
  const GoldenCase& golden = case_named("sentence");
  const Tensor& expected = golden.tensors.at("logits");
  KeyValueCache cache(model_->config());
  Tensor logits = Tensor::uninitialized(expected.shape());
  float* next_row = logits.data();
  std::size_t begin = 0;
  for (const std::size_t end : {4u, 5u, 11u}) {
    Lane lane;
    lane.tokens.assign(golden.lane.tokens.begin() + begin, golden.lane.tokens.begin() + end);
    lane.cache = &cache;
    const LaneResult result = model_->run(lane);
    next_row = std::copy_n(result.logits.data(), result.logits.size(), next_row);
    begin = end;
  }
  EXPECT_TRUE(matches(logits, golden, "logits"));
}

TEST_F(Parity, StreamedWeightsGiveTheBitsOfResidentOnes) {
  const Gpt2 streamed(stream_folder(kFolder), std::make_shared<ThreadPool>(2));
  const std::vector<LaneResult> expected = run_golden(*model_, *golden_);
  const std::vector<LaneResult> actual = run_golden(streamed, *golden_);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    for (const auto& [hook, tensor] : expected[i].captured) {
      EXPECT_TRUE(same_bits(actual[i].captured.at(hook), tensor)) << hook_name(hook);
    }
  }
  const GoldenCase& golden = case_named("sentence");
  const auto resident_gradients = run_gradients(*model_, golden);
  for (const auto& [name, gradient] : run_gradients(streamed, golden)) {
    EXPECT_TRUE(same_bits(gradient, resident_gradients.at(name))) << name;
  }
}

/// Files in half precision and in the other layouts: masks beside the weights, no prefix, an untied copy of wte. Read
/// to f32 they are exact, so the limits are those of f32.
class ParityOfFileFormat : public ::testing::TestWithParam<const char*> {};

TEST_P(ParityOfFileFormat, LogitsMatchPyTorch) {
  const std::string folder = std::string(SOI_SOURCE_DIR "/tests/golden/") + GetParam();
  const Gpt2 model(load_folder(folder, NumberFormat::f32), std::make_shared<ThreadPool>(1));
  const GoldenSet golden = read_golden(folder, model.config().n_layers);
  ASSERT_EQ(golden.cases.size(), 1u);
  EXPECT_TRUE(matches(model.run(golden.cases[0].lane).logits, golden.cases[0], "logits"));
}

INSTANTIATE_TEST_SUITE_P(Files, ParityOfFileFormat, ::testing::Values("gpt2_tiny_f16", "gpt2_tiny_bf16"));

/// f16 in memory: a file of f16 loses nothing by it.
TEST(ParityOfMemoryFormat, HalfPrecisionInMemoryIsExactForAHalfPrecisionFile) {
  const std::string folder = SOI_SOURCE_DIR "/tests/golden/gpt2_tiny_f16";
  const Gpt2 model(load_folder(folder, NumberFormat::f16), std::make_shared<ThreadPool>(1));
  const GoldenSet golden = read_golden(folder, model.config().n_layers);
  EXPECT_TRUE(matches(model.run(golden.cases[0].lane).logits, golden.cases[0], "logits"));
}

}  // namespace
}  // namespace soi
