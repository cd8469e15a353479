#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "core/experiments/experiment.h"
#include "core/tensor/error.h"
#include "tests/core/experiments/narrow_model.h"

namespace soi {
namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

/// The narrow model has room for 90 tokens: the lesson's passage does not fit.
Settings quick(Settings more = {}) {
  Settings settings = {
      {"passage",
       "Palinka is a fruit spirit of Hungary, known in Romania, the Czech Republic and Greece (but not "
       "for naught), under a law of the Union; the fruit turns to alcohol in some regions."},
      {"held_out", "Cider is a drink of England and France; in Spain it is made from apples."},
      {"epochs", "3"},
      {"n_untrained", "2"},
      {"n_permutations", "5"},
      {"small_k", "4"},
      {"n_top", "5"}};
  settings.insert(settings.end(), more.begin(), more.end());
  return settings;
}

struct Watched {
  std::vector<double> fractions;
  std::map<std::string, std::vector<double>> series;
};

ExperimentResult run(const std::string& protocol, const Settings& settings, int n_threads = 2,
                     Watched* watched = nullptr, double stop_at = 2) {
  const auto pool = std::make_shared<ThreadPool>(n_threads);
  const Gpt2 model = narrow_model(pool);
  ExperimentContext context;
  context.model = &model;
  context.model_name = "narrow";
  context.pool = pool.get();
  context.progress = [&](double fraction) {
    if (fraction >= stop_at) throw Error(ErrorCode::cancelled, "stopped");
    if (watched != nullptr) watched->fractions.push_back(fraction);
  };
  context.observe = [&](std::string_view series, double, double value) {
    if (watched != nullptr) watched->series[std::string(series)].push_back(value);
  };
  return run_experiment(find_experiment("sae-palinka"), protocol, settings, context);
}

double figure(const ExperimentResult& result, const std::string& name) {
  const Figure* found = result.find_figure(name);
  if (found == nullptr) ADD_FAILURE() << "no figure " << name;
  return found == nullptr ? 0.0 : found->values.front();
}

Error error_of(const Settings& settings) {
  try {
    run("corrected", settings);
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error";
  return Error(ErrorCode::internal, "no error");
}

TEST(SaePalinka, JudgesAllTwentyThreeClaimsUnderEachProtocol) {
  for (const char* protocol : {"notebook", "document", "corrected"}) {
    const ExperimentResult result = run(protocol, quick());
    ASSERT_EQ(result.claims.size(), 23u) << protocol;
    for (std::size_t i = 0; i < 23; ++i) {
      EXPECT_EQ(result.claims[i].id, (i < 9 ? "SAE2-0" : "SAE2-") + std::to_string(i + 1));
      EXPECT_FALSE(result.claims[i].why.empty());
    }
  }
}

TEST(SaePalinka, ShipsAPassageOfTwoHundredAndTwentyTokensWithItsWords) {
  const Error error = error_of({});  // the narrow model has no room for it, and says so
  EXPECT_EQ(error.code, ErrorCode::text_too_long);
  EXPECT_NE(std::string(error.what()).find("220"), std::string::npos) << error.what();
}

TEST(SaePalinka, TakesItsWidthsFromTheProtocol) {
  const ExperimentResult corrected = run("corrected", quick());
  EXPECT_EQ(figure(corrected, "n_inputs"), 20);
  EXPECT_EQ(figure(corrected, "n_latents"), 160);
  EXPECT_EQ(figure(corrected, "k"), 80);
  EXPECT_EQ(figure(corrected, "n_samples") + 1, figure(corrected, "n_tokens"));
  const ExperimentResult notebook = run("notebook", quick());
  EXPECT_EQ(figure(notebook, "n_inputs"), 37);
  EXPECT_EQ(figure(notebook, "k"), 12);  // 37 // 3
  EXPECT_EQ(figure(notebook, "n_samples"), figure(notebook, "n_tokens"));
  EXPECT_EQ(figure(run("notebook", quick({{"top_k", "7"}})), "k"), 7);
}

TEST(SaePalinka, HoldsTestWordsOutOfTheScore) {
  // Hungary, Romania, Greece, regions; and Czech, Republic, Union where they are not held out.
  EXPECT_EQ(figure(run("corrected", quick()), "n_words"), 4);
  const ExperimentResult notebook = run("notebook", quick());
  EXPECT_EQ(figure(notebook, "n_words"), 7);
  EXPECT_EQ(figure(notebook, "n_words") + figure(notebook, "n_others"), figure(notebook, "n_tokens"));
  const ExperimentResult document = run("document", quick());
  EXPECT_EQ(figure(document, "n_words"), 3);
  EXPECT_EQ(figure(document, "n_others"), 3);  // fruit twice, alcohol
}

TEST(SaePalinka, GivesTheSameResultAtAnyNumberOfThreads) {
  ExperimentResult one = run("notebook", quick(), 1);
  one.seconds = 0;
  for (int n_threads : {2, 4}) {
    ExperimentResult many = run("notebook", quick(), n_threads);
    many.seconds = 0;
    EXPECT_EQ(to_json(one), to_json(many)) << n_threads;
    for (const auto& [name, array] : one.arrays) {
      EXPECT_TRUE(std::ranges::equal(array.values(), many.arrays.at(name).values())) << name;
    }
  }
}

TEST(SaePalinka, CountsWhatItsArraysShow) {
  const ExperimentResult result = run("corrected", quick({{"top_k", "20"}}));
  const auto density = result.arrays.at("density").values();
  double sum = 0;
  for (float share : density) sum += static_cast<double>(share);
  EXPECT_NEAR(figure(result, "density.grid"), sum / static_cast<double>(density.size()), 1e-6);
  EXPECT_EQ(figure(result, "n_silent"), std::ranges::count(density, 0.0f));
  EXPECT_NEAR(figure(result, "silent") + figure(result, "density.ever"), 1, 1e-12);
  EXPECT_LE(figure(result, "lit.single_word"), 20);
  const auto& tokens = result.labels.at("tokens");
  EXPECT_EQ(result.labels.at("single_word").front(), " Romania");
  const auto romania = static_cast<std::size_t>(std::ranges::find(tokens, " Romania") - tokens.begin());
  EXPECT_EQ(result.arrays.at("active_counts")(romania), figure(result, "lit.single_word"));
  EXPECT_EQ(result.arrays.at("top.activations").shape(), (Shape{5, tokens.size()}));
  EXPECT_EQ(result.arrays.at("token_roles")(romania), 1.0f);
  EXPECT_EQ(result.labels.at("top.strongest").size(), 5u);
}

TEST(SaePalinka, LearnsAndShowsItsLossesWhileItDoes) {
  Watched watched;
  const ExperimentResult result = run("corrected", quick({{"epochs", "20"}, {"learning_rate", "0.01"}}), 2, &watched);
  EXPECT_LT(figure(result, "mse"), figure(result, "mse.first"));
  EXPECT_GT(figure(result, "explained_variance"), figure(result, "explained_variance.untrained"));
  ASSERT_EQ(watched.series.at("loss.mse").size(), 20u);
  EXPECT_EQ(watched.series.at("loss.mse.small_k").size(), 20u);
  const auto kept = result.arrays.at("loss.mse").values();
  for (std::size_t i = 0; i < kept.size(); ++i) EXPECT_EQ(kept[i], static_cast<float>(watched.series["loss.mse"][i]));
  EXPECT_TRUE(std::ranges::is_sorted(watched.fractions));
  EXPECT_EQ(watched.fractions.back(), 1);
}

TEST(SaePalinka, TrainsTheOthersOnlyWhenAsked) {
  const ExperimentResult result = run("corrected", quick({{"variants", "false"}}));
  EXPECT_TRUE(std::isnan(figure(result, "density.grid.small_k")));
  EXPECT_TRUE(std::isnan(figure(result, "rest.explained_variance.with_first")));
  EXPECT_FALSE(std::isnan(figure(result, "rest.explained_variance.without_first")));
  EXPECT_EQ(result.arrays.count("loss.mse.small_k"), 0u);
  const auto claim = std::ranges::find(result.claims, "SAE2-07", &ClaimResult::id);
  EXPECT_EQ(claim->verdict, Verdict::untestable);
}

TEST(SaePalinka, KeepsAFewWhereKIsSmall) {
  const ExperimentResult result = run("corrected", quick());
  EXPECT_NEAR(figure(result, "density.grid.small_k"), 4.0 / 160, 1e-9);
  EXPECT_EQ(figure(result, "lit.single_word.small_k"), 4);
}

TEST(SaePalinka, StartsFromGivenValues) {
  const auto pool = std::make_shared<ThreadPool>(1);
  const Gpt2 model = narrow_model(pool);
  ExperimentContext context;
  context.model = &model;
  context.pool = pool.get();
  context.initial["encoder"] = Tensor({160, 20});
  const ExperimentResult result =
      run_experiment(find_experiment("sae-palinka"), "document", quick({{"epochs", "1"}}), context);
  // All latents are 0, so no gradient reaches a weight.
  EXPECT_EQ(figure(result, "density.ever"), 0);
  EXPECT_EQ(figure(result, "silent"), 1);
}

TEST(SaePalinka, TakesTokenIds) {
  std::string ids = "ids:";
  for (int i = 0; i < 30; ++i) ids += " " + std::to_string(100 + 7 * i);
  const ExperimentResult result =
      run("corrected", quick({{"passage", ids}, {"words", "ids: 107\nids: 121 128"}, {"single_word", "ids: 149"}}));
  EXPECT_EQ(figure(result, "n_words"), 2);
  EXPECT_EQ(figure(result, "n_tokens"), 30);
  const auto claim = std::ranges::find(result.claims, "SAE2-17", &ClaimResult::id);
  EXPECT_EQ(claim->verdict, Verdict::untestable);  // no Czech Republic there
}

TEST(SaePalinka, RefusesBadInput) {
  EXPECT_EQ(error_of(quick({{"layer", "3"}})).code, ErrorCode::hook_layer);
  const auto named = [](const Error& error) { return error.details.front().second; };
  EXPECT_EQ(named(error_of(quick({{"words", "Hungary\nParis"}}))), "words");
  EXPECT_EQ(named(error_of(quick({{"single_word", "Paris"}}))), "single_word");
  EXPECT_EQ(named(error_of(quick({{"held_out_words", "Paris"}}))), "held_out_words");
  EXPECT_EQ(named(error_of(quick({{"passage", "The old dog ran to the house and slept there at once."}}))), "words");
  EXPECT_EQ(named(error_of(quick({{"passage", "Hungary."}}))), "passage");
  EXPECT_EQ(named(error_of(quick({{"held_out", "ids: 5 x"}}))), "held_out");
  EXPECT_EQ(named(error_of(quick({{"against", "fillers"}, {"fillers", "Hungary"}}))), "fillers");
  EXPECT_EQ(named(error_of(quick({{"top_k_share", "0"}}))), "top_k_share");
  EXPECT_EQ(named(error_of(quick({{"score", "loudness"}}))), "score");
}

TEST(SaePalinka, StopsWhenTold) {
  for (double stop : {0.0, 0.1, 0.5, 0.99}) EXPECT_THROW(run("corrected", quick(), 2, nullptr, stop), Error) << stop;
}

}  // namespace
}  // namespace soi
