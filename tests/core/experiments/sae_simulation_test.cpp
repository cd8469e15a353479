#include <gtest/gtest.h>

#include <cmath>

#include "core/experiments/experiment.h"
#include "core/tensor/error.h"

namespace soi {
namespace {

ExperimentResult simulate(const std::string& protocol, std::vector<std::pair<std::string, std::string>> given,
                          int n_threads = 2) {
  ThreadPool pool(n_threads);
  ExperimentContext context;
  context.pool = &pool;
  for (auto setting : {std::pair{"n_samples", "300"}, {"epochs", "8"}, {"n_seeds", "3"}, {"n_grid_seeds", "1"}})
    given.emplace_back(setting);
  return run_experiment(find_experiment("sae-simulation"), protocol, given, context);
}

double figure(const ExperimentResult& result, std::string_view name) { return result.find_figure(name)->values.at(0); }

TEST(SaeSimulation, FillsTheWholeLedgerUnderEveryProtocol) {
  for (const char* protocol : {"notebook", "document", "corrected"}) {
    const ExperimentResult result = simulate(protocol, {});
    EXPECT_EQ(result.claims.size(), 26u);
    for (const ClaimResult& claim : result.claims) EXPECT_FALSE(claim.why.empty()) << claim.id;
    EXPECT_EQ(result.find_control("untrained", "best_r.lower")->values.size(), 3u);
  }
}

TEST(SaeSimulation, MixesTheSourcesByTheMatrix) {
  const ExperimentResult result = simulate("notebook", {});
  const Tensor& sources = result.arrays.at("sources");
  const Tensor& channels = result.arrays.at("channels");
  for (std::size_t i = 0; i < sources.dim(0); ++i) {
    EXPECT_NEAR(channels(i, 0), sources(i, 0) + 0.6 * sources(i, 1), 4 * 0x1p-23);  // two roundings of values up to 4
    EXPECT_NEAR(channels(i, 1), 0.4 * sources(i, 0) + sources(i, 1), 4 * 0x1p-23);
  }
}

TEST(SaeSimulation, LeavesUnmixingToIcaNotPca) {
  // FastICA on two independent sources, mixed without noise: the textbook case.
  const ExperimentResult result = simulate("notebook", {{"n_samples", "3000"}});
  EXPECT_GT(result.find_control("fast_ica", "best_r.lower")->values[0], 0.98);
  EXPECT_LT(result.find_control("pca", "best_r.lower")->values[0], 0.95);
}

TEST(SaeSimulation, GivesTheSameNumbersAtAnyNumberOfThreads) {
  const ExperimentResult one = simulate("corrected", {}, 1);
  for (int n_threads : {2, 4}) {
    const ExperimentResult other = simulate("corrected", {}, n_threads);
    ASSERT_EQ(one.figures.size(), other.figures.size());
    for (std::size_t i = 0; i < one.figures.size(); ++i)
      EXPECT_EQ(one.figures[i].values, other.figures[i].values) << one.figures[i].name;
  }
}

TEST(SaeSimulation, DropsThePenaltyThatIsOff) {
  const ExperimentResult result = simulate("notebook", {});
  // The notebook defines the decorrelation penalty and does not use it: turning it off changes nothing.
  EXPECT_EQ(figure(result, "redundancy.trained"), figure(result, "redundancy.no_decorrelation"));
  EXPECT_NE(figure(result, "redundancy.trained"), figure(result, "redundancy.no_l1"));
  // So there is no telling whether it takes both.
  EXPECT_TRUE(std::isnan(figure(result, "redundancy.rise")));
  const auto claim = std::ranges::find(result.claims, "SAE1-22", &ClaimResult::id);
  EXPECT_EQ(claim->verdict, Verdict::untestable);
}

TEST(SaeSimulation, ComparesWithWhatHoldsNoSources) {
  const ExperimentResult result = simulate("corrected", {});
  // Over whole periods both are exact but for the last of the 300 samples, which repeats the first.
  const double one_sample = 1.0 / 300;
  EXPECT_NEAR(result.find_control("unmixed", "manifest_r")->values[0], 0, one_sample);
  // E[sin^2] / 2, over the standard deviations of a sine and of its upper half.
  const double half_wave = 0.25 / (std::sqrt(0.5) * std::sqrt(0.25 - 1 / (M_PI * M_PI)));
  EXPECT_NEAR(figure(result, "half_wave_r"), half_wave, one_sample);
  EXPECT_EQ(result.find_control("shuffled_channels", "mse.ratio")->values.size(), 1u);
  EXPECT_EQ(result.find_control("variant_shuffle", "redundancy.rise")->values.size(), 400u);
  for (const std::string grid : {"l1_grid", "decorrelation_grid"}) {
    const std::vector<double>& weights = result.find_figure(grid + ".weight")->values;
    const std::vector<double>& redundancy = result.find_figure(grid + ".redundancy")->values;
    ASSERT_EQ(redundancy.size(), weights.size());
    EXPECT_NE(redundancy.front(), redundancy.back()) << "the strongest penalty of " << grid << " changes nothing";
  }
}

TEST(SaeSimulation, TakesTheNotebooksStepFromASign) {
  const ExperimentResult notebook = simulate("notebook", {});
  EXPECT_EQ(notebook.arrays.at("sources")(0, 1), 1);  // the sign of 0
  EXPECT_EQ(simulate("document", {}).arrays.at("sources")(0, 1), 0);
}

TEST(SaeSimulation, JudgesAChannelThatIsZeroThroughout) {
  const ExperimentResult result = simulate(
      "corrected", {{"mixing_11", "0"}, {"mixing_21", "0"}, {"epochs", "3"}, {"n_seeds", "2"}, {"n_grid_seeds", "0"}});
  for (const ClaimResult& claim : result.claims) EXPECT_NE(claim.why, "") << claim.id;
}

TEST(SaeSimulation, StopsWhenAskedAndNamesWhatIsOutOfRange) {
  ThreadPool pool(1);
  ExperimentContext context;
  context.pool = &pool;
  context.progress = [](double) { throw Error(ErrorCode::cancelled, "stop"); };
  EXPECT_THROW(run_experiment(find_experiment("sae-simulation"), "notebook", {}, context), Error);
  // In the sweep, whose trainings run side by side: nothing more is reported than the batch that was under way.
  ThreadPool two(2);
  context.pool = &two;
  double reached = 0;
  context.progress = [&](double fraction) {
    reached = fraction;
    if (fraction > 0.3) throw Error(ErrorCode::cancelled, "stop");
  };
  EXPECT_THROW(
      run_experiment(find_experiment("sae-simulation"), "corrected",
                     {{"epochs", "20"}, {"n_samples", "60"}, {"n_seeds", "20"}, {"n_grid_seeds", "2"}}, context),
      Error);
  EXPECT_GT(reached, 0.3);
  EXPECT_LT(reached, 0.5);
  EXPECT_THROW(simulate("notebook", {{"n_latents", "1"}}), Error);
  EXPECT_THROW(simulate("course", {}), Error);
}

}  // namespace
}  // namespace soi
