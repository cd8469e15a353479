#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "core/analysis/descriptive.h"
#include "core/experiments/experiment.h"
#include "core/tensor/error.h"
#include "tests/core/experiments/narrow_model.h"

namespace soi {
namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

/// One sentence a line, told apart by its subject: the slots hold him and her.
std::string sentences(std::size_t n) {
  const std::vector<std::string> subjects = {"baker", "doctor", "judge", "farmer", "waiter", "pilot",
                                             "nurse", "tailor", "mayor", "lawyer", "coach",  "guide"};
  std::string text;
  for (std::size_t i = 0; i < n; ++i) text += "The " + subjects[i] + " followed [him|her] home.\n";
  return text;
}

Settings quick(Settings more = {}) {
  Settings settings = {{"pairs", sentences(12)}, {"he_she", sentences(9)},      {"names", sentences(10)},
                       {"n_permutations", "3"},  {"n_layer_permutations", "2"}, {"n_folds", "3"}};
  settings.insert(settings.end(), more.begin(), more.end());
  return settings;
}

ExperimentResult run(
    const std::string& protocol, const Settings& settings, int n_threads = 2,
    std::function<void(double)> progress = [](double) {}) {
  const auto pool = std::make_shared<ThreadPool>(n_threads);
  const Gpt2 model = narrow_model(pool);
  ExperimentContext context;
  context.model = &model;
  context.model_name = "narrow";
  context.pool = pool.get();
  context.progress = std::move(progress);
  return run_experiment(find_experiment("ged-him-her"), protocol, settings, context);
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

TEST(GedHimHer, JudgesAllTwentyClaimsUnderEachProtocol) {
  for (const char* protocol : {"notebook", "document", "corrected"}) {
    const ExperimentResult result = run(protocol, quick());
    ASSERT_EQ(result.claims.size(), 20u) << protocol;
    for (std::size_t i = 0; i < 20; ++i) {
      EXPECT_EQ(result.claims[i].id, (i < 9 ? "GED-0" : "GED-") + std::to_string(i + 1));
      EXPECT_FALSE(result.claims[i].why.empty());
    }
  }
}

TEST(GedHimHer, RunsOnTheLessonsOwnSentences) {
  const ExperimentResult result = run("corrected", {{"n_permutations", "1"}, {"n_layer_permutations", "1"}});
  EXPECT_GE(figure(result, "n_pairs"), 54);
  EXPECT_EQ(figure(result, "n_distinct_prefixes"), figure(result, "n_pairs"));
  EXPECT_EQ(figure(result, "n_pairs_of_several_tokens"), 0);
  EXPECT_EQ(figure(run("notebook", {{"n_permutations", "1"}, {"sweep", "false"}}), "n_pairs"), 54);
}

TEST(GedHimHer, GivesTheSameResultAtAnyNumberOfThreads) {
  ExperimentResult one = run("corrected", quick(), 1);
  one.seconds = 0;
  for (int n_threads : {2, 4}) {
    ExperimentResult many = run("corrected", quick(), n_threads);
    many.seconds = 0;
    EXPECT_EQ(to_json(one), to_json(many)) << n_threads;
    for (const auto& [name, array] : one.arrays) {
      EXPECT_TRUE(std::ranges::equal(array.values(), many.arrays.at(name).values())) << name;
    }
  }
}

TEST(GedHimHer, KeepsOneComponentFewerAsTheNotebook) {
  const Settings no_sweep = quick({{"sweep", "false"}});
  EXPECT_EQ(figure(run("notebook", no_sweep), "pcs_kept") + 1, figure(run("document", no_sweep), "pcs_kept"));
}

TEST(GedHimHer, CountsPrefixesThatRepeatAsOne) {
  std::string text = sentences(10);
  text += "The baker followed [him|her] into the shop.\n";  // the same up to the word
  const ExperimentResult result = run("corrected", quick({{"pairs", text}, {"sweep", "false"}}));
  EXPECT_EQ(figure(result, "n_pairs"), 11);
  EXPECT_EQ(figure(result, "n_distinct_prefixes"), 10);
  // Eleven rows of a class, two of them equal, less the mean: each class has rank 9, and their average 18 at most.
  EXPECT_EQ(figure(result, "rank.pooled"), 18);
}

TEST(GedHimHer, ProjectsASentenceThatCannotDifferBeforeItsWord) {
  const ExperimentResult result = run("corrected", quick({{"contrast", "A dog ran to [him|her] at once."}}));
  for (const char* filter : {"a_over_b", "b_over_a", "mean_difference", "lda", "first_component"}) {
    EXPECT_EQ(figure(result, std::string("contrast.before.") + filter), 0) << filter;
  }
  EXPECT_EQ(result.labels.at("contrast.a").at(4), " him");
  EXPECT_EQ(result.labels.at("contrast.b").at(4), " her");
  EXPECT_EQ(result.arrays.at("contrast.a.a_over_b").size(), result.labels.at("contrast.a").size());
}

TEST(GedHimHer, LeavesOutTheFirstPositionWhereTold) {
  for (const bool counts : {false, true}) {
    const ExperimentResult result =
        run("corrected", quick({{"sweep", "false"}, {"first_position", counts ? "true" : "false"}}));
    const auto a = result.arrays.at("contrast.a.a_over_b").values();
    const auto b = result.arrays.at("contrast.b.a_over_b").values();
    const auto& labels = result.labels.at("contrast.a");
    const auto slot = static_cast<std::size_t>(std::ranges::find(labels, " him") - labels.begin());
    std::vector<double> others;
    for (std::size_t t = counts ? 0 : 1; t < a.size(); ++t) {
      if (t != slot) others.insert(others.end(), {static_cast<double>(a[t]), static_cast<double>(b[t])});
    }
    const double split = static_cast<double>(a[slot]) - static_cast<double>(b[slot]);
    // The arrays are float32.
    EXPECT_NEAR(figure(result, "contrast.split.a_over_b") / (split / standard_deviation(others)), 1, 1e-5) << counts;
  }
}

TEST(GedHimHer, ShufflesAsTheNotebookOnTheTrueComponentsWithBothShrunk) {
  const auto null = [](const char* how, const char* shrink) {
    const Settings settings = quick({{"sweep", "false"}, {"null", how}, {"shrink", shrink}, {"gamma", "0.3"}});
    return run("corrected", settings).find_control("label_shuffle", "top_eigenvalue.a_over_b")->values;
  };
  EXPECT_EQ(null("all_labels", "reference"), null("all_labels", "both"));
  EXPECT_NE(null("within_pairs", "reference"), null("within_pairs", "both"));
}

TEST(GedHimHer, HoldsItsDirectionsAgainstThoseOfShuffledLabels) {
  const ExperimentResult result = run("corrected", quick({{"sweep", "false"}}));
  for (const std::string figure_name : {"held_out_accuracy.a_over_b", "held_out_d.b_over_a",
                                        "he_she.transfer_accuracy.a_over_b", "names.transfer_d.b_over_a"}) {
    const Control* control = result.find_control("shuffled_direction", figure_name);
    ASSERT_NE(control, nullptr) << figure_name;
    EXPECT_EQ(control->values.size(), 3u);
    EXPECT_EQ(figure(result, figure_name + ".shuffled_direction"), mean(control->values));
  }
}

TEST(GedHimHer, SaysWhatCompressionDrops) {
  const ExperimentResult all = run("corrected", quick({{"sweep", "false"}, {"variance_share", "1"}}));
  EXPECT_EQ(figure(all, "rank.b.all_neurons"), 11);  // twelve sentences less their mean
  EXPECT_EQ(figure(all, "uncompressed.components"), figure(all, "rank.pooled"));
  // With all components kept the two are one.
  EXPECT_EQ(figure(all, "uncompressed.top_eigenvalue"), figure(all, "top_eigenvalue.a_over_b"));
  EXPECT_EQ(figure(all, "uncompressed.held_out_d"), figure(all, "held_out_d.a_over_b"));
  const ExperimentResult few = run("corrected", quick({{"sweep", "false"}, {"variance_share", "0.5"}}));
  EXPECT_LT(figure(few, "pcs_kept.mean_difference_share"), 1);
  EXPECT_EQ(figure(few, "uncompressed.held_out_d"), figure(all, "uncompressed.held_out_d"));
}

TEST(GedHimHer, SweepsEveryLayerOrTheChosenOneAlone) {
  const ExperimentResult all = run("corrected", quick({{"layer", "2"}}));
  const ExperimentResult one = run("corrected", quick({{"layer", "2"}, {"sweep", "false"}}));
  EXPECT_EQ(all.find_figure("layers.top_eigenvalue")->values.size(), 3u);
  EXPECT_EQ(one.find_figure("layers.top_eigenvalue"), nullptr);
  EXPECT_EQ(all.find_figure("layers.top_eigenvalue")->values[2], figure(one, "top_eigenvalue.a_over_b"));
  EXPECT_EQ(figure(one, "layer"), 2);
}

TEST(GedHimHer, RefusesBadInput) {
  EXPECT_EQ(error_of(quick({{"layer", "3"}})).code, ErrorCode::hook_layer);
  const Error few = error_of(quick({{"names", sentences(7)}}));
  EXPECT_EQ(few.code, ErrorCode::invalid_argument);
  EXPECT_EQ(few.details.front(), (std::pair<std::string, std::string>{"name", "names"}));
  EXPECT_EQ(error_of(quick({{"pairs", "No slot."}})).code, ErrorCode::invalid_argument);
  EXPECT_EQ(error_of(quick({{"contrast", sentences(2)}})).details.front().second, "contrast");
  EXPECT_EQ(error_of(quick({{"gamma", "1.5"}})).details.front().second, "gamma");
  std::string long_text;
  for (int i = 0; i < 100; ++i) long_text += "very ";
  EXPECT_EQ(error_of(quick({{"contrast", "A " + long_text + "old dog ran to [him|her]."}})).code,
            ErrorCode::text_too_long);
}

TEST(GedHimHer, WithoutShrinkageNeedsAReferenceOfFullRank) {
  // 12 pairs in 20 components: the lesson's point.
  const Error error = error_of(quick({{"gamma", "0"}, {"variance_share", "1"}}));
  EXPECT_EQ(error.code, ErrorCode::invalid_argument);
  EXPECT_EQ(error.details.front().second, "gamma");
}

TEST(GedHimHer, ReportsProgressUpwardsAndStopsWhenTold) {
  std::vector<double> fractions;
  run("corrected", quick(), 2, [&](double fraction) { fractions.push_back(fraction); });
  EXPECT_TRUE(std::ranges::is_sorted(fractions));
  EXPECT_NEAR(fractions.back(), 1, 1e-9);
  for (double stop : {0.0, 0.4, 0.9}) {
    const auto cancel = [stop](double fraction) {
      if (fraction >= stop) throw Error(ErrorCode::cancelled, "stopped");
    };
    EXPECT_THROW(run("corrected", quick(), 2, cancel), Error) << stop;
  }
}

}  // namespace
}  // namespace soi
