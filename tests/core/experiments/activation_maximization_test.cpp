#include "core/analysis/activation_maximization.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "core/analysis/descriptive.h"
#include "core/experiments/activation_maximization_parameters.h"
#include "core/experiments/experiment.h"
#include "core/tensor/error.h"
#include "tests/core/experiments/narrow_model.h"

namespace soi {
namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

/// What a test may set beside the parameters.
struct Frame {
  explicit Frame(int threads = 2) : n_threads(threads) {}

  int n_threads;
  std::map<std::string, Tensor> initial;
  std::function<void(double)> progress = [](double) {};
  std::function<void(std::string_view, double, double)> observe = [](std::string_view, double, double) {};
};

Settings quick(Settings more = {}) {
  Settings settings = {{"n_steps", "6"}, {"n_restarts", "2"}, {"n_null", "4"}, {"learning_rate", "0.01"}};
  settings.insert(settings.end(), more.begin(), more.end());
  return settings;
}

ExperimentResult run(const std::string& protocol, const Settings& settings, Frame frame = Frame()) {
  const auto pool = std::make_shared<ThreadPool>(frame.n_threads);
  const Gpt2 model = narrow_model(pool);
  ExperimentContext context;
  context.model = &model;
  context.model_name = "narrow";
  context.pool = pool.get();
  context.progress = frame.progress;
  context.observe = frame.observe;
  context.initial = std::move(frame.initial);
  return run_experiment(find_experiment("activation-maximization"), protocol, settings, context);
}

double figure(const ExperimentResult& result, const std::string& name) {
  const Figure* found = result.find_figure(name);
  if (found == nullptr) ADD_FAILURE() << "no figure " << name;
  return found == nullptr ? 0.0 : found->values.front();
}

Error error_of(const Settings& settings, Frame frame = Frame()) {
  try {
    run("corrected", settings, std::move(frame));
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error";
  return Error(ErrorCode::internal, "no error");
}

std::string named(const Error& error) {
  for (const auto& [key, value] : error.details) {
    if (key == "name") return value;
  }
  return "";
}

TEST(ActivationMaximizationLesson, JudgesAllNineteenClaimsUnderEachProtocol) {
  for (const char* protocol : {"notebook", "document", "corrected"}) {
    const ExperimentResult result = run(protocol, quick());
    ASSERT_EQ(result.claims.size(), 19u) << protocol;
    for (std::size_t i = 0; i < 19; ++i) {
      EXPECT_EQ(result.claims[i].id, (i < 9 ? "ACT-0" : "ACT-") + std::to_string(i + 1));
      EXPECT_FALSE(result.claims[i].why.empty());
    }
  }
}

TEST(ActivationMaximizationLesson, ClimbsFurtherThanRandomMovesOfTheSameSize) {
  const ExperimentResult result = run("corrected", quick({{"n_steps", "60"}}));
  EXPECT_GT(figure(result, "end.lowest"), figure(result, "start.mean"));
  const std::vector<double>& moved = result.find_control("random_move", "z.end")->values;
  EXPECT_EQ(moved.size(), 4u);
  EXPECT_GT(figure(result, "z.end"), *std::ranges::max_element(moved));
}

TEST(ActivationMaximizationLesson, GivesTheSameResultAtAnyNumberOfThreads) {
  ExperimentResult one = run("corrected", quick(), Frame(1));
  one.seconds = 0;
  for (int n_threads : {2, 4}) {
    ExperimentResult many = run("corrected", quick(), Frame(n_threads));
    many.seconds = 0;
    EXPECT_EQ(to_json(one), to_json(many)) << n_threads;
    for (const auto& [name, array] : one.arrays) {
      EXPECT_TRUE(std::ranges::equal(array.values(), many.arrays.at(name).values())) << name;
    }
  }
}

TEST(ActivationMaximizationLesson, DoesNotCareInWhichOrderItsStartsCome) {
  const ExperimentResult forward = run("corrected", quick({{"keep_initial", "true"}}));
  const Tensor& starts = forward.arrays.at("initial.embeddings");
  ASSERT_EQ(starts.shape(), (Shape{2, 5, 20}));
  Tensor swapped = Tensor::uninitialized(starts.shape());
  std::ranges::copy(starts.values().first(100), swapped.data() + 100);
  std::ranges::copy(starts.values().last(100), swapped.data());
  Frame frame;
  frame.initial["embeddings"] = std::move(swapped);
  const ExperimentResult backward = run("corrected", quick(), std::move(frame));
  const Tensor& a = forward.arrays.at("trace.target");
  const Tensor& b = backward.arrays.at("trace.target");
  for (std::size_t step = 0; step < a.dim(1); ++step) {
    EXPECT_EQ(a(0u, step), b(1u, step)) << step;
    EXPECT_EQ(a(1u, step), b(0u, step)) << step;
  }
  EXPECT_EQ(figure(forward, "runs.cosine"), figure(backward, "runs.cosine"));
  EXPECT_EQ(figure(forward, "end.highest"), figure(backward, "end.highest"));
}

TEST(ActivationMaximizationLesson, ReadsTheLayerBothWays) {
  // hidden_states[1] is the output of block 0; block 1's output is hidden_states[2].
  const ExperimentResult states = run("corrected", quick({{"layer", "1"}}));
  const ExperimentResult blocks = run("corrected", quick({{"layer", "1"}, {"layer_counts", "blocks"}}));
  EXPECT_EQ(states.labels.at("hook").front(), "blocks.0.hook_resid_post");
  EXPECT_EQ(blocks.labels.at("hook").front(), "blocks.1.hook_resid_post");
  EXPECT_EQ(states.labels.at("other_reading.hook"), blocks.labels.at("hook"));
  EXPECT_EQ(static_cast<float>(figure(states, "other_reading.end")), static_cast<float>(figure(blocks, "end")));
  EXPECT_EQ(static_cast<float>(figure(blocks, "other_reading.end")), static_cast<float>(figure(states, "end")));
}

TEST(ActivationMaximizationLesson, TakesTheLastHiddenStateAfterLnF) {
  const ExperimentResult last = run("corrected", quick({{"layer", "3"}}));
  EXPECT_EQ(last.labels.at("hook").front(), "ln_final.hook_normalized");
  EXPECT_TRUE(std::isnan(figure(last, "other_reading.end")));  // there is no block 3
  EXPECT_EQ(run("corrected", quick({{"layer", "0"}})).labels.at("hook").front(), "blocks.0.hook_resid_pre");
}

TEST(ActivationMaximizationLesson, MovesAProtocolsLayerIntoASmallerModelAndSaysSo) {
  // 8 of GPT-2 small's 12 blocks are 2 of this model's 3; its width has no dimension 91.
  const ExperimentResult result = run("notebook", quick());
  EXPECT_EQ(figure(result, "layer"), 2);
  EXPECT_EQ(figure(result, "layer_moved"), 1);
  EXPECT_EQ(figure(result, "dimension"), 19);
  EXPECT_EQ(figure(result, "dimension_moved"), 1);
  const ExperimentResult chosen = run("notebook", quick({{"layer", "1"}, {"dimension", "3"}}));
  EXPECT_EQ(figure(chosen, "layer_moved"), 0);
  EXPECT_EQ(figure(chosen, "dimension_moved"), 0);
}

TEST(ActivationMaximizationLesson, RefusesWhatTheModelDoesNotHave) {
  EXPECT_EQ(named(error_of(quick({{"layer", "4"}}))), "layer");
  EXPECT_EQ(named(error_of(quick({{"layer", "3"}, {"layer_counts", "blocks"}}))), "layer");
  EXPECT_EQ(named(error_of(quick({{"dimension", "20"}}))), "dimension");
  EXPECT_EQ(named(error_of(quick({{"text", "Too short."}}))), "text");
  EXPECT_EQ(named(error_of(quick({{"n_tokens", "0"}}))), "n_tokens");
  std::string ids = "ids:";
  for (int i = 0; i < 40; ++i) ids += " 50257";
  EXPECT_EQ(error_of(quick({{"text", ids}})).code, ErrorCode::token_out_of_range);
  Frame frame;
  frame.initial["embeddings"] = Tensor({1, 5, 20});
  EXPECT_EQ(named(error_of(quick(), std::move(frame))), "initial.embeddings");
}

TEST(ActivationMaximizationLesson, StopsWhenAskedInEveryPart) {
  for (double limit : {0.0, 0.3, 0.7, 0.9, 0.97}) {
    Frame frame;
    frame.progress = [limit](double fraction) {
      if (fraction >= limit) throw Error(ErrorCode::cancelled, "stop");
    };
    EXPECT_EQ(error_of(quick(), std::move(frame)).code, ErrorCode::cancelled) << limit;
  }
}

TEST(ActivationMaximizationLesson, ReportsProgressThatDoesNotGoBack) {
  double last = 0;
  Frame frame;
  frame.progress = [&last](double fraction) {
    EXPECT_GE(fraction, last);
    EXPECT_LE(fraction, 1);
    last = fraction;
  };
  run("corrected", quick(), std::move(frame));
  EXPECT_EQ(last, 1);
}

TEST(ActivationMaximizationLesson, ShowsEachRestartsTargetAsItClimbs) {
  std::map<std::string, std::vector<float>, std::less<>> seen;
  Frame frame;
  frame.observe = [&seen](std::string_view series, double step, double value) {
    EXPECT_EQ(step, static_cast<double>(seen[std::string(series)].size()));
    seen[std::string(series)].push_back(static_cast<float>(value));
  };
  const ExperimentResult result = run("corrected", quick(), std::move(frame));
  ASSERT_EQ(seen.size(), 2u);
  for (std::size_t r = 0; r < 2; ++r) {
    const std::vector<float>& points = seen.at("target." + std::to_string(r));
    EXPECT_TRUE(std::ranges::equal(points, result.arrays.at("trace.target").matrix()[r]));
  }
}

TEST(ActivationMaximizationLesson, DecodesTokensAsThemselvesWhereItStartsFromTokens) {
  const ExperimentResult result = run("corrected", quick({{"start", "tokens"}, {"learning_rate", "0"}}));
  EXPECT_NEAR(figure(result, "cosine.raw"), 1, 1e-5);
  EXPECT_NEAR(figure(result, "cosine.centred"), 1, 1e-5);
  EXPECT_EQ(figure(result, "tokens.changed_share"), 0);
  EXPECT_EQ(figure(result, "move.largest"), 0);
  EXPECT_EQ(result.labels.at("tokens.end.raw"), result.labels.at("tokens.start.raw"));
}

TEST(ActivationMaximizationLesson, MatchesTheMeanOfEachCoordinateWhereAsked) {
  // This model's wte has mean 0 and one deviation, so the two kinds of normal start differ by little.
  const Tensor scaled = run("corrected", quick({{"keep_initial", "true"}})).arrays.at("initial.embeddings").clone();
  const Tensor matched = run("corrected", quick({{"keep_initial", "true"}, {"start", "matched_normal"}}))
                             .arrays.at("initial.embeddings")
                             .clone();
  for (std::size_t i = 0; i < scaled.size(); ++i) EXPECT_NEAR(scaled.data()[i], matched.data()[i], 0.1);
  EXPECT_FALSE(std::ranges::equal(scaled.values(), matched.values()));
}

TEST(ActivationMaximizationLesson, ComparesWithWindowsOfTheReadersText) {
  std::string ids = "ids:";
  for (int i = 0; i < 24; ++i) ids += " 7";
  const ExperimentResult result = run("corrected", quick({{"text", ids}}));
  EXPECT_EQ(figure(result, "natural.n_windows"), 20);
  EXPECT_EQ(figure(result, "natural.sd"), 0);  // the same window, twenty times
  EXPECT_GT(figure(run("corrected", quick()), "natural.sd"), 0);
}

TEST(ActivationMaximizationLesson, LeavesPairsOutWhereThereIsOneRestart) {
  const ExperimentResult result = run("corrected", quick({{"n_restarts", "1"}, {"n_tokens", "1"}}));
  EXPECT_TRUE(std::isnan(figure(result, "runs.cosine")));
  EXPECT_TRUE(std::isnan(figure(result, "decoded.nats")));  // one token has none before it
  EXPECT_EQ(result.claims.size(), 19u);
}

}  // namespace
}  // namespace soi
