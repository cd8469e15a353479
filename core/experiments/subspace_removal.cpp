// Lesson 5: what does a model lose when the direction of largest variance is taken out of one MLP, and is it this
// direction that matters, or the size of the change?
//
// 1. A paragraph runs through the model, and so does a reference text: activations of every block's neurons.
// 2. In each block the first principal component is found, and a removal made of it: of the neurons about their mean.
// 3. One block's neurons are looked at before and after: single values, and covariances.
// 4. All edits are lanes of one run: that removal in every block, and its controls.
// 5. Each lane is compared with the clean run: hidden states by depth, and the correct next token by t-tests.

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <utility>

#include "core/analysis/correlation.h"
#include "core/analysis/descriptive.h"
#include "core/analysis/permutation.h"
#include "core/analysis/t_test.h"
#include "core/experiments/all.h"
#include "core/experiments/block_edits.h"
#include "core/experiments/deviation.h"
#include "core/experiments/next_token.h"
#include "core/experiments/subspace_look.h"
#include "core/experiments/subspace_removal_parameters.h"
#include "core/experiments/task_loop.h"
#include "core/experiments/token_text.h"

namespace soi {
namespace {

constexpr std::size_t kFewestTokens = 8;
constexpr std::size_t kShownComponents = 20;  // of the spectrum
constexpr double kSignificance = 0.05;
constexpr std::uint64_t kBlockShuffleStream = 0;

std::vector<double> values_of(const Vector& vector) { return {vector.begin(), vector.end()}; }

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

/// "" for the removal itself: its figures carry the plain names.
std::string suffix_of(EditKind kind) { return kind == EditKind::removal ? "" : "." + edit_name(kind); }

/// One lane, and what came of it.
struct BlockEdit {
  std::size_t layer = 0;
  EditKind kind = EditKind::removal;
  std::size_t repetition = 0;
  Deviation deviation;
  std::vector<double> drop;        // of what the tests read, clean less edited, of token t + 1 at t
  std::vector<double> logit_drop;  // the same of the logit, whatever they read
};

/// One run of the lesson.
class SubspaceRemoval {
 public:
  SubspaceRemoval(const Parameters& p, ExperimentContext& context, ExperimentResult& result)
      : p_(p),
        context_(context),
        result_(result),
        model_(*context.model),
        n_layers_(model_.config().n_layers),
        point_(p.text("hook") == "after_gelu" ? HookPoint::mlp_post : HookPoint::mlp_pre),
        layer_(p.integer("layer") < 0 ? n_layers_ / 2 : p.count("layer")),
        look_layer_(p.integer("look_layer") < 0 ? n_layers_ * 9 / 48 : p.count("look_layer")),
        first_position_(p.boolean("first_position")) {
    check_hook({point_, layer_}, n_layers_);
    check_hook({point_, look_layer_}, n_layers_);
    if (p.boolean("sweep")) {
      for (std::size_t layer = 0; layer < n_layers_; ++layer) layers_.push_back(layer);
    } else {
      layers_ = {layer_};
    }
  }

  void run() {
    sentence_ = read("text", "sentence.txt");
    reference_ = read("reference", "reference.txt");
    run_clean();
    fit_blocks();
    describe_input();
    look_at_block();
    describe_spectra();
    std::vector<BlockEdit> edits = planned_edits();
    run_edits(edits);
    check_edits(edits);
    describe_deviation(edits);
    describe_effects(edits);
    relate_share_and_effect(edits);
  }

 private:
  std::vector<std::int32_t> read(const std::string& parameter, const std::string& file) const {
    std::string_view text = p_.text(parameter);
    if (text.empty()) {
      text = lesson_file("05-loai-bo-khong-gian-con/data/" + file);
      text.remove_suffix(1);  // the file's last newline is no part of it
    }
    return read_tokens(text, parameter, kFewestTokens);
  }

  /// Progress of a part of the run, as a function of the fraction of that part.
  std::function<void(double)> part(double begin, double end) const {
    return [this, begin, end](double fraction) { context_.progress(begin + (end - begin) * fraction); };
  }

  void run_clean() {
    std::vector<std::size_t> read_layers = layers_;
    if (std::ranges::find(layers_, look_layer_) == layers_.end()) read_layers.push_back(look_layer_);
    std::vector<Lane> lanes(2);
    lanes[0].tokens = sentence_;
    lanes[0].captures = deviation_points(n_layers_);
    lanes[1].tokens = reference_;
    for (Lane& lane : lanes) {
      lane.logits = LogitPositions::none();
      for (std::size_t layer : read_layers) lane.captures.push_back({point_, layer});
    }
    std::vector<LaneResult> results = model_.run(lanes, part(0, 0.03));
    for (std::size_t layer : read_layers) {
      sentence_activations_[layer] = std::move(results[0].captured.at({point_, layer}));
      reference_activations_[layer] = std::move(results[1].captured.at({point_, layer}));
    }
    clean_ = take_hidden_states(results[0], n_layers_);
    clean_next_ = read_next_tokens(model_, clean_.back(), sentence_, part(0.03, 0.04));
  }

  Matrix sentence_at(std::size_t layer) const { return to_matrix(sentence_activations_.at(layer).matrix()); }
  Matrix reference_at(std::size_t layer) const { return to_matrix(reference_activations_.at(layer).matrix()); }

  /// Each block in four pieces, so that none takes long.
  void fit_blocks() {
    std::vector<std::size_t> fitted;
    for (const auto& [layer, activations] : sentence_activations_) fitted.push_back(layer);
    std::vector<BlockRemovals> removals(fitted.size());
    std::vector<BlockSpectra> spectra(fitted.size());
    const bool on_sentence = p_.text("fit") == "sentence";
    const auto fit_piece = [&](std::size_t task) {
      const std::size_t layer = fitted[task / 4];
      BlockRemovals& block = removals[task / 4];
      switch (task % 4) {
        case 0: {
          const FittedRows own = fit(layer, on_sentence, first_position_);
          block.layer = layer;
          block.seed = context_.seed;
          block.removal = removal_of(own, "component");
          block.other_component = removal_of(own, "other_component");
          return;
        }
        case 1:
          block.other_first_position = removal_of(fit(layer, on_sentence, !first_position_), "component");
          return;
        case 2:
          block.other_fit = removal_of(fit(layer, !on_sentence, first_position_), "component");
          return;
        default:
          spectra[task / 4] = block_spectra(sentence_at(layer), first_position_);
      }
    };
    run_tasks(*context_.pool, 4 * fitted.size(), fit_piece, part(0.04, 0.08));
    for (std::size_t i = 0; i < fitted.size(); ++i) {
      removals_[fitted[i]] = std::move(removals[i]);
      spectra_[fitted[i]] = std::move(spectra[i]);
    }
  }

  Centring centring() const { return p_.text("centring") == "none" ? Centring::none : Centring::mean; }

  FittedRows fit(std::size_t layer, bool on_sentence, bool first_position) const {
    return fit_rows(on_sentence ? sentence_at(layer) : reference_at(layer), centring(), first_position);
  }

  Removal removal_of(const FittedRows& fitted, const char* component) const {
    const std::string& restore = p_.text("restore");
    const Restored restored = restore == "token_mean" ? Restored::token_mean
                              : restore == "nothing"  ? Restored::nothing
                                                      : Restored::mean_vector;
    return make_removal(fitted, p_.count(component), p_.count("rank"), restored);
  }

  void describe_input() const {
    const Config& config = model_.config();
    result_.add("n_tokens", static_cast<double>(sentence_.size()), "tokens");
    result_.add("n_reference_tokens", static_cast<double>(reference_.size()), "tokens");
    result_.add("n_layers", static_cast<double>(n_layers_), "blocks");
    result_.add("n_neurons", static_cast<double>(config.d_mlp), "neurons");
    result_.add("is_xl", n_layers_ == 48 && config.d_model == 1600 ? 1 : 0);
    result_.add("layer", static_cast<double>(layer_));
    result_.add("look_layer", static_cast<double>(look_layer_));
    result_.add_series("layers", {layers_.begin(), layers_.end()});
    result_.add("clean.log_probability", mean(clean_next_.log_probability), "nats");
    result_.add_series("clean.log_probabilities", clean_next_.log_probability, "nats");
    result_.labels["tokens"] = token_labels(sentence_);
  }

  // --- One block's neurons, and the spectra of all ---

  /// Between two pieces of work that are too short to be counted.
  std::function<void()> tick() const {
    return [this] { context_.progress(0.08); };
  }

  void look_at_block() const {
    look_at_neurons(sentence_at(look_layer_), removals_.at(look_layer_), p_.count("n_random"),
                    p_.text("covariance_of") == "tokens", *context_.pool, tick(), result_);
  }

  Matrix independent_shares(std::size_t layer, Centring centring) const {
    return shares_of_independent_neurons(
        sentence_at(layer), {centring, first_position_, p_.count("n_random"), context_.seed}, *context_.pool, tick());
  }

  void describe_spectra() const {
    const Vector& variances = spectra_.at(look_layer_).centred;
    const Vector shares = variances / variances.sum();
    const auto n = std::min<Eigen::Index>(static_cast<Eigen::Index>(kShownComponents), shares.size());
    result_.add_series("spectrum", {shares.begin(), shares.begin() + n}, "share");
    result_.add("look.share", shares(0), "share");
    const Matrix independent = independent_shares(look_layer_, Centring::mean);
    const Vector typical = column_means(independent).head(n);
    result_.add_series("spectrum.independent", {typical.begin(), typical.end()}, "share");
    result_.add("look.share.independent", typical(0), "share");
    result_.add_control("independent_neurons", "look.share", values_of(independent.col(0)), "share");
    std::vector<double> first_token;
    for (std::size_t layer : layers_) first_token.push_back(spectra_.at(layer).first_token_share);
    result_.add_series("layers.first_token_share", std::move(first_token), "share");
    result_.add("first_token_share", spectra_.at(look_layer_).first_token_share, "share");
    for (bool is_centred : {true, false}) {
      for (bool is_squared : {true, false}) describe_reading(is_centred, is_squared);
    }
  }

  /// One of the four things that "37 % of the variance" may mean, in every block; and its largest in the first third.
  void describe_reading(bool is_centred, bool is_squared) const {
    std::vector<double> shares;
    for (std::size_t layer : layers_) {
      const BlockSpectra& spectra = spectra_.at(layer);
      const Vector& squares = is_centred ? spectra.centred : spectra.raw;
      const Vector values = is_squared ? squares : Vector(squares.cwiseSqrt());
      shares.push_back(values(0) / values.sum());
    }
    const std::string name = std::string(is_squared ? "squared" : "unsquared") + (is_centred ? "_centred" : "_raw");
    const auto largest = std::max_element(shares.begin(), shares.begin() + static_cast<std::ptrdiff_t>(n_early()));
    result_.add("early_share." + name, *largest, "share");
    if (is_squared && is_centred == (centring() == Centring::mean)) {
      const std::size_t layer = layers_[static_cast<std::size_t>(largest - shares.begin())];
      result_.add("early_share", *largest, "share");
      result_.add("early_share.layer", static_cast<double>(layer));
      result_.add_control("independent_neurons", "early_share", values_of(independent_shares(layer, centring()).col(0)),
                          "share");
    }
    result_.add_series("layers.share." + name, std::move(shares), "share");
  }

  /// The first third of the blocks.
  std::size_t n_early() const { return (layers_.size() + 2) / 3; }

  // --- The edited runs ---

  std::vector<BlockEdit> planned_edits() const {
    std::vector<BlockEdit> edits;
    const auto plan = [&](std::size_t layer, EditKind kind, std::size_t repetition) {
      edits.push_back({layer, kind, repetition, {}, {}, {}});
    };
    for (std::size_t layer : layers_) {
      plan(layer, EditKind::removal, 0);
      for (EditKind kind : kSingleControls) plan(layer, kind, 0);
      for (EditKind kind : kRepeatedControls) {
        for (std::size_t i = 0; i < p_.count("n_random"); ++i) plan(layer, kind, i);
      }
    }
    plan(layer_, EditKind::identity, 0);
    return edits;
  }

  void run_edits(std::vector<BlockEdit>& edits) const {
    const Config& config = model_.config();
    std::vector<Lane> lanes(edits.size());
    for (std::size_t i = 0; i < edits.size(); ++i) {
      BlockEdit& edit = edits[i];
      lanes[i].tokens = sentence_;
      lanes[i].logits = LogitPositions::none();
      lanes[i].captures = {{HookPoint::ln_final_normalized}};
      lanes[i].edits = deviation_readers(clean_, edit.deviation);
      lanes[i].edits.push_back(edit_by({point_, edit.layer}, [this, &edit](const Matrix& x) {
        return edited_activations(removals_.at(edit.layer), edit.kind, edit.repetition, x);
      }));
    }
    // A block takes 24 d_model^2 operations a token, the logits 2 d_model n_vocab.
    const double blocks = 12.0 * static_cast<double>(n_layers_ * config.d_model);
    const double until = 0.08 + 0.9 * blocks / (blocks + static_cast<double>(config.n_vocab));
    std::vector<LaneResult> results = model_.run(lanes, part(0.08, until));
    const double step = (0.98 - until) / static_cast<double>(edits.size());
    for (std::size_t i = 0; i < edits.size(); ++i) {
      const double begin = until + step * static_cast<double>(i);
      const Tensor normalized = std::move(results[i].captured.at({HookPoint::ln_final_normalized}));
      read_effect(edits[i], read_next_tokens(model_, normalized, sentence_, part(begin, begin + step)));
    }
  }

  void read_effect(BlockEdit& edit, const NextToken& edited) const {
    const auto difference = [](const std::vector<double>& a, const std::vector<double>& b) {
      std::vector<double> values(a.size());
      std::ranges::transform(a, b, values.begin(), std::minus<>());
      return values;
    };
    edit.logit_drop = difference(clean_next_.logit, edited.logit);
    edit.drop = p_.text("readout") == "logit" ? edit.logit_drop
                                              : difference(clean_next_.log_probability, edited.log_probability);
    if (edit.kind == EditKind::removal) {
      context_.observe("layers.effect", static_cast<double>(edit.layer), mean(counted_drops(edit)));
    }
  }

  /// Whether an edit leaves position 0 alone.
  bool skips_first(EditKind kind) const {
    return kind == EditKind::other_first_position ? first_position_ : !first_position_;
  }

  std::vector<double> counted_drops(const BlockEdit& edit) const {
    std::vector<double> values = edit.drop;
    if (skips_first(edit.kind)) values.erase(values.begin());
    if (p_.boolean("spurious_zero")) values.insert(values.begin(), 0.0);
    return values;
  }

  static std::vector<const BlockEdit*> of_kind(const std::vector<BlockEdit>& edits, EditKind kind,
                                               std::size_t repetition = 0) {
    std::vector<const BlockEdit*> chosen;
    for (const BlockEdit& edit : edits) {
      if (edit.kind == kind && edit.repetition == repetition) chosen.push_back(&edit);
    }
    return chosen;
  }

  const BlockEdit& of_layer(const std::vector<BlockEdit>& edits, EditKind kind, std::size_t repetition = 0) const {
    return *std::ranges::find_if(edits, [&](const BlockEdit& edit) {
      return edit.kind == kind && edit.repetition == repetition && edit.layer == layer_;
    });
  }

  /// What must be exactly 0: everything before the edited block, and everything where nothing is changed.
  void check_edits(const std::vector<BlockEdit>& edits) const {
    double before = 0;
    double identity = 0;
    for (const BlockEdit& edit : edits) {
      const auto n_before = static_cast<Eigen::Index>(edit.layer) + 1;  // the embeddings, and the blocks before it
      before = std::max(before, edit.deviation.distance.topRows(n_before).maxCoeff());
      if (edit.kind == EditKind::identity) identity = edit.deviation.distance.maxCoeff();
    }
    result_.add("check.before_edit", before);
    result_.add("check.identity", identity);
  }

  // --- Deviation by depth, of one block ---

  void describe_deviation(const std::vector<BlockEdit>& edits) const {
    add_curve(of_layer(edits, EditKind::removal));
    for (EditKind kind : kSingleControls) {
      const DeviationCurve curve = add_curve(of_layer(edits, kind));
      result_.add_control(edit_name(kind), "deviation.growth", {growth(curve.absolute)});
      result_.add_control(edit_name(kind), "deviation.relative_growth", {growth(curve.relative)});
    }
    for (EditKind kind : kRepeatedControls) add_curves(edits, kind);
    const Deviation& removal = of_layer(edits, EditKind::removal).deviation;
    const DeviationCurve curve = deviation_curve(removal, first_position_ ? 0 : 1);
    const std::size_t n = curve.absolute.size();
    result_.add("deviation.growth", growth(curve.absolute));
    result_.add("deviation.relative_growth", growth(curve.relative));
    result_.add("deviation.after_edit", curve.relative[layer_ + 1], "share");
    result_.add("deviation.last_block", curve.relative[n - 2], "share");
    result_.add("deviation.last_block.absolute", curve.absolute[n - 2]);
    result_.add("deviation.final", curve.relative[n - 1], "share");
    result_.add("deviation.final.absolute", curve.absolute[n - 1]);
    for (const bool with_first : {true, false}) {
      const DeviationCurve one = deviation_curve(removal, with_first ? 0 : 1);
      result_.add_series(with_first ? "deviation.relative.counting_first" : "deviation.relative.without_first",
                         one.relative, "share");
    }
    result_.arrays["deviation.tokens"] = to_tensor(removal.distance.cwiseQuotient(removal.norm));
    add_clean_norms(removal);
    add_sweep(edits);
  }

  /// From just after the edited block to the end of the last one, before ln_final: how many times as much. NaN where
  /// they are the same point.
  double growth(const std::vector<double>& curve) const {
    return layer_ + 1 == n_layers_ ? std::nan("") : curve[n_layers_] / curve[layer_ + 1];
  }

  DeviationCurve add_curve(const BlockEdit& edit) const {
    DeviationCurve curve = deviation_curve(edit.deviation, skips_first(edit.kind) ? 1 : 0);
    const std::string suffix = suffix_of(edit.kind);
    result_.add_series("deviation.absolute" + suffix, curve.absolute);
    result_.add_series("deviation.relative" + suffix, curve.relative, "share");
    result_.add_series("deviation.cosine" + suffix, curve.cosine);
    return curve;
  }

  /// Of a control that is repeated: all curves, their means, and what they say of growth.
  void add_curves(const std::vector<BlockEdit>& edits, EditKind kind) const {
    const std::size_t n = p_.count("n_random");
    const auto n_points = static_cast<Eigen::Index>(n_layers_ + 2);
    Matrix absolute(static_cast<Eigen::Index>(n), n_points);
    Matrix relative = absolute;
    Matrix cosine = absolute;
    std::vector<double> growths;
    std::vector<double> relative_growths;
    for (std::size_t i = 0; i < n; ++i) {
      const DeviationCurve curve = deviation_curve(of_layer(edits, kind, i).deviation, skips_first(kind) ? 1 : 0);
      const auto row = static_cast<Eigen::Index>(i);
      absolute.row(row) = Eigen::Map<const Vector>(curve.absolute.data(), n_points).transpose();
      relative.row(row) = Eigen::Map<const Vector>(curve.relative.data(), n_points).transpose();
      cosine.row(row) = Eigen::Map<const Vector>(curve.cosine.data(), n_points).transpose();
      growths.push_back(growth(curve.absolute));
      relative_growths.push_back(growth(curve.relative));
    }
    const auto means = [](const Matrix& curves) {
      const Vector values = column_means(curves);
      return std::vector<double>(values.begin(), values.end());
    };
    const std::string suffix = suffix_of(kind);
    result_.add_series("deviation.absolute" + suffix, means(absolute));
    result_.add_series("deviation.relative" + suffix, means(relative), "share");
    result_.add_series("deviation.cosine" + suffix, means(cosine));
    result_.arrays["deviation.absolute" + suffix] = to_tensor(absolute);
    result_.arrays["deviation.relative" + suffix] = to_tensor(relative);
    result_.add("deviation.growth" + suffix, mean(growths));
    result_.add_control(edit_name(kind), "deviation.growth", std::move(growths));
    result_.add_control(edit_name(kind), "deviation.relative_growth", std::move(relative_growths));
  }

  /// The clean run's own norms, mean over tokens: what a deviation is to be measured by.
  void add_clean_norms(const Deviation& deviation) const {
    const auto n = deviation.norm.cols() - (first_position_ ? 0 : 1);
    const Vector norms = deviation.norm.rightCols(n).rowwise().mean();
    const Vector first = deviation.norm.col(0);
    result_.add_series("clean.norm", {norms.begin(), norms.end()});
    result_.add_series("clean.norm.first_position", {first.begin(), first.end()});
    const auto at_edit = static_cast<Eigen::Index>(layer_) + 1;
    result_.add("clean.first_position_ratio", first(at_edit) / norms(at_edit));
  }

  /// Every edited block beside every point: [n layers, n_layers + 2].
  void add_sweep(const std::vector<BlockEdit>& edits) const {
    const std::vector<const BlockEdit*> removals = of_kind(edits, EditKind::removal);
    Tensor relative(Shape{removals.size(), n_layers_ + 2});
    for (std::size_t i = 0; i < removals.size(); ++i) {
      const DeviationCurve curve = deviation_curve(removals[i]->deviation, first_position_ ? 0 : 1);
      for (std::size_t point = 0; point < curve.relative.size(); ++point) {
        relative(i, point) = static_cast<float>(curve.relative[point]);
      }
    }
    result_.arrays["sweep.relative"] = std::move(relative);
  }

  // --- The next token, every block in turn ---

  /// The tests of one kind of edit, over all blocks.
  struct EffectTests {
    std::vector<double> mean, t, log_p;
    double lowered = 0;     // share of the blocks where the mean falls and p < 0.05
    double bonferroni = 0;  // the same with p times the number of blocks
    double raised = 0;      // where it rises and p < 0.05
  };

  EffectTests test_effects(const std::vector<const BlockEdit*>& edits) const {
    EffectTests tests;
    const double n = static_cast<double>(edits.size());
    for (const BlockEdit* edit : edits) {
      const TTest test = one_sample_t_test(counted_drops(*edit));
      tests.mean.push_back(test.mean);
      tests.t.push_back(test.t);
      tests.log_p.push_back(test.log_p);
      const double log_limit = std::log(kSignificance);
      if (test.log_p < log_limit) (test.t > 0 ? tests.lowered : tests.raised) += 1 / n;
      if (test.t > 0 && bonferroni(test.log_p, n) < log_limit) tests.bonferroni += 1 / n;
    }
    return tests;
  }

  std::string readout_unit() const { return p_.text("readout") == "logit" ? "logits" : "nats"; }

  void describe_effects(const std::vector<BlockEdit>& edits) const {
    const std::vector<const BlockEdit*> removals = of_kind(edits, EditKind::removal);
    const EffectTests tests = test_effects(removals);
    add_tests(EditKind::removal, tests);
    result_.add("n_tested", static_cast<double>(counted_drops(*removals.front()).size()), "tokens");
    const double degrees_of_freedom = result_.find_figure("n_tested")->values.front() - 1;
    result_.add("t.critical", critical_t(degrees_of_freedom, 1));
    result_.add("t.critical.bonferroni", critical_t(degrees_of_freedom, static_cast<double>(removals.size())));
    result_.add("effect", mean(tests.mean), readout_unit());
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
      const EffectTests control = test_effects(of_kind(edits, kind));
      add_tests(kind, control);
      add_effect_controls(kind, {control});
    }
    for (EditKind kind : kRepeatedControls) {
      std::vector<EffectTests> repeated;
      for (std::size_t i = 0; i < p_.count("n_random"); ++i) repeated.push_back(test_effects(of_kind(edits, kind, i)));
      add_repeated_tests(kind, repeated);
      add_effect_controls(kind, repeated);
    }
    describe_largest(tests);
  }

  void add_tests(EditKind kind, const EffectTests& tests) const {
    const std::string suffix = suffix_of(kind);
    result_.add_series("layers.effect" + suffix, tests.mean, readout_unit());
    result_.add_series("layers.t" + suffix, tests.t);
    result_.add_series("layers.log_p" + suffix, tests.log_p);
  }

  /// Mean over the repetitions, and all of them: [n, n layers].
  void add_repeated_tests(EditKind kind, const std::vector<EffectTests>& repeated) const {
    const std::string suffix = suffix_of(kind);
    const auto add = [&](const std::string& name, auto values_of, const std::string& unit) {
      Matrix all(static_cast<Eigen::Index>(repeated.size()), static_cast<Eigen::Index>(layers_.size()));
      for (std::size_t i = 0; i < repeated.size(); ++i) {
        const std::vector<double>& values = values_of(repeated[i]);
        all.row(static_cast<Eigen::Index>(i)) = Eigen::Map<const Vector>(values.data(), all.cols()).transpose();
      }
      const Vector means = column_means(all);
      result_.add_series(name + suffix, {means.begin(), means.end()}, unit);
      result_.arrays[name + suffix] = to_tensor(all);
    };
    add("layers.effect", [](const EffectTests& tests) -> const auto& { return tests.mean; }, readout_unit());
    add("layers.t", [](const EffectTests& tests) -> const auto& { return tests.t; }, "");
  }

  void add_effect_controls(EditKind kind, const std::vector<EffectTests>& repeated) const {
    const auto add = [&](const std::string& figure, auto value_of, const std::string& unit) {
      std::vector<double> values;
      for (const EffectTests& tests : repeated) values.push_back(value_of(tests));
      result_.add_control(edit_name(kind), figure, std::move(values), unit);
    };
    add("effect", [](const EffectTests& tests) { return mean(tests.mean); }, readout_unit());
    result_.add("effect." + edit_name(kind), mean(result_.find_control(edit_name(kind), "effect")->values),
                readout_unit());
    add("lowered", [](const EffectTests& tests) { return tests.lowered; }, "share");
    add("lowered.bonferroni", [](const EffectTests& tests) { return tests.bonferroni; }, "share");
    add("raised", [](const EffectTests& tests) { return tests.raised; }, "share");
  }

  /// [n layers, T - 1], and how far one token's effect foretells the next one's: a t-test takes them for independent.
  void add_effect_tokens(const std::vector<const BlockEdit*>& removals) const {
    Tensor tokens(Shape{removals.size(), sentence_.size() - 1});
    std::vector<double> autocorrelations;
    for (std::size_t i = 0; i < removals.size(); ++i) {
      std::ranges::transform(removals[i]->drop, tokens.matrix().row(i), [](double v) { return static_cast<float>(v); });
      const std::vector<double> drops = counted_drops(*removals[i]);
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
    result_.add("largest_effect.layer", static_cast<double>(layers_[static_cast<std::size_t>(largest)]));
    result_.add("largest_effect", tests.mean[static_cast<std::size_t>(largest)], readout_unit());
    result_.add("early_effect", mean(effects.first(n_early())), readout_unit());
    result_.add("late_effect", mean(effects.subspan(n_early())), readout_unit());
  }

  // --- Variance and effect ---

  void relate_share_and_effect(const std::vector<BlockEdit>& edits) const {
    std::vector<double> shares;
    for (std::size_t layer : layers_) shares.push_back(removed_share(removals_.at(layer).removal, sentence_at(layer)));
    const EffectTests tests = test_effects(of_kind(edits, EditKind::removal));
    const double r = pearson(shares, tests.t);
    std::vector<double> null;
    std::vector<double> magnitudes;
    for (std::size_t i = 0; i < p_.count("n_permutations"); ++i) {
      const std::vector<std::size_t> order = permutation(shares.size(), context_.seed, kBlockShuffleStream + i);
      std::vector<double> shuffled;
      for (std::size_t from : order) shuffled.push_back(tests.t[from]);
      null.push_back(pearson(shares, shuffled));
      magnitudes.push_back(std::abs(null.back()));
    }
    result_.add_series("layers.share", shares, "share");
    result_.add("share_effect_r", r);
    result_.add("share_effect_r.mean_effect", pearson(shares, tests.mean));
    result_.add("p.share_effect_r", permutation_p(std::abs(r), magnitudes));
    result_.add_control("block_shuffle", "share_effect_r", std::move(null));
    context_.progress(1);
  }

  const Parameters& p_;
  ExperimentContext& context_;
  ExperimentResult& result_;
  const Gpt2& model_;
  std::size_t n_layers_;
  HookPoint point_;
  std::size_t layer_;
  std::size_t look_layer_;
  bool first_position_;
  std::vector<std::size_t> layers_;  // the blocks that are edited
  std::vector<std::int32_t> sentence_, reference_;
  std::map<std::size_t, Tensor> sentence_activations_, reference_activations_;  // by block, [T, d_mlp]
  HiddenStates clean_;
  NextToken clean_next_;
  std::map<std::size_t, BlockRemovals> removals_;
  std::map<std::size_t, BlockSpectra> spectra_;
};

void run_subspace_removal(const Parameters& parameters, ExperimentContext& context, ExperimentResult& result) {
  SubspaceRemoval(parameters, context, result).run();
}

}  // namespace

const Experiment subspace_removal_experiment = {"subspace-removal", "05-loai-bo-khong-gian-con", true,
                                                subspace_removal_parameters(), run_subspace_removal};

}  // namespace soi
