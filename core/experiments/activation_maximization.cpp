// Lesson 3: does climbing the gradient on input embeddings show what a coordinate of the residual stream stands for?
//
// 1. A few rows of random numbers take the place of token embeddings.
// 2. Adam moves them so that one coordinate of the residual stream grows, the model's weights standing still.
// 3. Each row is read as the token whose embedding has the largest cosine with it.
// 4. The same is asked of rows that were never optimised, of moves of the same size in random directions, of other
//    dimensions, of other starts; and the activation is set beside what natural text gives.

#include "core/analysis/activation_maximization.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/analysis/cosine_search.h"
#include "core/analysis/descriptive.h"
#include "core/experiments/activation_maximization_parameters.h"
#include "core/experiments/all.h"
#include "core/experiments/ascent_decoding.h"
#include "core/experiments/dimension_changes.h"
#include "core/experiments/initial_values.h"
#include "core/experiments/random_embeddings.h"
#include "core/experiments/restart_agreement.h"
#include "core/experiments/row_tensor.h"
#include "core/experiments/token_text.h"
#include "core/kernels/random.h"

namespace soi {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kFewestWindows = 20;     // of natural text: below, a standard deviation says little
constexpr std::size_t kRandomSets = 200;       // of dimensions, as many as neighbours
constexpr std::size_t kTracedDimensions = 12;  // beside the target and its neighbours

// Streams of the generator: the starts, by restart; then the matrices that are never optimised, the signs of random
// moves, the random sets of dimensions, and single draws.
constexpr std::uint64_t kStartStream = 0;
constexpr std::uint64_t kNullStream = 1u << 20;
constexpr std::uint64_t kMoveStream = 2u << 20;
constexpr std::uint64_t kSetStream = 3u << 20;
constexpr std::uint64_t kTraceStream = 4u << 20;

std::vector<Tensor> copies(std::span<const Tensor> tensors) {
  std::vector<Tensor> result;
  for (const Tensor& tensor : tensors) result.push_back(tensor.clone());
  return result;
}

std::vector<double> column_of(const Tensor& matrix, std::size_t column) {
  std::vector<double> values;
  for (std::size_t r = 0; r < matrix.dim(0); ++r) values.push_back(static_cast<double>(matrix(r, column)));
  return values;
}

/// How many powers of ten lie between two values, as the document counts: undefined for an end that is not positive.
double powers_of_ten(double start, double end) { return end > 0 ? std::log10(end / std::abs(start)) : kNaN; }

/// One run of the lesson.
class ActivationMaximization {
 public:
  ActivationMaximization(const Parameters& p, ExperimentContext& context, ExperimentResult& result)
      : p_(p),
        context_(context),
        result_(result),
        model_(*context.model),
        target_(ascent_target(p, model_.config())),
        options_(ascent_options(p, target_)),
        tokens_(read_tokens(p.text("text").empty() ? lesson_file("03-cuc-dai-hoa-kich-hoat/data/passage.txt")
                                                   : std::string_view(p.text("text")),
                            "text", p.count("n_tokens") + kFewestWindows - 1)),
        search_(model_.weights().embeddings().wte, *context.pool),
        random_(model_, search_, embedding_likeness(p.text("start"))) {}

  void run() {
    describe_target();
    draw_matrices();
    natural_ = windows_spread(options_, part(0, 0.05), true);
    climb(part(0.05, 0.65));
    climb_other_reading(part(0.65, 0.8));
    describe_movement();
    describe_dimensions();
    describe_positions();
    describe_restarts();
    describe_decoding(model_, search_, {starts_, ends_, null_}, windows(), result_, part(0.8, 1));
  }

 private:
  /// Progress of a part of the run, as a function of the fraction of that part.
  std::function<void(double)> part(double begin, double end) const {
    return [this, begin, end](double fraction) { context_.progress(begin + (end - begin) * fraction); };
  }

  /// Progress that stands still, for steps that are short beside the others but must not keep a reader who cancels.
  std::function<void(double)> at(double fraction) const { return part(fraction, fraction); }

  void describe_target() const {
    const Config& config = model_.config();
    result_.add("n_blocks", static_cast<double>(config.n_layers), "blocks");
    result_.add("width", static_cast<double>(config.d_model), "dimensions");
    result_.add("layer", static_cast<double>(target_.layer));
    result_.add("layer_moved", target_.layer_moved ? 1 : 0, "yes or no");
    result_.add("block", target_.hook.point == HookPoint::resid_pre ? -1.0
                         : target_.hook.point == HookPoint::ln_final_normalized
                             ? static_cast<double>(config.n_layers) - 1
                             : static_cast<double>(target_.hook.layer));
    result_.add("dimension", static_cast<double>(target_.dimension));
    result_.add("dimension_moved", target_.dimension_moved ? 1 : 0, "yes or no");
    result_.add("wte.sd", search_.standard_deviation());
    result_.add("n_restarts", static_cast<double>(p_.count("n_restarts")), "runs");
    result_.labels["hook"] = {hook_name(target_.hook)};
  }

  void draw_matrices() {
    const std::size_t n_tokens = p_.count("n_tokens");
    Tensor all = Tensor::uninitialized({p_.count("n_restarts"), n_tokens, model_.config().d_model});
    const std::size_t size = n_tokens * model_.config().d_model;
    for (std::size_t r = 0; r < all.dim(0); ++r) {
      std::ranges::copy(random_.draw(n_tokens, context_.seed, kStartStream + r).values(), all.data() + r * size);
    }
    all = initial_value("embeddings", std::move(all), context_, p_, result_);
    for (std::size_t r = 0; r < all.dim(0); ++r) {
      starts_.push_back(Tensor::from_values({n_tokens, all.dim(2)}, all.values().subspan(r * size, size)));
    }
    for (std::size_t i = 0; i < p_.count("n_null"); ++i) {
      null_.push_back(random_.draw(n_tokens, context_.seed, kNullStream + i));
    }
  }

  /// The windows of natural text, each as long as the matrix.
  std::vector<std::vector<std::int32_t>> windows() const {
    const auto n_tokens = static_cast<std::ptrdiff_t>(p_.count("n_tokens"));
    std::vector<std::vector<std::int32_t>> result;
    for (auto begin = tokens_.begin(); tokens_.end() - begin >= n_tokens; ++begin) {
      result.emplace_back(begin, begin + n_tokens);
    }
    return result;
  }

  ColumnSpread windows_spread(const ActivationMaximizationOptions& options, const std::function<void(double)>& progress,
                              bool is_target) const {
    const auto sequences = windows();
    std::vector<Tensor> inputs;
    for (const auto& sequence : sequences) inputs.push_back(token_embeddings(model_, sequence));
    const Tensor readouts = read_activations(model_, inputs, options, progress);
    ColumnSpread spread = column_spread(readouts);
    if (is_target) describe_natural(sequences, column_of(readouts, target_.dimension), spread);
    return spread;
  }

  void describe_natural(const std::vector<std::vector<std::int32_t>>& sequences, const std::vector<double>& values,
                        const ColumnSpread& spread) const {
    const auto best = static_cast<std::size_t>(std::ranges::max_element(values) - values.begin());
    result_.add("natural.n_windows", static_cast<double>(values.size()), "windows");
    result_.add("natural.mean", spread.mean[target_.dimension]);
    result_.add("natural.sd", spread.deviation[target_.dimension]);
    result_.add("natural.largest", values[best]);
    result_.add("z.natural_largest", spread.z(target_.dimension, values[best]), "standard deviations");
    result_.labels["natural.largest"] = token_labels(sequences[best]);
    result_.arrays["natural"] = row_tensor({values});
  }

  std::vector<std::size_t> neighbours() const {
    return index_neighbours(model_.config().d_model, target_.dimension, p_.count("n_neighbours"));
  }

  double z(double activation) const { return natural_.z(target_.dimension, activation); }

  void climb(const std::function<void(double)>& progress) {
    const std::vector<std::size_t> neighbours = this->neighbours();
    const std::vector<std::size_t> others = other_dimensions(model_.config().d_model, target_.dimension, neighbours,
                                                             kTracedDimensions, context_.seed, kTraceStream);
    std::vector<std::size_t> watched = neighbours;
    watched.insert(watched.end(), others.begin(), others.end());
    const std::vector<Ascent> ascents = ascend(options_, copies(starts_), watched, progress, true);
    std::vector<std::vector<double>> activation;
    std::vector<std::vector<double>> gradient_norm;
    for (const Ascent& ascent : ascents) {
      ends_.push_back(ascent.embeddings.clone());
      activation.push_back(ascent.activation);
      gradient_norm.push_back(ascent.gradient_norm);
    }
    describe_climb(activation);
    result_.add("gradient_norm.start", gradient_norm.front().front());
    result_.add("gradient_norm.end", gradient_norm.front().back());
    result_.arrays["trace.target"] = row_tensor(activation);
    result_.arrays["trace.gradient_norm"] = row_tensor(gradient_norm);
    const std::span traces(ascents.front().watched);
    add_traces("neighbours", neighbours, traces.first(neighbours.size()));
    add_traces("random", others, traces.subspan(neighbours.size()));
  }

  /// Of the first restart, in standard deviations from the mean of natural text, so that dimensions can be compared.
  void add_traces(const std::string& name, const std::vector<std::size_t>& dimensions,
                  std::span<const std::vector<double>> traces) const {
    std::vector<std::vector<double>> rows;
    for (std::size_t i = 0; i < dimensions.size(); ++i) {
      std::vector<double>& row = rows.emplace_back();
      for (double activation : traces[i]) row.push_back(natural_.z(dimensions[i], activation));
      result_.labels["trace." + name].push_back(std::to_string(dimensions[i]));
    }
    result_.arrays["trace." + name] = row_tensor(rows);
  }

  std::vector<Ascent> ascend(const ActivationMaximizationOptions& options, std::vector<Tensor> starts,
                             const std::vector<std::size_t>& watched, const std::function<void(double)>& progress,
                             bool is_shown) const {
    return maximize_activation(
        model_, std::move(starts), options, watched, [&](std::size_t step, const std::vector<Ascent>& ascents) {
          for (std::size_t r = 0; is_shown && r < ascents.size(); ++r) {
            context_.observe("target." + std::to_string(r), static_cast<double>(step), ascents[r].activation.back());
          }
          progress(static_cast<double>(step + 1) / static_cast<double>(options.n_steps + 1));
        });
  }

  void describe_climb(const std::vector<std::vector<double>>& activation) const {
    std::vector<double> starts;
    std::vector<double> ends;
    std::vector<double> powers;
    for (const std::vector<double>& trace : activation) {
      starts.push_back(trace.front());
      ends.push_back(trace.back());
      powers.push_back(powers_of_ten(trace.front(), trace.back()));
    }
    result_.add("start", starts.front());
    result_.add("end", ends.front());
    result_.add("start.mean", mean(starts));
    result_.add("end.mean", mean(ends));
    result_.add("end.lowest", *std::ranges::min_element(ends));
    result_.add("end.highest", *std::ranges::max_element(ends));
    const std::vector<double> counted = defined(powers);
    result_.add("powers_of_ten", median(counted), "powers of ten");
    result_.add("powers_of_ten.lowest", quantile(counted, 0), "powers of ten");
    result_.add("powers_of_ten.highest", quantile(counted, 1), "powers of ten");
    result_.add("z.start", z(mean(starts)), "standard deviations");
    result_.add("z.end", z(mean(ends)), "standard deviations");
    add_unmoved_controls();
    add_random_move_controls(starts);
  }

  void add_unmoved_controls() const {
    std::vector<double> values = column_of(read_activations(model_, null_, options_, at(0.65)), target_.dimension);
    for (double& value : values) value = z(value);
    result_.add_control("unoptimised", "z.end", values, "standard deviations");
  }

  /// What a move of the same size gives, each coordinate up or down at random.
  void add_random_move_controls(const std::vector<double>& starts) const {
    std::vector<Tensor> moved;
    for (std::size_t i = 0; i < null_.size(); ++i) {
      const std::size_t r = i % starts_.size();
      moved.push_back(difference(ends_[r], starts_[r]));
      for (std::size_t j = 0; j < moved[i].size(); ++j) {
        const float sign = uniform(context_.seed, kMoveStream + i, j) < 0.5 ? -1.0f : 1.0f;
        moved[i].data()[j] = starts_[r].data()[j] + sign * moved[i].data()[j];
      }
    }
    const std::vector<double> values =
        column_of(read_activations(model_, moved, options_, at(0.65)), target_.dimension);
    std::vector<double> in_spreads;
    std::vector<double> powers;
    for (std::size_t i = 0; i < values.size(); ++i) {
      in_spreads.push_back(z(values[i]));
      powers.push_back(powers_of_ten(starts[i % starts.size()], std::abs(values[i])));
    }
    result_.add_control("random_move", "z.end", in_spreads, "standard deviations");
    result_.add_control("random_move", "powers_of_ten", powers, "powers of ten");
  }

  void climb_other_reading(const std::function<void(double)>& progress) const {
    const std::optional<Hook> hook = other_reading(p_, target_, model_.config());
    ActivationMaximizationOptions options = options_;
    double z_start = kNaN;
    double z_end = kNaN;
    double end = kNaN;
    if (hook && p_.boolean("other_reading")) {
      options.hook = *hook;
      const ColumnSpread natural = windows_spread(options, at(0.65), false);
      const std::vector<Ascent> ascents = ascend(options, copies(std::span(starts_).first(1)), {}, progress, false);
      end = ascents.front().activation.back();
      z_start = natural.z(target_.dimension, ascents.front().activation.front());
      z_end = natural.z(target_.dimension, end);
      result_.arrays["trace.other_reading"] = row_tensor({ascents.front().activation});
      result_.labels["other_reading.hook"] = {hook_name(*hook)};
    }
    result_.add("other_reading.end", end);
    result_.add("other_reading.z.start", z_start, "standard deviations");
    result_.add("other_reading.z.end", z_end, "standard deviations");
  }

  void describe_movement() const {
    double sum = 0;
    double largest = 0;
    double squares = 0;
    std::size_t n = 0;
    for (std::size_t r = 0; r < ends_.size(); ++r) {
      const Tensor move = difference(ends_[r], starts_[r]);
      for (std::size_t i = 0; i < move.size(); ++i, ++n) {
        sum += std::abs(static_cast<double>(move.data()[i]));
        largest = std::max(largest, std::abs(static_cast<double>(move.data()[i])));
        squares += static_cast<double>(ends_[r].data()[i]) * static_cast<double>(ends_[r].data()[i]);
      }
    }
    std::vector<double> kept;
    for (std::size_t r = 0; r < ends_.size(); ++r) kept.push_back(row_cosine(starts_[r], ends_[r]));
    const double in_sd = sum / static_cast<double>(n) / search_.standard_deviation();
    result_.add("move.mean", sum / static_cast<double>(n));
    result_.add("move.in_sd", in_sd, "standard deviations of wte");
    result_.add("move.largest", largest);
    result_.add("move.steps_times_rate", static_cast<double>(options_.n_steps) * options_.adam.learning_rate);
    result_.add("move.cosine", mean(kept));
    result_.add("length.start", mean_row_length(starts_));
    result_.add("length.end", mean_row_length(ends_));
    result_.add("penalty.end", options_.l2_weight * squares / static_cast<double>(ends_.size()));
    result_.arrays["move"] = difference(ends_.front(), starts_.front());
    result_.arrays["embeddings.end"] = ends_.front().clone();
  }

  void describe_dimensions() const {
    const DimensionChanges changes =
        dimension_changes(read_activations(model_, starts_, options_), read_activations(model_, ends_, options_),
                          natural_, target_.dimension, neighbours(), kRandomSets, context_.seed, kSetStream);
    const std::string unit = "standard deviations";
    result_.add("target.change", changes.change[target_.dimension], unit);
    result_.add("target.rank", changes.target_rank);
    result_.add("neighbours.change", changes.neighbours_change, unit);
    result_.add("neighbours.low", quantile(changes.random_sets, 0.05), unit);
    result_.add("neighbours.n", static_cast<double>(neighbours().size()), "dimensions");
    result_.add_control("random_dimensions", "neighbours.change", changes.random_sets, unit);
    result_.add("others.fallen_share", changes.fallen_share, "share");
    result_.add("others.moved_share", changes.moved_share, "share");
    result_.arrays["change"] = row_tensor({changes.change});
    const std::size_t next = target_.dimension + 1;
    result_.add("neighbours.next.change", next < changes.change.size() ? changes.change[next] : kNaN, unit);
  }

  /// What position embeddings do to the target at the start: nothing, if `inputs_embeds` bypassed them.
  void describe_positions() const {
    std::vector<double> effects;
    ActivationMaximizationOptions with = options_;
    ActivationMaximizationOptions without = options_;
    with.position_embeddings = true;
    without.position_embeddings = false;
    const Tensor a = read_activations(model_, starts_, with);
    const Tensor b = read_activations(model_, starts_, without);
    for (std::size_t r = 0; r < a.dim(0); ++r) {
      const double difference =
          static_cast<double>(a(r, target_.dimension)) - static_cast<double>(b(r, target_.dimension));
      const double deviation = natural_.deviation[target_.dimension];
      effects.push_back(deviation > 0 ? std::abs(difference) / deviation : kNaN);
    }
    result_.add("position_effect", mean(effects), "standard deviations");
  }

  void describe_restarts() const {
    std::vector<Tensor> moves;
    for (std::size_t r = 0; r < ends_.size(); ++r) moves.push_back(difference(ends_[r], starts_[r]));
    const Tensor ends = pairwise_cosines(ends_);
    const Tensor starts = pairwise_cosines(starts_);
    const Tensor directions = pairwise_cosines(moves);
    result_.add("runs.cosine", mean(above_diagonal(ends)));
    result_.add("runs.cosine.start", mean(above_diagonal(starts)));
    result_.add("runs.move_cosine", mean(above_diagonal(directions)));
    result_.add_control("unoptimised", "runs.cosine", above_diagonal(pairwise_cosines(null_)));
    result_.arrays["runs.cosine"] = ends.clone();
    result_.arrays["runs.move_cosine"] = directions.clone();
  }

  const Parameters& p_;
  ExperimentContext& context_;
  ExperimentResult& result_;
  const Gpt2& model_;
  AscentTarget target_;
  ActivationMaximizationOptions options_;
  std::vector<std::int32_t> tokens_;  // of natural text
  CosineSearch search_;
  RandomEmbeddings random_;
  std::vector<Tensor> starts_, ends_;  // [T, d_model], by restart
  std::vector<Tensor> null_;           // never optimised
  ColumnSpread natural_;               // of every dimension, over the windows of natural text
};

void run(const Parameters& p, ExperimentContext& context, ExperimentResult& result) {
  ActivationMaximization(p, context, result).run();
}

}  // namespace

extern const Experiment activation_maximization_experiment{"activation-maximization",
                                                           "03-cuc-dai-hoa-kich-hoat",
                                                           true,
                                                           activation_maximization_parameters(),
                                                           run,
                                                           {"embeddings"}};

}  // namespace soi
