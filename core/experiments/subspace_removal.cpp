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
#include "core/experiments/all.h"
#include "core/experiments/deviation_report.h"
#include "core/experiments/edited_runs.h"
#include "core/experiments/effect_report.h"
#include "core/experiments/next_token.h"
#include "core/experiments/subspace_look.h"
#include "core/experiments/subspace_removal_parameters.h"
#include "core/experiments/task_loop.h"
#include "core/experiments/token_text.h"

namespace soi {
namespace {

constexpr std::size_t kFewestTokens = 8;
constexpr std::size_t kShownComponents = 20;  // of the spectrum
constexpr std::uint64_t kBlockShuffleStream = 0;

std::vector<double> values_of(const Vector& vector) { return {vector.begin(), vector.end()}; }

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
    EditedRuns runs = planned_edits();
    run_edits(runs);
    report_deviation(runs, result_);
    report_effects(runs, result_);
    relate_share_and_effect(runs);
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
    const auto n_early = static_cast<std::ptrdiff_t>(n_early_blocks(shares.size()));
    const auto largest = std::max_element(shares.begin(), shares.begin() + n_early);
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

  // --- The edited runs ---

  EditedRuns planned_edits() const {
    EditedRuns runs;
    runs.layers = layers_;
    runs.layer = layer_;
    runs.n_layers = n_layers_;
    runs.n_random = p_.count("n_random");
    runs.first_position = first_position_;
    runs.spurious_zero = p_.boolean("spurious_zero");
    runs.readout_unit = reads_logit() ? "logits" : "nats";
    const auto plan = [&](std::size_t layer, EditKind kind, std::size_t repetition) {
      runs.edits.push_back({layer, kind, repetition, {}, {}, {}});
    };
    for (std::size_t layer : layers_) {
      plan(layer, EditKind::removal, 0);
      for (EditKind kind : kSingleControls) plan(layer, kind, 0);
      for (EditKind kind : kRepeatedControls) {
        for (std::size_t i = 0; i < runs.n_random; ++i) plan(layer, kind, i);
      }
    }
    plan(layer_, EditKind::identity, 0);
    return runs;
  }

  void run_edits(EditedRuns& runs) const {
    std::vector<BlockEdit>& edits = runs.edits;
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
      if (edits[i].kind != EditKind::removal) continue;
      context_.observe("layers.effect", static_cast<double>(edits[i].layer), mean(runs.counted_drops(edits[i])));
    }
  }

  bool reads_logit() const { return p_.text("readout") == "logit"; }

  void read_effect(BlockEdit& edit, const NextToken& edited) const {
    const auto difference = [](const std::vector<double>& a, const std::vector<double>& b) {
      std::vector<double> values(a.size());
      std::ranges::transform(a, b, values.begin(), std::minus<>());
      return values;
    };
    edit.logit_drop = difference(clean_next_.logit, edited.logit);
    edit.drop = reads_logit() ? edit.logit_drop : difference(clean_next_.log_probability, edited.log_probability);
  }

  // --- Variance and effect ---

  void relate_share_and_effect(const EditedRuns& runs) const {
    std::vector<double> shares;
    for (std::size_t layer : layers_) shares.push_back(removed_share(removals_.at(layer).removal, sentence_at(layer)));
    const EffectTests tests = test_effects(runs, EditKind::removal);
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
    const CorrelationInterval interval = correlation_interval(r, shares.size());
    result_.add("share_effect_r.n", static_cast<double>(shares.size()), "blocks");
    result_.add("share_effect_r", r);
    result_.add("share_effect_r.low", interval.low);
    result_.add("share_effect_r.high", interval.high);
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
