// Lesson 1: does a sparse autoencoder recover two mixed sources, and does it do better than chance?
//
// 1. Two sources, a sine and a step, are mixed into two channels.
// 2. An autoencoder with more latents than channels is trained on the channels alone.
// 3. Each source is matched with the latent that correlates best with it.
// 4. The same is asked of networks that were never trained, of PCA, of FastICA, with each penalty off, and under weaker
//    and stronger L1; and a network is trained on channels in which the sources are no longer there.

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <exception>
#include <map>
#include <numeric>
#include <span>
#include <thread>
#include <utility>

#include "core/analysis/correlation.h"
#include "core/analysis/descriptive.h"
#include "core/analysis/fast_ica.h"
#include "core/analysis/pca.h"
#include "core/analysis/permutation.h"
#include "core/analysis/sparse_autoencoder.h"
#include "core/experiments/all.h"
#include "core/experiments/initial_values.h"
#include "core/kernels/random.h"

namespace soi {
namespace {

constexpr double kPass = 0.95;  // SAE1-20: "at least 95 % agreement"
constexpr std::uint64_t kNoiseStream = 1u << 20;
constexpr std::uint64_t kIcaStream = kNoiseStream + 1;
constexpr std::uint64_t kChannelStream = kNoiseStream + 2;
constexpr std::uint64_t kVariantStream = kNoiseStream + 3;
constexpr std::size_t kVariantShuffles = 400;
constexpr std::array kL1Grid = {0.0, 0.03, 0.1, 0.3, 1.0, 3.0};
constexpr std::array kDecorrelationGrid = {0.0, 0.1, 1.0, 10.0, 100.0};

struct Data {
  Matrix sources;   // [n, 2]: sine, step
  Matrix channels;  // [n, 2]: sources times the mixing matrix, plus noise
  Tensor samples;   // the same in float32
};

double step_source(double phase, const std::string& kind) {
  const double sine = std::sin(phase);
  if (kind == "two_levels") return sine > 0 ? 2.0 : 0.0;
  if (kind == "sign") return sine > 0 ? 2.0 : sine < 0 ? 0.0 : 1.0;
  // Thirds of each period at 0, 1 and 2.
  const double turn = phase / (2 * M_PI) - std::floor(phase / (2 * M_PI));
  return std::floor(3 * turn);
}

Data make_data(const Parameters& p, std::uint64_t seed) {
  const auto n = static_cast<Eigen::Index>(p.count("n_samples"));
  Data data{Matrix(n, 2), Matrix(n, 2), Tensor()};
  for (Eigen::Index i = 0; i < n; ++i) {
    const double t = 2 * M_PI * p.real("periods") * static_cast<double>(i) / static_cast<double>(n - 1);
    data.sources(i, 0) = std::sin(t) + 1;
    data.sources(i, 1) = step_source(3 * t, p.text("step"));
  }
  Matrix mixing(2, 2);
  mixing << p.real("mixing_11"), p.real("mixing_12"), p.real("mixing_21"), p.real("mixing_22");
  data.channels = data.sources * mixing;
  for (Eigen::Index i = 0; i < data.channels.size(); ++i) {
    data.channels.data()[i] +=
        p.real("noise") * static_cast<double>(normal(seed, kNoiseStream, static_cast<std::uint64_t>(i)));
  }
  data.samples = to_tensor(data.channels);
  return data;
}

SparseAutoencoderOptions options_of(const Parameters& p) {
  SparseAutoencoderOptions options;
  options.n_inputs = 2;
  options.n_latents = p.count("n_latents");
  options.tied = p.boolean("tied");
  options.activation = p.text("activation") == "relu"   ? LatentActivation::relu
                       : p.text("activation") == "gelu" ? LatentActivation::gelu_exact
                                                        : LatentActivation::linear;
  options.l1_weight = p.real("l1_weight");
  options.decorrelation_weight = p.real("decorrelation_weight");
  options.mean_decorrelation = p.boolean("mean_decorrelation");
  options.unit_norm_decoder = p.boolean("unit_norm_decoder") && !options.tied;
  return options;
}

/// How well a set of candidate signals holds the two sources.
struct Match {
  std::vector<std::size_t> candidate;  // for sine, step
  std::vector<double> r;               // |r|
  bool passes() const {
    return std::ranges::all_of(r, [](double v) { return v >= kPass; });
  }
};

Match match(const Matrix& candidates, const Matrix& sources, bool one_to_one) {
  const Matrix scores = cross_correlation(candidates, sources).cwiseAbs();
  Match result;
  result.candidate = one_to_one ? one_to_one_rows(scores) : best_rows(scores);
  for (std::size_t s = 0; s < result.candidate.size(); ++s) result.r.push_back(scores(result.candidate[s], s));
  return result;
}

/// One network and what it holds.
struct Outcome {
  Matrix latents;  // [n, n_latents]
  Match matched;
  double density = 0;                                     // share of latent values that are not 0
  double matched_density = 0;                             // the same of the two matched latents
  double sine_density = 0;                                // the same of the one that matches the sine
  double redundancy = 0;                                  // mean |r| between pairs of latents that vary
  std::vector<double> reconstruction, l1, decorrelation;  // before each epoch
};

double density_of(const Matrix& latents, const std::vector<std::size_t>& columns) {
  double active = 0;
  for (std::size_t c : columns) active += static_cast<double>((latents.col(c).array() != 0).count());
  return active / static_cast<double>(latents.rows() * static_cast<Eigen::Index>(columns.size()));
}

double redundancy_of(const Matrix& latents) {
  const Matrix r = cross_correlation(latents, latents).cwiseAbs();
  double sum = 0;
  double pairs = 0;
  for (Eigen::Index i = 0; i < r.rows(); ++i) {
    for (Eigen::Index j = 0; j < i; ++j) {
      if (r(i, i) == 0 || r(j, j) == 0) continue;  // a silent latent correlates with nothing
      sum += r(i, j);
      pairs += 1;
    }
  }
  return pairs > 0 ? sum / pairs : 0.0;
}

Outcome examine(const SparseAutoencoder& network, const Data& data, bool one_to_one, ThreadPool& pool) {
  Outcome outcome;
  outcome.latents = to_matrix(network.encode(std::as_const(data.samples).matrix(), pool).matrix());
  outcome.matched = match(outcome.latents, data.sources, one_to_one);
  std::vector<std::size_t> all(static_cast<std::size_t>(outcome.latents.cols()));
  std::iota(all.begin(), all.end(), std::size_t{0});
  outcome.density = density_of(outcome.latents, all);
  outcome.matched_density = density_of(outcome.latents, outcome.matched.candidate);
  outcome.sine_density = density_of(outcome.latents, {outcome.matched.candidate[0]});
  outcome.redundancy = redundancy_of(outcome.latents);
  return outcome;
}

/// `after_epoch` gets the loss, and returns false to stop.
template <typename AfterEpoch>
Outcome train(const SparseAutoencoderOptions& options, SparseAutoencoderWeights weights, const Parameters& p,
              const Data& data, ThreadPool& pool, const AfterEpoch& after_epoch) {
  SparseAutoencoder network(options, std::move(weights));
  SparseAutoencoderTrainer trainer(network, {.learning_rate = p.real("learning_rate")});
  std::vector<SparseAutoencoderLoss> losses;
  for (std::size_t epoch = 0; epoch < p.count("epochs"); ++epoch) {
    losses.push_back(trainer.step(std::as_const(data.samples).matrix(), pool));
    if (!after_epoch(losses.back())) break;
  }
  Outcome outcome = examine(network, data, p.text("matching") == "one_to_one", pool);
  for (const SparseAutoencoderLoss& loss : losses) {
    outcome.reconstruction.push_back(loss.reconstruction);
    outcome.l1.push_back(loss.l1);
    outcome.decorrelation.push_back(loss.decorrelation);
  }
  return outcome;
}

Outcome untrained(const SparseAutoencoderOptions& options, const Parameters& p, const Data& data, std::uint64_t seed,
                  std::uint64_t run, ThreadPool& pool) {
  return examine(SparseAutoencoder(options, initial_weights(options, seed, run)), data,
                 p.text("matching") == "one_to_one", pool);
}

template <typename Get>
std::vector<double> each(const std::vector<Outcome>& outcomes, const Get& get) {
  std::vector<double> values;
  for (const Outcome& outcome : outcomes) values.push_back(get(outcome));
  return values;
}

/// The trainings of all variants over all seeds, side by side.
class Sweep {
 public:
  Sweep(const Parameters& p, const Data& data, ExperimentContext& context, std::size_t n_trainings)
      : p_(p), data_(data), context_(context), n_epochs_(n_trainings * p.count("epochs")) {}

  std::vector<Outcome> run(const SparseAutoencoderOptions& options, std::size_t n_trainings) {
    std::vector<Outcome> outcomes(n_trainings);
    context_.pool->parallel_for(outcomes.size(), [&](std::size_t i) {
      outcomes[i] = train(options, initial_weights(options, context_.seed, i), p_, data_, *context_.pool,
                          [&](const SparseAutoencoderLoss&) { return report_epoch(); });
      outcomes[i].latents.resize(0, 0);  // only the figures are kept
    });
    if (stopped_) std::rethrow_exception(reason_);
    return outcomes;
  }

 private:
  /// False to stop. Only the calling thread, which takes tasks like the others, reports; tasks may not throw, so what
  /// its caller throws waits until all have seen the flag.
  bool report_epoch() {
    const std::size_t done = ++epochs_done_;
    if (std::this_thread::get_id() == caller_ && !stopped_) {
      try {
        context_.progress(static_cast<double>(done) / static_cast<double>(n_epochs_));
      } catch (...) {
        reason_ = std::current_exception();
        stopped_ = true;
      }
    }
    return !stopped_;
  }

  const Parameters& p_;
  const Data& data_;
  ExperimentContext& context_;
  std::size_t n_epochs_;
  std::thread::id caller_ = std::this_thread::get_id();
  std::atomic<std::size_t> epochs_done_{0};
  std::atomic<bool> stopped_{false};
  std::exception_ptr reason_;
};

double share_that_passes(const std::vector<Outcome>& outcomes) {
  return mean(each(outcomes, [](const Outcome& o) { return o.matched.passes() ? 1.0 : 0.0; }));
}

/// "First rises": the highest value comes after the start, before the middle, and lies above the first by more than 1
/// %.
bool rises_then_falls(const std::vector<double>& l1) {
  const auto peak = static_cast<std::size_t>(std::ranges::max_element(l1) - l1.begin());
  const bool rises = peak > 0 && peak < l1.size() / 2 && l1[peak] > 1.01 * l1.front();
  return rises && l1.back() < 0.5 * l1[peak];
}

void add_loss_figures(const Outcome& trained, ExperimentResult& result) {
  const auto& mse = trained.reconstruction;
  const auto& l1 = trained.l1;
  result.add("mse.first", mse.front());
  result.add("mse.last", mse.back());
  result.add("mse.ratio", mse.back() / mse.front(), "share");
  result.add("l1.first", l1.front());
  result.add("l1.highest", *std::ranges::max_element(l1));
  result.add("l1.last", l1.back());
  result.add("l1.rises_then_falls", rises_then_falls(l1) ? 1 : 0, "yes or no");
  for (const auto& [name, trace] :
       {std::pair{"loss.mse", &mse}, {"loss.l1", &l1}, {"loss.decorrelation", &trained.decorrelation}}) {
    const std::vector<float> values(trace->begin(), trace->end());
    result.arrays[name] = Tensor::from_values({values.size()}, values);
  }
}

void add_outcome(const Outcome& trained, ExperimentResult& result) {
  result.add("best_r.sine", trained.matched.r[0]);
  result.add("best_r.step", trained.matched.r[1]);
  result.add("best_r.lower", std::min(trained.matched.r[0], trained.matched.r[1]));
  result.add("latent.sine", static_cast<double>(trained.matched.candidate[0]), "index");
  result.add("latent.step", static_cast<double>(trained.matched.candidate[1]), "index");
  result.add("density", trained.density, "share");
  result.add("density.matched", trained.matched_density, "share");
  result.add("density.sine", trained.sine_density, "share");
  result.add("redundancy", trained.redundancy);
}

std::span<const double> column(const Matrix& matrix, Eigen::Index index, std::vector<double>& values) {
  values.assign(matrix.col(index).begin(), matrix.col(index).end());
  return values;
}

double column_r(const Matrix& matrix) {
  std::vector<double> first;
  std::vector<double> second;
  return pearson(column(matrix, 0, first), column(matrix, 1, second));
}

/// The channels' correlation beside the sources' own; and what half a sine is worth: a latent that passes only the
/// upper half of the sine, and is silent for the other, cannot match it better.
void add_source_figures(const Data& data, ExperimentResult& result) {
  result.add("manifest_r", column_r(data.channels));
  result.add_control("unmixed", "manifest_r", {column_r(data.sources)});
  std::vector<double> sine;
  column(data.sources, 0, sine);
  std::vector<double> half;
  for (double value : sine) half.push_back(std::max(value - 1, 0.0));
  result.add("half_wave_r", pearson(half, sine));
}

void add_baselines(const Data& data, std::uint64_t seed, ExperimentResult& result) {
  const Pca components = pca(data.channels);
  const Matrix projected = (data.channels.rowwise() - components.mean.transpose()) * components.components;
  const FastIca ica = fast_ica(data.channels, seed, kIcaStream);
  for (const auto& [name, signals] : {std::pair{"pca", &projected}, {"fast_ica", &ica.sources}}) {
    if (signals->cols() < 2) continue;
    const Match found = match(*signals, data.sources, true);
    result.add_control(name, "best_r.sine", {found.r[0]});
    result.add_control(name, "best_r.step", {found.r[1]});
    result.add_control(name, "best_r.lower", {std::min(found.r[0], found.r[1])});
  }
}

/// One variant of the sweep beside the full one.
void add_variant(const std::string& name, const std::vector<Outcome>& outcomes, ExperimentResult& result) {
  result.add_control(name, "best_r.sine", each(outcomes, [](const Outcome& o) { return o.matched.r[0]; }));
  result.add_control(name, "best_r.step", each(outcomes, [](const Outcome& o) { return o.matched.r[1]; }));
  result.add_control(name, "best_r.lower",
                     each(outcomes, [](const Outcome& o) { return *std::ranges::min_element(o.matched.r); }));
  result.add_control(name, "redundancy", each(outcomes, [](const Outcome& o) { return o.redundancy; }));
  result.add_control(name, "density", each(outcomes, [](const Outcome& o) { return o.density; }));
  result.add_control(name, "density.sine", each(outcomes, [](const Outcome& o) { return o.sine_density; }));
  result.add("pass_share." + name, share_that_passes(outcomes), "share");
  result.add("redundancy." + name, mean(each(outcomes, [](const Outcome& o) { return o.redundancy; })));
  result.add("density." + name, mean(each(outcomes, [](const Outcome& o) { return o.density; })), "share");
}

/// How much the mean redundancy rises, at the least, when one penalty is off; beside it, what it would be if the
/// penalties made no difference: the three networks of a seed change places at random.
void add_redundancy_rise(std::array<std::vector<double>, 3> by_variant, std::uint64_t seed, ExperimentResult& result) {
  const auto rise = [](const std::array<std::vector<double>, 3>& values) {
    return std::min(mean(values[1]), mean(values[2])) - mean(values[0]);
  };
  result.add("redundancy.rise", rise(by_variant));
  std::vector<double> null;
  for (std::size_t shuffle = 0; shuffle < kVariantShuffles; ++shuffle) {
    std::array<std::vector<double>, 3> shuffled = by_variant;
    for (std::size_t i = 0; i < by_variant[0].size(); ++i) {
      const std::size_t stream = shuffle * by_variant[0].size() + i;
      const std::vector<std::size_t> order = permutation(3, seed, kVariantStream + stream);
      for (std::size_t v = 0; v < 3; ++v) shuffled[v][i] = by_variant[order[v]][i];
    }
    null.push_back(rise(shuffled));
  }
  result.add_control("variant_shuffle", "redundancy.rise", std::move(null));
}

/// A training on channels of which the second has lost its order: their values are the same, their sources are gone.
void add_shuffled_channels(const SparseAutoencoderOptions& options, const Parameters& p, const Data& data,
                           ExperimentContext& context, ExperimentResult& result) {
  Data shuffled{data.sources, data.channels, Tensor()};
  const auto n = static_cast<std::size_t>(data.channels.rows());
  const std::vector<std::size_t> order = permutation(n, context.seed, kChannelStream);
  for (std::size_t i = 0; i < n; ++i) {
    shuffled.channels(static_cast<Eigen::Index>(i), 1) = data.channels(static_cast<Eigen::Index>(order[i]), 1);
  }
  shuffled.samples = to_tensor(shuffled.channels);
  const Outcome trained = train(options, initial_weights(options, context.seed, 0), p, shuffled, *context.pool,
                                [&](const SparseAutoencoderLoss&) {
                                  context.progress(0);
                                  return true;
                                });
  result.add_control("shuffled_channels", "mse.ratio", {trained.reconstruction.back() / trained.reconstruction.front()},
                     "share");
  result.add_control("shuffled_channels", "l1.rises_then_falls", {rises_then_falls(trained.l1) ? 1.0 : 0.0});
}

/// One penalty from none to strong, the other as it is: what it buys, and what it costs in the match.
void add_grid(Sweep& sweep, const std::string& name, const SparseAutoencoderOptions& options,
              double SparseAutoencoderOptions::* weight, std::span<const double> grid, std::size_t n_networks,
              ExperimentResult& result) {
  std::map<std::string, std::vector<double>> series;
  for (const double value : grid) {
    SparseAutoencoderOptions variant = options;
    variant.*weight = value;
    const std::vector<Outcome> outcomes = sweep.run(variant, n_networks);
    series["best_r.sine"].push_back(mean(each(outcomes, [](const Outcome& o) { return o.matched.r[0]; })));
    series["best_r.step"].push_back(mean(each(outcomes, [](const Outcome& o) { return o.matched.r[1]; })));
    series["density"].push_back(mean(each(outcomes, [](const Outcome& o) { return o.density; })));
    series["redundancy"].push_back(mean(each(outcomes, [](const Outcome& o) { return o.redundancy; })));
    series["mse"].push_back(mean(each(outcomes, [](const Outcome& o) { return o.reconstruction.back(); })));
    series["pass_share"].push_back(share_that_passes(outcomes));
  }
  result.add_series(name + ".weight", {grid.begin(), grid.end()});
  for (auto& [figure, values] : series) result.add_series(name + "." + figure, std::move(values));
}

void run_sweep(const SparseAutoencoderOptions& options, const Parameters& p, const Data& data,
               ExperimentContext& context, ExperimentResult& result) {
  std::vector<Outcome> chance;
  for (std::size_t i = 0; i < p.count("n_seeds"); ++i) {
    chance.push_back(untrained(options, p, data, context.seed, i, *context.pool));
  }
  add_variant("untrained", chance, result);

  SparseAutoencoderOptions no_l1 = options;
  no_l1.l1_weight = 0;
  SparseAutoencoderOptions no_decorrelation = options;
  no_decorrelation.decorrelation_weight = 0;
  SparseAutoencoderOptions neither = no_l1;
  neither.decorrelation_weight = 0;
  const std::size_t n_seeds = p.count("n_seeds");
  const std::size_t n_grid = p.count("n_grid_seeds");
  Sweep sweep(p, data, context, 4 * n_seeds + (kL1Grid.size() + kDecorrelationGrid.size()) * n_grid);
  const std::vector<Outcome> full = sweep.run(options, n_seeds);
  add_variant("trained", full, result);
  add_variant("no_l1", sweep.run(no_l1, n_seeds), result);
  add_variant("no_decorrelation", sweep.run(no_decorrelation, n_seeds), result);
  add_variant("no_penalty", sweep.run(neither, n_seeds), result);
  if (n_grid > 0) {
    add_grid(sweep, "l1_grid", options, &SparseAutoencoderOptions::l1_weight, kL1Grid, n_grid, result);
    add_grid(sweep, "decorrelation_grid", options, &SparseAutoencoderOptions::decorrelation_weight, kDecorrelationGrid,
             n_grid, result);
  }

  const auto redundancy = [&](const char* variant) { return result.find_control(variant, "redundancy")->values; };
  add_redundancy_rise({redundancy("trained"), redundancy("no_l1"), redundancy("no_decorrelation")}, context.seed,
                      result);
  const std::vector<double> step_r = each(full, [](const Outcome& o) { return o.matched.r[1]; });
  result.add("best_r.step.lowest", *std::ranges::min_element(step_r));
  result.add_control("untrained", "best_r.step.lowest",
                     {*std::ranges::min_element(result.find_control("untrained", "best_r.step")->values)});
  result.add_control("untrained", "pass_share.trained",
                     each(chance, [](const Outcome& o) { return o.matched.passes() ? 1.0 : 0.0; }), "share");
}

/// The network that is shown: from the given initial values, or the first of the sweep's.
Outcome train_shown(const SparseAutoencoderOptions& options, const Parameters& p, const Data& data,
                    ExperimentContext& context, ExperimentResult& result) {
  SparseAutoencoderWeights weights = initial_weights(options, context.seed, 0);
  const auto given = [&](const char* name, Tensor& part) {
    part = initial_value(name, std::move(part), context, p, result);
  };
  given("encoder", weights.encoder);
  given("encoder_bias", weights.encoder_bias);
  given("decoder", weights.decoder);
  given("decoder_bias", weights.decoder_bias);
  double epoch = 0;
  return train(options, std::move(weights), p, data, *context.pool, [&](const SparseAutoencoderLoss& loss) {
    context.progress(0);
    context.observe("loss.mse", epoch, loss.reconstruction);
    context.observe("loss.l1", epoch, loss.l1);
    context.observe("loss.decorrelation", epoch, loss.decorrelation);
    epoch += 1;
    return true;
  });
}

void run(const Parameters& p, ExperimentContext& context, ExperimentResult& result) {
  const Data data = make_data(p, context.seed);
  add_source_figures(data, result);
  const SparseAutoencoderOptions options = options_of(p);
  const Outcome trained = train_shown(options, p, data, context, result);
  add_outcome(trained, result);
  add_loss_figures(trained, result);
  add_shuffled_channels(options, p, data, context, result);
  add_baselines(data, context.seed, result);
  run_sweep(options, p, data, context, result);
  result.arrays["sources"] = to_tensor(data.sources);
  result.arrays["channels"] = data.samples.clone();
  result.arrays["latents"] = to_tensor(trained.latents);
}

std::vector<ParameterSpec> parameters() {
  std::vector<ParameterSpec> specs = {
      integer_parameter("n_samples", 3000, 50, 100000, "samples", "Length of the two signals."),
      real_parameter("periods", 7, 0.5, 1000, "periods",
                     "Of the sine; the step has three times as many. The document gives none: the notebook's."),
      choice_parameter("step", "two_levels", {"two_levels", "sign", "three_levels"},
                       "The second source: 0 and 2; the same by a sign, 1 where that is 0, as the notebook; or 0, 1 "
                       "and 2 for a third of the period each (SAE1-E02)."),
      real_parameter("mixing_11", 1.0, -10, 10, "",
                     "Sine into channel 1. The document gives no matrix: the notebook's."),
      real_parameter("mixing_12", 0.4, -10, 10, "", "Sine into channel 2."),
      real_parameter("mixing_21", 0.6, -10, 10, "", "Step into channel 1."),
      real_parameter("mixing_22", 1.0, -10, 10, "", "Step into channel 2."),
      real_parameter("noise", 0.0, 0, 10, "", "Standard deviation of the noise added to the channels."),
      integer_parameter("n_latents", 20, 2, 2000, "latents", "Latent units."),
      choice_parameter("activation", "relu", {"relu", "gelu", "linear"},
                       "Of the latents. The document names none: the notebook's is GELU."),
      boolean_parameter("tied", false, "Whether the decoder is the encoder's transpose."),
      real_parameter("l1_weight", 0.1, 0, 100, "", "Times mean |z|."),
      real_parameter("decorrelation_weight", 1.0, 0, 100, "",
                     "Times the squared off-diagonal covariances of the latents."),
      boolean_parameter("mean_decorrelation", true, "Their mean over pairs, instead of their sum."),
      boolean_parameter("unit_norm_decoder", true, "Keeps each latent's decoder row at length 1 (SAE1-E04)."),
      real_parameter("learning_rate", 0.007, 0, 1, "", "Adam's."),
      integer_parameter("epochs", 600, 1, 20000, "epochs", "Full-batch steps."),
      choice_parameter("matching", "one_to_one", {"one_to_one", "best"}, "Whether a latent may match both sources."),
      integer_parameter("n_seeds", 24, 1, 1000, "networks", "Of each variant in the sweep."),
      integer_parameter("n_grid_seeds", 6, 0, 1000, "networks",
                        "At each weight of a penalty, from none to strong, for both in turn; 0: no such sweeps."),
      keep_initial_parameter(),
  };
  const auto by_protocol = [&](const char* name, ParameterValue notebook, ParameterValue document) {
    for (ParameterSpec& spec : specs) {
      if (spec.name == name) spec.by_protocol = {{"notebook", notebook}, {"document", document}};
    }
  };
  by_protocol("step", "sign", "two_levels");
  by_protocol("activation", "gelu", "gelu");
  by_protocol("l1_weight", 1.0, 1.0);
  by_protocol("decorrelation_weight", 0.0, 1.0);
  by_protocol("mean_decorrelation", false, false);
  by_protocol("unit_norm_decoder", false, false);
  by_protocol("learning_rate", 0.0007, 0.007);
  by_protocol("matching", "best", "best");
  return specs;
}

}  // namespace

extern const Experiment sae_simulation_experiment{"sae-simulation",
                                                  "01-sae-mo-phong",
                                                  false,
                                                  parameters(),
                                                  run,
                                                  {"encoder", "encoder_bias", "decoder", "decoder_bias"}};

}  // namespace soi
