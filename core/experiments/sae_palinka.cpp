// Lesson 2: a sparse autoencoder on one passage about palinka. Does it find what geography words have in common, or
// does it find something for any set of words?
//
// 1. A passage goes through the model; the MLP of one block gives a row of activations for each token.
// 2. An autoencoder with more latents than inputs is trained on these rows alone.
// 3. How many latents answer, on how many tokens; how well rows are rebuilt, also those of another passage.
// 4. Latents are scored by how much more they answer to geography words, and the best are looked at.
// 5. The same is asked of networks that were never trained, of labels moved elsewhere, of a small k, with position 0
//    the other way, and without tying.

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "core/analysis/descriptive.h"
#include "core/analysis/latent_statistics.h"
#include "core/analysis/permutation.h"
#include "core/experiments/all.h"
#include "core/experiments/initial_values.h"
#include "core/experiments/sae_palinka_network.h"
#include "core/experiments/sae_palinka_parameters.h"
#include "core/experiments/sae_palinka_scores.h"
#include "core/experiments/sae_palinka_texts.h"
#include "core/experiments/task_loop.h"
#include "core/experiments/token_text.h"
#include "core/hooks/hook_name.h"
#include "core/kernels/random.h"
#include "core/model/finite_rows.h"

namespace soi {
namespace {

constexpr std::uint64_t kMoveStream = 1u << 20;  // how far the labels are moved
constexpr std::size_t kStrongestTokens = 8;      // named for each of the top latents

HookPoint point_of(const std::string& hook) {
  if (hook == "before_gelu") return HookPoint::mlp_pre;
  return hook == "after_gelu" ? HookPoint::mlp_post : HookPoint::mlp_out;
}

SelectivityScore score_of(const std::string& score) {
  if (score == "contrast") return SelectivityScore::contrast;
  if (score == "ratio") return SelectivityScore::ratio;
  return score == "ratio_of_active" ? SelectivityScore::ratio_of_active : SelectivityScore::standardized;
}

Tensor to_tensor_row(const std::vector<double>& values) {
  const std::vector<float> narrow(values.begin(), values.end());
  return Tensor::from_values({narrow.size()}, narrow);
}

/// One run of the lesson.
class SaePalinka {
 public:
  SaePalinka(const Parameters& p, ExperimentContext& context, ExperimentResult& result)
      : p_(p), context_(context), result_(result), texts_(palinka_texts(p)) {
    const std::size_t n_layers = context.model->config().n_layers;
    hook_ = {point_of(p.text("hook")), p.integer("layer") < 0 ? n_layers / 2 : p.count("layer")};
    check_hook(hook_, n_layers);
  }

  void run() {
    read_activations(part(0, 0.04));
    options_ = palinka_options(p_, activations_.passage.dim(1), context_.model->config().d_model);
    describe_data();
    const PalinkaNetwork network = train(options_, starting_weights(), texts_.first_used, "", part(0.04, shown_end()));
    describe_network(network);
    describe_first_position();
    compare_with_untrained(part(shown_end(), shown_end() + 0.08));
    compare_with_moved_labels(part(shown_end() + 0.08, shown_end() + 0.12));
    train_variants(network.model);
  }

 private:
  using Report = std::function<void(double)>;

  /// Progress of a part of the run, as a function of the fraction of that part.
  Report part(double begin, double end) const {
    return [this, begin, end](double fraction) { context_.progress(begin + (end - begin) * fraction); };
  }

  double shown_end() const { return p_.boolean("variants") ? 0.24 : 0.88; }

  void read_activations(const Report& report) {
    std::array<Lane, 2> lanes;
    lanes[0].tokens = texts_.passage.tokens;
    lanes[1].tokens = texts_.held_out.tokens;
    for (Lane& lane : lanes) {
      lane.captures = {hook_};
      lane.logits = LogitPositions::none();
    }
    std::vector<LaneResult> results = context_.model->run(lanes, report);
    activations_ = {std::move(results[0].captured.at(hook_)), std::move(results[1].captured.at(hook_))};
    for (const Tensor* read : {&activations_.passage, &activations_.held_out}) require_finite_rows(read->matrix());
  }

  void describe_data() {
    const auto n_used = static_cast<double>(texts_.passage.size() - texts_.first_used);
    const auto d = static_cast<double>(options_.n_inputs);
    const auto m = static_cast<double>(options_.n_latents);
    result_.add("layer", static_cast<double>(hook_.layer));
    result_.add("n_tokens", static_cast<double>(texts_.passage.size()), "tokens");
    result_.add("n_samples", n_used, "tokens");
    result_.add("n_inputs", d);
    result_.add("n_latents", m, "latents");
    result_.add("k", static_cast<double>(std::min(options_.top_k, options_.n_latents)), "latents");
    result_.add("n_data", n_used * d, "numbers");
    result_.add("n_weights.tied", m * d, "weights");
    result_.add("n_weights.untied", 2 * m * d, "weights");
    result_.add("weights_per_number", (options_.tied ? 1 : 2) * m / n_used);
    result_.add("n_words", static_cast<double>(texts_.words.size()), "tokens");
    result_.add("n_others", static_cast<double>(texts_.others.size()), "tokens");
    result_.labels["tokens"] = token_labels(texts_.passage.tokens);
    result_.labels["held_out.tokens"] = token_labels(texts_.held_out.tokens);
    const std::vector<float> roles = token_roles(texts_);
    result_.arrays["token_roles"] = Tensor::from_values({roles.size()}, roles);
  }

  SparseAutoencoderWeights starting_weights() {
    SparseAutoencoderWeights weights = initial_weights(options_, context_.seed, 0);
    const auto given = [&](const char* name, Tensor& value) {
      value = initial_value(name, std::move(value), context_, p_, result_);
    };
    given("encoder", weights.encoder);
    given("encoder_bias", weights.encoder_bias);
    given("decoder", weights.decoder);
    given("decoder_bias", weights.decoder_bias);
    return weights;
  }

  PalinkaNetwork train(const SparseAutoencoderOptions& options, SparseAutoencoderWeights weights,
                       std::size_t first_used, const std::string& suffix, const Report& report) const {
    return train_palinka(options, std::move(weights), rows_from(activations_.passage, first_used), p_, context_, suffix,
                         report);
  }

  PalinkaLatents latents_of(const SparseAutoencoder& model) const {
    return {model.encode(activations_.passage.matrix(), *context_.pool),
            model.encode(activations_.held_out.matrix(), *context_.pool)};
  }

  PalinkaScores scores_of(const PalinkaLatents& latents) const {
    return {latents, texts_, score_of(p_.text("score")), p_.count("n_top")};
  }

  /// What is asked of every network: of its densities and its rebuilding, of its scores, of the single word.
  std::vector<Measure> measure(const SparseAutoencoder& model, std::size_t first_used) const {
    std::vector<Measure> measures = measure_network(model, activations_, first_used, context_);
    const PalinkaLatents latents = latents_of(model);
    for (const Measure& m : measures_of(scores_of(latents).of_words())) measures.push_back(m);
    const std::vector<double> counts = active_counts(latents.passage.matrix());
    measures.push_back({"lit.single_word", counts[texts_.single_word], "latents"});
    return measures;
  }

  static std::vector<Measure> measures_of(const ScoredLatents& scored) {
    return {{"score.best", scored.best, ""},
            {"score.high_share", scored.high_share, "share"},
            {"top.test_words", scored.fires_at_test_words, "share"},
            {"top.other_words", scored.fires_at_other_words, "share"},
            {"top.outside_share", scored.outside_share, "share"},
            {"top.held_out_contrast", scored.held_out_contrast, ""}};
  }

  void describe_network(const PalinkaNetwork& network) {
    for (const Measure& m : measure(network.model, texts_.first_used)) result_.add(m.name, m.value, m.unit);
    latents_ = latents_of(network.model);
    add_losses(network.losses, "");
    result_.add("mse.first", network.losses.front().reconstruction);
    const ConstMatrixView used = rows_from(latents_.passage, texts_.first_used);
    const std::vector<double> density = densities(used);
    result_.arrays["density"] = to_tensor_row(density);
    result_.add("n_silent", static_cast<double>(std::ranges::count(density, 0.0)), "latents");
    result_.add("n_always_on", static_cast<double>(std::ranges::count(density, 1.0)), "latents");
    describe_scores();
    describe_single_word();
  }

  void add_losses(const std::vector<SparseAutoencoderLoss>& losses, const std::string& suffix) {
    const auto add = [&](const char* name, auto part) {
      Tensor trace({losses.size()});
      for (std::size_t i = 0; i < losses.size(); ++i) trace(i) = static_cast<float>(part(losses[i]));
      result_.arrays[name + suffix] = std::move(trace);
    };
    add("loss.mse", [](const SparseAutoencoderLoss& loss) { return loss.reconstruction; });
    add("loss.l1", [](const SparseAutoencoderLoss& loss) { return loss.l1; });
    if (p_.real("decorrelation_weight") == 0) return;  // not computed
    add("loss.decorrelation", [](const SparseAutoencoderLoss& loss) { return loss.decorrelation; });
  }

  void describe_scores() {
    const PalinkaScores scores = scores_of(latents_);
    const ScoredLatents scored = scores.of_words();
    result_.add("score.high_from", high_selectivity(score_of(p_.text("score"))));
    result_.add("score.n_high", scored.high_share * static_cast<double>(scored.scores.size()), "latents");
    result_.arrays["scores"] = to_tensor_row(scored.scores);
    const std::vector<double> ratios = scores.document_ratios();
    const auto share = [&](auto holds) {
      return static_cast<double>(std::ranges::count_if(ratios, holds)) / static_cast<double>(ratios.size());
    };
    const bool known = !std::isnan(ratios.front());
    result_.add("ratio.infinite", known ? share([](double r) { return std::isinf(r); }) : std::nan(""), "share");
    result_.add("ratio.zero", known ? share([](double r) { return r == 0; }) : std::nan(""), "share");
    show_top(scored);
  }

  /// For the heat map: what the best latents answer on every token, and on which tokens most.
  void show_top(const ScoredLatents& scored) {
    const std::size_t n_tokens = texts_.passage.size();
    Tensor rows(Shape{scored.top.size(), n_tokens});
    Tensor indices(Shape{scored.top.size()});
    Tensor best(Shape{scored.top.size()});
    double n_fired = 0;
    for (std::size_t i = 0; i < scored.top.size(); ++i) {
      std::vector<double> row(n_tokens);
      for (std::size_t t = 0; t < n_tokens; ++t) {
        rows(i, t) = latents_.passage(t, scored.top[i]);
        row[t] = static_cast<double>(rows(i, t));
      }
      n_fired += static_cast<double>(n_tokens) - static_cast<double>(std::ranges::count(row, 0.0));
      indices(i) = static_cast<float>(scored.top[i]);
      best(i) = static_cast<float>(scored.scores[scored.top[i]]);
      result_.labels["top.strongest"].push_back(strongest_tokens(row));
    }
    result_.add("top.n_tokens", n_fired / static_cast<double>(scored.top.size()), "tokens");
    result_.arrays["top.activations"] = std::move(rows);
    result_.arrays["top.latents"] = std::move(indices);
    result_.arrays["top.scores"] = std::move(best);
  }

  std::string strongest_tokens(const std::vector<double>& row) const {
    std::string text;
    for (std::size_t t : highest(row, kStrongestTokens)) {
      if (row[t] == 0) break;
      text += (text.empty() ? "" : " | ") + result_.labels["tokens"][t];
    }
    return text;
  }

  void describe_single_word() {
    const std::vector<double> counts = active_counts(latents_.passage.matrix());
    std::vector<double> elsewhere;
    for (std::size_t t = texts_.first_used; t < counts.size(); ++t) {
      if (t != texts_.single_word) elsewhere.push_back(counts[t]);
    }
    result_.add("lit.mean", mean(elsewhere), "latents");
    result_.add_control("other_tokens", "lit.single_word", elsewhere, "latents");
    result_.arrays["active_counts"] = to_tensor_row(counts);
    result_.labels["single_word"] = {result_.labels["tokens"][texts_.single_word]};
  }

  /// How far position 0 lies from the others.
  void describe_first_position() {
    const Tensor& x = activations_.passage;
    const std::size_t n = x.dim(0);
    std::vector<double> means(x.dim(1), 0.0);
    std::vector<double> lengths(n, 0.0);
    for (std::size_t t = 0; t < n; ++t) {
      for (std::size_t i = 0; i < means.size(); ++i) {
        const auto value = static_cast<double>(x(t, i));
        means[i] += value / static_cast<double>(n);
        lengths[t] += value * value;
      }
    }
    double total = 0;
    double first = 0;
    for (std::size_t t = 0; t < n; ++t) {
      double distance = 0;
      for (std::size_t i = 0; i < means.size(); ++i) distance += std::pow(static_cast<double>(x(t, i)) - means[i], 2);
      total += distance;
      if (t == 0) first = distance;
    }
    for (double& length : lengths) length = std::sqrt(length);
    result_.add("first_position.norm_ratio", lengths[0] / median(std::span(lengths).subspan(1)));
    result_.add("first_position.variance_share", first / total, "share");
  }

  void compare_with_untrained(const Report& report) {
    const std::size_t n = p_.count("n_untrained");
    std::vector<std::vector<Measure>> measures;
    for (std::size_t i = 0; i < n; ++i) {
      report(static_cast<double>(i) / static_cast<double>(n));
      // Stream 0 is the trained network's start.
      const SparseAutoencoder model(options_, initial_weights(options_, context_.seed, i + 1));
      measures.push_back(measure(model, texts_.first_used));
      if (i > 0) continue;
      const Tensor z = model.encode(rows_from(activations_.passage, texts_.first_used), *context_.pool);
      result_.arrays["density.untrained"] = to_tensor_row(densities(z.matrix()));
    }
    for (std::size_t k = 0; k < measures.front().size(); ++k) {
      std::vector<double> values;
      for (const std::vector<Measure>& one : measures) values.push_back(one[k].value);
      const Measure& first = measures.front()[k];
      result_.add(first.name + ".untrained", mean(values), first.unit);
      result_.add_control("untrained", first.name, std::move(values), first.unit);
    }
  }

  void compare_with_moved_labels(const Report& report) {
    const PalinkaScores scores = scores_of(latents_);
    std::vector<ScoredLatents> moved(p_.count("n_permutations"));
    run_tasks(
        *context_.pool, moved.size(),
        [&](std::size_t i) { moved[i] = scores.of_moved(uniform(context_.seed, kMoveStream, i)); }, report);
    // To be drawn: half-way round, as far as can be.
    result_.arrays["scores.moved"] = to_tensor_row(scores.of_moved(0.5).scores);
    const std::vector<Measure> names = measures_of(moved.front());
    for (std::size_t k = 0; k < names.size(); ++k) {
      std::vector<double> values;
      for (const ScoredLatents& one : moved) values.push_back(measures_of(one)[k].value);
      const double observed = result_.find_figure(names[k].name)->values.front();
      result_.add("p." + names[k].name, permutation_p(observed, values));
      result_.add(names[k].name + ".moved_labels", mean(values), names[k].unit);
      result_.add_control("moved_labels", names[k].name, std::move(values), names[k].unit);
    }
  }

  /// Three more networks from the same starting values as far as their shapes allow.
  void train_variants(const SparseAutoencoder& shown) {
    SparseAutoencoderOptions small_k = options_;
    small_k.top_k = p_.count("small_k");
    SparseAutoencoderOptions other_tying = options_;
    other_tying.tied = !options_.tied;
    const std::size_t other_first = 1 - texts_.first_used;
    const double begin = shown_end() + 0.12;
    const double step = (1 - begin) / 3;
    train_variant("small_k", small_k, texts_.first_used, part(begin, begin + step));
    const SparseAutoencoder moved =
        train_variant("other_first", options_, other_first, part(begin + step, begin + 2 * step));
    train_variant("other_tying", other_tying, texts_.first_used, part(begin + 2 * step, 1));
    compare_positions(shown, moved);
    for (const std::string name : {"explained_variance", "held_out.explained_variance"}) {
      result_.add(name + ".tied", figure(name + (options_.tied ? "" : ".other_tying")), "share");
      result_.add(name + ".untied", figure(name + (options_.tied ? ".other_tying" : "")), "share");
    }
    result_.add("tying_gain", figure("held_out.explained_variance.tied") - figure("held_out.explained_variance.untied"),
                "share");
    context_.progress(1);
  }

  double figure(const std::string& name) const { return result_.find_figure(name)->values.front(); }

  /// Trains and describes; without `variants` all its figures are not numbers.
  SparseAutoencoder train_variant(const std::string& name, const SparseAutoencoderOptions& options,
                                  std::size_t first_used, const Report& report) {
    const bool trains = p_.boolean("variants");
    SparseAutoencoderWeights weights = initial_weights(options, context_.seed, 0);
    const std::string suffix = "." + name;
    PalinkaNetwork network = trains ? train(options, std::move(weights), first_used, suffix, report)
                                    : PalinkaNetwork{SparseAutoencoder(options, std::move(weights)), {}};
    for (const Measure& m : measure(network.model, first_used)) {
      result_.add(m.name + suffix, trains ? m.value : std::nan(""), m.unit);
    }
    if (trains) add_losses(network.losses, suffix);
    return std::move(network.model);
  }

  /// The networks trained with and without position 0, on the positions that both have.
  void compare_positions(const SparseAutoencoder& shown, const SparseAutoencoder& moved) {
    const bool shown_has_first = texts_.first_used == 0;
    const ConstMatrixView rest = rows_from(activations_.passage, 1);
    for (const bool has_first : {true, false}) {
      const bool is_shown = has_first == shown_has_first;
      const SparseAutoencoder& model = is_shown ? shown : moved;
      const Tensor z = model.encode(rest, *context_.pool);
      const double explained = explained_variance(rest, model.decode(z.matrix(), *context_.pool).matrix());
      const bool known = is_shown || p_.boolean("variants");
      const std::string suffix = has_first ? ".with_first" : ".without_first";
      result_.add("rest.explained_variance" + suffix, known ? explained : std::nan(""), "share");
      result_.add("rest.density.grid" + suffix, known ? summarize(densities(z.matrix())).grid : std::nan(""), "share");
    }
  }

  const Parameters& p_;
  ExperimentContext& context_;
  ExperimentResult& result_;
  PalinkaTexts texts_;
  Hook hook_;
  PalinkaActivations activations_;
  SparseAutoencoderOptions options_;
  PalinkaLatents latents_;  // of the trained network
};

void run_sae_palinka(const Parameters& parameters, ExperimentContext& context, ExperimentResult& result) {
  SaePalinka(parameters, context, result).run();
}

}  // namespace

const Experiment sae_palinka_experiment = {"sae-palinka",
                                           "02-sae-palinka",
                                           true,
                                           sae_palinka_parameters(),
                                           run_sae_palinka,
                                           {"encoder", "encoder_bias", "decoder", "decoder_bias"}};

}  // namespace soi
