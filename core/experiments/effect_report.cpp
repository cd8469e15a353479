#include "core/experiments/effect_report.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "core/analysis/correlation.h"
#include "core/analysis/descriptive.h"
#include "core/analysis/t_test.h"

namespace soi {
namespace {

constexpr double kSignificance = 0.05;

/// The |t| at which p is that of kSignificance, over n_tests: by halving, since p falls as t grows.
double critical_t(double degrees_of_freedom, double n_tests) {
  double low = 0;
  double high = 1e6;
  for (int step = 0; step < 60; ++step) {
    const double middle = (low + high) / 2;
    (bonferroni(student_t_log_p(middle, degrees_of_freedom), n_tests) > std::log(kSignificance) ? low : high) = middle;
  }
  return high;
}

class EffectReport {
 public:
  EffectReport(const EditedRuns& runs, ExperimentResult& result) : runs_(runs), result_(result) {}

  void run() const {
    const std::vector<const BlockEdit*> removals = runs_.of_kind(EditKind::removal);
    const EffectTests tests = test_effects(runs_, EditKind::removal);
    add_tests(EditKind::removal, tests);
    result_.add("n_tested", static_cast<double>(runs_.counted_drops(*removals.front()).size()), "tokens");
    const double degrees_of_freedom = result_.find_figure("n_tested")->values.front() - 1;
    result_.add("t.critical", critical_t(degrees_of_freedom, 1));
    result_.add("t.critical.bonferroni", critical_t(degrees_of_freedom, static_cast<double>(removals.size())));
    result_.add("effect", mean(tests.mean), runs_.readout_unit);
    result_.add("lowered", tests.lowered, "share");
    result_.add("lowered.bonferroni", tests.bonferroni, "share");
    result_.add("raised", tests.raised, "share");
    std::vector<double> corrected;
    std::vector<double> logit_means;
    for (double log_p : tests.log_p) corrected.push_back(bonferroni(log_p, static_cast<double>(removals.size())));
    for (const BlockEdit* edit : removals) logit_means.push_back(mean(edit->logit_drop));
    result_.add_series("layers.log_p.bonferroni", std::move(corrected));
    result_.add_series("layers.effect.logit", std::move(logit_means), "logits");
    add_effect_tokens(removals);
    for (EditKind kind : kSingleControls) {
      const EffectTests control = test_effects(runs_, kind);
      add_tests(kind, control);
      add_effect_controls(kind, {control});
    }
    for (EditKind kind : kRepeatedControls) {
      std::vector<EffectTests> repeated;
      for (std::size_t i = 0; i < runs_.n_random; ++i) repeated.push_back(test_effects(runs_, kind, i));
      add_repeated_tests(kind, repeated);
      add_effect_controls(kind, repeated);
    }
    describe_largest(tests);
  }

 private:
  void add_tests(EditKind kind, const EffectTests& tests) const {
    const std::string suffix = figure_suffix(kind);
    result_.add_series("layers.effect" + suffix, tests.mean, runs_.readout_unit);
    result_.add_series("layers.t" + suffix, tests.t);
    result_.add_series("layers.log_p" + suffix, tests.log_p);
  }

  /// Mean over the repetitions, and all of them: [n, n layers].
  void add_repeated_tests(EditKind kind, const std::vector<EffectTests>& repeated) const {
    const std::string suffix = figure_suffix(kind);
    const auto add = [&](const std::string& name, auto values_of, const std::string& unit) {
      Matrix all(static_cast<Eigen::Index>(repeated.size()), static_cast<Eigen::Index>(runs_.layers.size()));
      for (std::size_t i = 0; i < repeated.size(); ++i) {
        const std::vector<double>& values = values_of(repeated[i]);
        all.row(static_cast<Eigen::Index>(i)) = Eigen::Map<const Vector>(values.data(), all.cols()).transpose();
      }
      const Vector means = column_means(all);
      result_.add_series(name + suffix, {means.begin(), means.end()}, unit);
      result_.arrays[name + suffix] = to_tensor(all);
    };
    add("layers.effect", [](const EffectTests& tests) -> const auto& { return tests.mean; }, runs_.readout_unit);
    add("layers.t", [](const EffectTests& tests) -> const auto& { return tests.t; }, "");
  }

  void add_effect_controls(EditKind kind, const std::vector<EffectTests>& repeated) const {
    const auto add = [&](const std::string& figure, auto value_of, const std::string& unit) {
      std::vector<double> values;
      for (const EffectTests& tests : repeated) values.push_back(value_of(tests));
      result_.add_control(edit_name(kind), figure, std::move(values), unit);
    };
    add("effect", [](const EffectTests& tests) { return mean(tests.mean); }, runs_.readout_unit);
    result_.add("effect." + edit_name(kind), mean(result_.find_control(edit_name(kind), "effect")->values),
                runs_.readout_unit);
    add("lowered", [](const EffectTests& tests) { return tests.lowered; }, "share");
    add("lowered.bonferroni", [](const EffectTests& tests) { return tests.bonferroni; }, "share");
    add("raised", [](const EffectTests& tests) { return tests.raised; }, "share");
  }

  /// [n layers, T - 1], and how far one token's effect foretells the next one's: a t-test takes them for independent.
  void add_effect_tokens(const std::vector<const BlockEdit*>& removals) const {
    Tensor tokens(Shape{removals.size(), removals.front()->drop.size()});
    std::vector<double> autocorrelations;
    for (std::size_t i = 0; i < removals.size(); ++i) {
      std::ranges::transform(removals[i]->drop, tokens.matrix().row(i), [](double v) { return static_cast<float>(v); });
      const std::vector<double> drops = runs_.counted_drops(*removals[i]);
      const std::span<const double> all(drops);
      autocorrelations.push_back(pearson(all.first(all.size() - 1), all.last(all.size() - 1)));
    }
    result_.arrays["effect.tokens"] = std::move(tokens);
    result_.add_series("layers.autocorrelation", std::move(autocorrelations));
  }

  /// Where the effect is largest, and how the first third of the blocks compares with all.
  void describe_largest(const EffectTests& tests) const {
    const auto largest = std::ranges::max_element(tests.mean) - tests.mean.begin();
    const std::span<const double> effects(tests.mean);
    result_.add("largest_effect.layer", static_cast<double>(runs_.layers[static_cast<std::size_t>(largest)]));
    result_.add("largest_effect", tests.mean[static_cast<std::size_t>(largest)], runs_.readout_unit);
    result_.add("early_effect", mean(effects.first(n_early_blocks(effects.size()))), runs_.readout_unit);
    result_.add("late_effect", mean(effects.subspan(n_early_blocks(effects.size()))), runs_.readout_unit);
  }

  const EditedRuns& runs_;
  ExperimentResult& result_;
};

}  // namespace

EffectTests test_effects(const EditedRuns& runs, EditKind kind, std::size_t repetition) {
  const std::vector<const BlockEdit*> edits = runs.of_kind(kind, repetition);
  const double n = static_cast<double>(edits.size());
  const double log_limit = std::log(kSignificance);
  EffectTests tests;
  for (const BlockEdit* edit : edits) {
    const TTest test = one_sample_t_test(runs.counted_drops(*edit));
    tests.mean.push_back(test.mean);
    tests.t.push_back(test.t);
    tests.log_p.push_back(test.log_p);
    if (test.log_p < log_limit) (test.t > 0 ? tests.lowered : tests.raised) += 1 / n;
    if (test.t > 0 && bonferroni(test.log_p, n) < log_limit) tests.bonferroni += 1 / n;
  }
  return tests;
}

void report_effects(const EditedRuns& runs, ExperimentResult& result) { EffectReport(runs, result).run(); }

}  // namespace soi
