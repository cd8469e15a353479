// Lesson 4: does generalized eigendecomposition find a direction of gender in the MLP, or only one that its own
// sentences cannot refuse?
//
// 1. Sentences that differ in one word, him or her, give a row of MLP activations each, at that word.
// 2. PCA of the average of the two classes' covariances keeps most of the variance in few components.
// 3. In these, GED finds the direction along which one class varies most against the other, shrunk, class.
// 4. The same is asked of shuffled labels, of sentences that were left out, of simpler directions, without the
//    compression, of other words, and of every layer; and a sentence is projected token by token.

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "core/analysis/descriptive.h"
#include "core/analysis/permutation.h"
#include "core/analysis/symmetric_eigen.h"
#include "core/experiments/all.h"
#include "core/experiments/contrast_sentence.h"
#include "core/experiments/ged_him_her_parameters.h"
#include "core/experiments/pair_contrast.h"
#include "core/experiments/pair_fit_report.h"
#include "core/experiments/task_loop.h"
#include "core/experiments/token_text.h"
#include "core/experiments/word_pairs.h"
#include "core/tensor/error.h"

namespace soi {
namespace {

constexpr std::size_t kFewestPairs = 8;

// Streams of the generator: the folds; then one for each shuffle. The same shuffles serve every layer and every set of
// words, so that their nulls can be compared.
constexpr std::uint64_t kFoldStream = 0;
constexpr std::uint64_t kShuffleStream = 1;

ClassContrastSettings contrast_settings(const Parameters& p) {
  const std::string& centring = p.text("centring");
  return {centring == "class"   ? ClassCentring::per_class
          : centring == "grand" ? ClassCentring::grand
                                : ClassCentring::none,
          p.real("variance_share"), p.text("component_count") == "one_fewer", p.real("gamma"),
          p.text("shrink") == "both"};
}

/// The pairs of a parameter, or the lesson's own; at most `n_most`, where that is not 0.
std::vector<WordPair> pairs_of(const Parameters& p, const std::string& parameter, const std::string& file,
                               std::size_t n_most) {
  const std::string& given = p.text(parameter);
  std::vector<WordPair> pairs =
      read_word_pairs(given.empty() ? lesson_file("04-ged-him-her/data/" + file) : std::string_view(given), parameter);
  if (n_most > 0 && pairs.size() > n_most) pairs.resize(n_most);
  const std::vector<std::size_t> groups = prefix_groups(pairs);
  const std::size_t n_groups = groups.empty() ? 0 : *std::ranges::max_element(groups) + 1;
  if (n_groups >= kFewestPairs) return pairs;
  throw Error(ErrorCode::invalid_argument,
              parameter + " holds " + std::to_string(n_groups) + " pairs that differ before the word.",
              "Give at least " + std::to_string(kFewestPairs) + ": fewer leave nothing to estimate a covariance from.",
              {{"name", parameter},
               {"value", std::to_string(n_groups)},
               {"range", "at least " + std::to_string(kFewestPairs) + " pairs"}});
}

/// One run of the lesson.
class GedHimHer {
 public:
  GedHimHer(const Parameters& p, ExperimentContext& context, ExperimentResult& result)
      : p_(p),
        context_(context),
        result_(result),
        settings_(contrast_settings(p)),
        point_(p.text("hook") == "after_gelu" ? HookPoint::mlp_post : HookPoint::mlp_pre),
        shuffle_(p.text("null") == "all_labels" ? LabelShuffle::all_rows : LabelShuffle::within_pairs) {
    const std::size_t n_layers = context.model->config().n_layers;
    layer_ = p.integer("layer") < 0 ? n_layers / 2 : p.count("layer");
    check_hook({point_, layer_}, n_layers);
  }

  void run() {
    const std::vector<WordPair> pairs = pairs_of(p_, "pairs", "him_her.txt", p_.count("n_pairs"));
    const std::vector<WordPair> he_she = pairs_of(p_, "he_she", "he_she.txt", 0);
    const std::vector<WordPair> names = pairs_of(p_, "names", "names.txt", 0);
    const WordPair sentence = contrast_sentence(pairs);
    std::vector<std::size_t> layers = {layer_};
    if (p_.boolean("sweep")) {
      layers.resize(context_.model->config().n_layers);
      for (std::size_t i = 0; i < layers.size(); ++i) layers[i] = i;
    }
    const std::vector<Tensor> activations = slot_activations(*context_.model, pairs, point_, layers, part(0, 0.25));
    const std::size_t chosen = p_.boolean("sweep") ? layer_ : 0;
    const PairFit fit = fit_layer(activations[chosen], pairs);
    describe_pairs(pairs, activations[chosen]);
    report_pair_fit(fit, activations[chosen].dim(1), settings_, shrunk_pattern(), *context_.pool, result_);
    compare_with_shuffles(fit, project_sentence(sentence, fit));
    describe_other_words("he_she", he_she, fit, 0.5);
    describe_other_words("names", names, fit, 0.58);
    if (p_.boolean("sweep")) sweep(activations, pairs);
  }

 private:
  /// Progress of a part of the run, as a function of the fraction of that part.
  std::function<void(double)> part(double begin, double end) const {
    return [this, begin, end](double fraction) { context_.progress(begin + (end - begin) * fraction); };
  }

  WordPair contrast_sentence(const std::vector<WordPair>& pairs) const {
    const std::string& given = p_.text("contrast");
    if (given.empty() && p_.text("contrast_source") == "first_pair") return pairs.front();
    const std::vector<WordPair> sentences = read_word_pairs(
        given.empty() ? lesson_file("04-ged-him-her/data/contrast.txt") : std::string_view(given), "contrast");
    if (sentences.size() == 1) return sentences.front();
    throw Error(ErrorCode::invalid_argument, "contrast holds " + std::to_string(sentences.size()) + " sentences.",
                "Give one, on one line, with its slot: The old dog ran to [him|her] at once.",
                {{"name", "contrast"}, {"value", std::to_string(sentences.size())}, {"range", "one line"}});
  }

  PairFit fit_layer(const Tensor& activations, const std::vector<WordPair>& pairs) const {
    return fit_pairs(activations, prefix_groups(pairs), settings_, p_.count("n_folds"), context_.seed, kFoldStream,
                     *context_.pool);
  }

  void describe_pairs(const std::vector<WordPair>& pairs, const Tensor& activations) const {
    const std::vector<std::size_t> groups = prefix_groups(pairs);
    const auto n_several =
        std::ranges::count_if(pairs, [](const WordPair& pair) { return pair.a.slot_size > 1 || pair.b.slot_size > 1; });
    result_.add("layer", static_cast<double>(layer_));
    result_.add("n_pairs", static_cast<double>(pairs.size()), "pairs");
    result_.add("n_distinct_prefixes", static_cast<double>(*std::ranges::max_element(groups) + 1), "pairs");
    result_.add("n_pairs_of_several_tokens", static_cast<double>(n_several), "pairs");
    result_.add("n_neurons", static_cast<double>(activations.dim(1)), "neurons");
  }

  SentenceRows project_sentence(const WordPair& sentence, const PairFit& fit) const {
    SentenceRows rows = sentence_rows(*context_.model, sentence, {point_, layer_}, fit.rows.space);
    rows.skip_first = !p_.boolean("first_position");
    for (ContrastFilter filter : kContrastFilters) {
      const Vector direction = filter_direction(fit.contrast, filter, settings_.gamma);
      const SentenceScores scores = score_sentence(rows, direction, offset(fit.contrast, direction));
      const SentenceSplit split = split_of(rows, scores);
      const std::string name = "." + filter_name(filter);
      result_.add("contrast.split" + name, split.in_spreads, "standard deviations");
      result_.add("contrast.before" + name, split.before, "share");
      result_.add("contrast.elsewhere" + name, split.elsewhere, "share");
      result_.add("contrast.level" + name, split.level, "share");
      result_.add("contrast.flip" + name, split.flips ? 1 : 0);
      result_.arrays["contrast.a" + name] = to_tensor(Matrix(scores.a.transpose()));
      result_.arrays["contrast.b" + name] = to_tensor(Matrix(scores.b.transpose()));
    }
    result_.labels["contrast.a"] = token_labels(sentence.a.tokens);
    result_.labels["contrast.b"] = token_labels(sentence.b.tokens);
    return rows;
  }

  bool shrunk_pattern() const { return p_.text("pattern") == "shrunk"; }

  double offset(const ClassContrast& contrast, const Vector& direction) const {
    return p_.text("projection") == "centred" ? contrast.centre.dot(direction) : 0.0;
  }

  /// In-sample figures under shuffled labels.
  struct ShuffledFit {
    std::array<TrainingFigures, 2> training;
    std::array<SentenceSplit, 2> splits;
    std::array<Vector, 2> directions;  // known to the true labels by their sign alone
    double pattern_correlation = 0;
    double n_kept = 0;
    double rank_deficit_b = 0;
    bool is_full = false;  // both references, once shrunk
  };

  ShuffledFit fit_shuffled(const PairFit& fit, const SentenceRows& sentence, std::uint64_t stream) const {
    const ClassContrast contrast = shuffled_contrast(fit, stream);
    ShuffledFit shuffled;
    for (std::size_t d = 0; d < kDirections.size(); ++d) {
      shuffled.training[d] = training_figures(contrast, kDirections[d]);
      const Vector direction = filter_direction(contrast, kDirections[d], settings_.gamma);
      shuffled.splits[d] = split_of(sentence, score_sentence(sentence, direction, offset(contrast, direction)));
      shuffled.directions[d] = direction;
    }
    shuffled.pattern_correlation = pattern_correlation(contrast, fit.rows, shrunk_pattern());
    const auto rank = [](const Matrix& matrix) { return numerical_rank(symmetric_eigenvalues(matrix)); };
    const auto n_kept = static_cast<std::size_t>(contrast.basis.cols());
    shuffled.n_kept = static_cast<double>(n_kept);
    shuffled.rank_deficit_b = static_cast<double>(n_kept - rank(contrast.covariance_b));
    shuffled.is_full = rank(contrast.reference_a) == n_kept && rank(contrast.reference_b) == n_kept;
    return shuffled;
  }

  /// The whole analysis on shuffled labels; or, as the notebook has it, on the components of the true ones, with both
  /// covariances shrunk. An eigenvector has no sign of its own: the true classes' means give one here too.
  ClassContrast shuffled_contrast(const PairFit& fit, std::uint64_t stream) const {
    const bool as_notebook = shuffle_ == LabelShuffle::all_rows;
    const auto [a, b] = shuffle_labels(as_notebook ? fit.rows : fit.null_rows, shuffle_, context_.seed, stream);
    ClassContrastSettings settings = settings_;
    settings.shrink_both = settings.shrink_both || as_notebook;
    ClassContrast contrast =
        as_notebook ? contrast_in_basis(a, b, fit.contrast.basis, settings) : contrast_classes(a, b, settings);
    contrast.mean_difference = fit.contrast.mean_difference;
    return contrast;
  }

  void compare_with_shuffles(const PairFit& fit, const SentenceRows& sentence) {
    shuffled_.resize(p_.count("n_permutations"));
    run_tasks(
        *context_.pool, shuffled_.size(),
        [&](std::size_t i) { shuffled_[i] = fit_shuffled(fit, sentence, kShuffleStream + i); }, part(0.3, 0.35));
    const auto control = [&](const std::string& figure, auto value) {
      std::vector<double> values;
      for (const ShuffledFit& one : shuffled_) values.push_back(value(one));
      result_.add_control("label_shuffle", figure, std::move(values));
    };
    control("pcs_kept", [](const ShuffledFit& one) { return one.n_kept; });
    control("rank_deficit.b", [](const ShuffledFit& one) { return one.rank_deficit_b; });
    control("rank_shrunk.is_full", [](const ShuffledFit& one) { return one.is_full ? 1.0 : 0.0; });
    for (std::size_t d = 0; d < kDirections.size(); ++d) {
      const std::string name = "." + filter_name(kDirections[d]);
      control("top_eigenvalue" + name, [d](const ShuffledFit& one) { return one.training[d].top_eigenvalue; });
      control("train_ratio" + name, [d](const ShuffledFit& one) { return one.training[d].variance_ratio; });
      control("train_reference_share" + name, [d](const ShuffledFit& one) { return one.training[d].reference_share; });
      control("contrast.flip" + name, [d](const ShuffledFit& one) { return one.splits[d].flips ? 1.0 : 0.0; });
      control("contrast.split" + name, [d](const ShuffledFit& one) { return one.splits[d].in_spreads; });
      control("contrast.elsewhere" + name, [d](const ShuffledFit& one) { return one.splits[d].elsewhere; });
      add_p("top_eigenvalue" + name);
      add_p("train_ratio" + name);
    }
    control("pattern_correlation", [](const ShuffledFit& one) { return one.pattern_correlation; });
    compare_held_out(fit);
  }

  /// Beside a direction's separation: that along directions found under shuffled labels, their signs by the true means.
  /// A direction that knows nothing of the classes but which side each lies on, on rows that it has not seen.
  void add_direction_null(const std::string& accuracy, const std::string& d_prime,
                          const std::vector<Separation>& apart) const {
    std::vector<double> accuracies;
    std::vector<double> distances;
    for (const Separation& one : apart) {
      accuracies.push_back(one.accuracy);
      distances.push_back(one.d_prime);
    }
    result_.add(accuracy + ".shuffled_direction", mean(accuracies), "share");
    result_.add(d_prime + ".shuffled_direction", mean(distances), "standard deviations");
    result_.add_control("shuffled_direction", accuracy, std::move(accuracies), "share");
    result_.add_control("shuffled_direction", d_prime, std::move(distances), "standard deviations");
  }

  /// How often a shuffle gives as much as was measured.
  void add_p(const std::string& figure) const {
    const double observed = result_.find_figure(figure)->values.front();
    result_.add("p." + figure, permutation_p(observed, result_.find_control("label_shuffle", figure)->values));
  }

  /// Held-out scores need pairs that are whole, so labels are shuffled within pairs under every protocol.
  void compare_held_out(const PairFit& fit) const {
    const auto scores = [&](TriedOn tried_on, double begin, double end) {
      return score_shuffled(fit, tried_on, p_.count("n_permutations"), settings_, context_.seed, kShuffleStream,
                            *context_.pool, part(begin, end));
    };
    const std::vector<HeldOutScores> shuffled = scores(TriedOn::shuffled_labels, 0.35, 0.43);
    for (ContrastFilter filter : kContrastFilters) {
      const std::string name = "." + filter_name(filter);
      add_held_out_null("held_out_ratio" + name, "held_out_d" + name, "held_out_accuracy" + name, filter, shuffled);
      add_p("held_out_ratio" + name);
      add_p("held_out_d" + name);
    }
    const std::vector<HeldOutScores> unaware = scores(TriedOn::true_labels, 0.43, 0.5);
    for (ContrastFilter direction : kDirections) {
      const std::string name = "." + filter_name(direction);
      std::vector<Separation> apart;
      for (const HeldOutScores& one : unaware) apart.push_back(one.of(direction));
      add_direction_null("held_out_accuracy" + name, "held_out_d" + name, apart);
      const double observed = result_.find_figure("held_out_d" + name)->values.front();
      const auto& null = result_.find_control("shuffled_direction", "held_out_d" + name)->values;
      result_.add("p.shuffled_direction" + name, permutation_p(observed, null));
    }
  }

  void add_held_out_null(const std::string& ratio, const std::string& d_prime, const std::string& accuracy,
                         ContrastFilter filter, const std::vector<HeldOutScores>& shuffled) const {
    std::vector<double> ratios;
    std::vector<double> distances;
    std::vector<double> accuracies;
    for (const HeldOutScores& one : shuffled) {
      ratios.push_back(signal_ratio(one.of(filter), filter));
      distances.push_back(one.of(filter).d_prime);
      accuracies.push_back(one.of(filter).accuracy);
    }
    result_.add_control("label_shuffle", ratio, std::move(ratios));
    result_.add_control("label_shuffle", d_prime, std::move(distances), "standard deviations");
    result_.add_control("label_shuffle", accuracy, std::move(accuracies), "share");
  }

  /// The same analysis of other words; and whether the first words' directions tell these apart too.
  void describe_other_words(const std::string& name, const std::vector<WordPair>& pairs, const PairFit& fit,
                            double begin) const {
    const std::vector<Tensor> activations =
        slot_activations(*context_.model, pairs, point_, {layer_}, part(begin, begin + 0.05));
    const PairFit other = fit_layer(activations.front(), pairs);
    const TrainingFigures training = training_figures(other.contrast, ContrastFilter::a_over_b);
    const Separation& held_out = other.held_out.of(ContrastFilter::a_over_b);
    result_.add(name + ".n_pairs", static_cast<double>(pairs.size()), "pairs");
    result_.add(name + ".pcs_kept", static_cast<double>(other.contrast.basis.cols()), "components");
    result_.add(name + ".top_eigenvalue", training.top_eigenvalue);
    result_.add(name + ".train_ratio", training.variance_ratio);
    result_.add(name + ".held_out_ratio", held_out.variance_ratio);
    result_.add(name + ".held_out_d", held_out.d_prime, "standard deviations");
    result_.add(name + ".held_out_accuracy", held_out.accuracy, "share");
    const std::vector<double> null = shuffled_eigenvalues(other, part(begin + 0.05, begin + 0.06));
    result_.add_control("label_shuffle", name + ".top_eigenvalue", null);
    const std::vector<HeldOutScores> shuffled =
        score_shuffled(other, TriedOn::shuffled_labels, null.size(), settings_, context_.seed, kShuffleStream,
                       *context_.pool, part(begin + 0.06, begin + 0.08));
    add_held_out_null(name + ".held_out_ratio", name + ".held_out_d", name + ".held_out_accuracy",
                      ContrastFilter::a_over_b, shuffled);
    const Matrix rows = to_matrix(activations.front().matrix()) * fit.rows.space;
    const auto n = static_cast<Eigen::Index>(pairs.size());
    const std::vector<std::size_t> one_fold(pairs.size(), 0);
    for (ContrastFilter filter : kContrastFilters) {
      const Vector scores = rows * filter_direction(fit.contrast, filter, settings_.gamma);
      const Separation moved = separate(scores.head(n), scores.tail(n), one_fold);
      result_.add(name + ".transfer_accuracy." + filter_name(filter), moved.accuracy, "share");
      result_.add(name + ".transfer_d." + filter_name(filter), moved.d_prime, "standard deviations");
    }
    for (std::size_t d = 0; d < kDirections.size(); ++d) {
      std::vector<Separation> apart;
      for (const ShuffledFit& one : shuffled_) {
        const Vector scores = rows * one.directions[d];
        apart.push_back(separate(scores.head(n), scores.tail(n), one_fold));
      }
      const std::string of = "." + filter_name(kDirections[d]);
      add_direction_null(name + ".transfer_accuracy" + of, name + ".transfer_d" + of, apart);
    }
  }

  /// First eigenvalues, a over b, of n_layer_permutations shuffles.
  std::vector<double> shuffled_eigenvalues(const PairFit& fit, const std::function<void(double)>& progress) const {
    std::vector<double> values(p_.count("n_layer_permutations"));
    run_tasks(
        *context_.pool, values.size(),
        [&](std::size_t i) { values[i] = shuffled_contrast(fit, kShuffleStream + i).a_over_b.values(0); }, progress);
    return values;
  }

  using Series = std::map<std::string, std::vector<double>>;

  /// Every layer's first eigenvalue and held-out scores, beside their nulls.
  void sweep(const std::vector<Tensor>& activations, const std::vector<WordPair>& pairs) const {
    Series series;
    const double step = 0.34 / static_cast<double>(activations.size());
    for (std::size_t layer = 0; layer < activations.size(); ++layer) {
      const double begin = 0.66 + step * static_cast<double>(layer);
      const PairFit fit = fit_layer(activations[layer], pairs);
      series["pcs_kept"].push_back(static_cast<double>(fit.contrast.basis.cols()));
      const std::vector<double> eigenvalues = shuffled_eigenvalues(fit, part(begin, begin + 0.2 * step));
      append(series, "top_eigenvalue", fit.contrast.a_over_b.values(0), eigenvalues);
      const std::vector<HeldOutScores> shuffled =
          score_shuffled(fit, TriedOn::shuffled_labels, eigenvalues.size(), settings_, context_.seed, kShuffleStream,
                         *context_.pool, part(begin + 0.2 * step, begin + step));
      for (ContrastFilter filter : kContrastFilters) append_held_out(series, filter, fit.held_out, shuffled);
    }
    for (auto& [name, values] : series) result_.add_series("layers." + name, std::move(values));
  }

  /// One layer's value, and the middle 95 % of its null.
  static void append(Series& series, const std::string& name, double value, const std::vector<double>& null) {
    series[name].push_back(value);
    series[name + ".null_mean"].push_back(mean(null));
    series[name + ".null_low"].push_back(quantile(null, 0.025));
    series[name + ".null_high"].push_back(quantile(null, 0.975));
  }

  static void append_held_out(Series& series, ContrastFilter filter, const HeldOutScores& held_out,
                              const std::vector<HeldOutScores>& shuffled) {
    std::vector<double> ratios;
    std::vector<double> distances;
    for (const HeldOutScores& one : shuffled) {
      ratios.push_back(signal_ratio(one.of(filter), filter));
      distances.push_back(one.of(filter).d_prime);
    }
    append(series, "held_out_ratio." + filter_name(filter), signal_ratio(held_out.of(filter), filter), ratios);
    append(series, "held_out_d." + filter_name(filter), held_out.of(filter).d_prime, distances);
    series["held_out_accuracy." + filter_name(filter)].push_back(held_out.of(filter).accuracy);
  }

  const Parameters& p_;
  ExperimentContext& context_;
  ExperimentResult& result_;
  ClassContrastSettings settings_;
  HookPoint point_;
  LabelShuffle shuffle_;
  std::size_t layer_ = 0;
  std::vector<ShuffledFit> shuffled_;  // of the chosen layer
};

void run_ged_him_her(const Parameters& parameters, ExperimentContext& context, ExperimentResult& result) {
  GedHimHer(parameters, context, result).run();
}

}  // namespace

const Experiment ged_him_her_experiment = {"ged-him-her", "04-ged-him-her", true, ged_him_her_parameters(),
                                           run_ged_him_her};

}  // namespace soi
