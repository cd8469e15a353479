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
#include <map>
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
#include "core/experiments/mixed_sources.h"
#include "core/experiments/sae_simulation_parameters.h"
#include "core/experiments/source_recovery.h"
#include "core/experiments/task_loop.h"

namespace soi {
namespace {

// Streams of the generator, after that of the channels' noise.
constexpr std::uint64_t kIcaStream = kNoiseStream + 1;
constexpr std::uint64_t kChannelStream = kNoiseStream + 2;
constexpr std::uint64_t kVariantStream = kNoiseStream + 3;
constexpr std::size_t kVariantShuffles = 400;
constexpr std::array kL1Grid = {0.0, 0.03, 0.1, 0.3, 1.0, 3.0};
constexpr std::array kDecorrelationGrid = {0.0, 0.1, 1.0, 10.0, 100.0};

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

template <typename Get>
std::vector<double> each(const std::vector<Recovery>& outcomes, const Get& get) {
  std::vector<double> values;
  for (const Recovery& outcome : outcomes) values.push_back(get(outcome));
  return values;
}

/// The trainings of all variants over all seeds, side by side.
class Sweep {
 public:
  Sweep(const Parameters& p, const MixedSources& data, ExperimentContext& context, std::size_t n_trainings)
      : p_(p), data_(data), context_(context), n_epochs_(n_trainings * p.count("epochs")) {}

  std::vector<Recovery> run(const SparseAutoencoderOptions& options, std::size_t n_trainings) {
    std::vector<Recovery> outcomes(n_trainings);
    const auto train = [&](std::size_t i) {
      outcomes[i] = train_recovery(options, initial_weights(options, context_.seed, i), p_, data_, *context_.pool,
                                   [&](const SparseAutoencoderLoss&) { return report_epoch(); });
      outcomes[i].latents.resize(0, 0);  // only the figures are kept
    };
    // Between batches others, whose loops wait for the pool, get their turn.
    run_tasks(*context_.pool, n_trainings, train, [](double) {});
    return outcomes;
  }

 private:
  /// False to stop. Only the calling thread, which takes tasks like the others, reports; what its caller throws comes
  /// out of `run_tasks` once the other trainings of the batch have seen the flag.
  bool report_epoch() {
    const std::size_t done = ++epochs_done_;
    if (std::this_thread::get_id() == caller_ && !stopped_) {
      try {
        context_.progress(static_cast<double>(done) / static_cast<double>(n_epochs_));
      } catch (...) {
        stopped_ = true;
        throw;
      }
    }
    return !stopped_;
  }

  const Parameters& p_;
  const MixedSources& data_;
  ExperimentContext& context_;
  std::size_t n_epochs_;
  std::thread::id caller_ = std::this_thread::get_id();
  std::atomic<std::size_t> epochs_done_{0};
  std::atomic<bool> stopped_{false};
};

double share_that_passes(const std::vector<Recovery>& outcomes) {
  return mean(each(outcomes, [](const Recovery& o) { return o.matched.passes() ? 1.0 : 0.0; }));
}

/// "First rises": the highest value comes after the start, before the middle, and lies above the first by more than 1
/// %.
bool rises_then_falls(const std::vector<double>& l1) {
  const auto peak = static_cast<std::size_t>(std::ranges::max_element(l1) - l1.begin());
  const bool rises = peak > 0 && peak < l1.size() / 2 && l1[peak] > 1.01 * l1.front();
  return rises && l1.back() < 0.5 * l1[peak];
}

void add_loss_figures(const Recovery& trained, ExperimentResult& result) {
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
    if (std::isnan(trace->front())) continue;  // not computed: its weight is 0
    const std::vector<float> values(trace->begin(), trace->end());
    result.arrays[name] = Tensor::from_values({values.size()}, values);
  }
}

void add_outcome(const Recovery& trained, ExperimentResult& result) {
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
void add_source_figures(const MixedSources& data, ExperimentResult& result) {
  result.add("manifest_r", column_r(data.channels));
  result.add_control("unmixed", "manifest_r", {column_r(data.sources)});
  std::vector<double> sine;
  column(data.sources, 0, sine);
  std::vector<double> half;
  for (double value : sine) half.push_back(std::max(value - 1, 0.0));
  result.add("half_wave_r", pearson(half, sine));
}

void add_baselines(const MixedSources& data, std::uint64_t seed, ExperimentResult& result) {
  const Pca components = pca(data.channels);
  const Matrix projected = (data.channels.rowwise() - components.mean.transpose()) * components.components;
  const FastIca ica = fast_ica(data.channels, seed, kIcaStream);
  for (const auto& [name, signals] : {std::pair{"pca", &projected}, {"fast_ica", &ica.sources}}) {
    if (signals->cols() < 2) continue;
    const SourceMatch found = match_sources(*signals, data.sources, true);
    result.add_control(name, "best_r.sine", {found.r[0]});
    result.add_control(name, "best_r.step", {found.r[1]});
    result.add_control(name, "best_r.lower", {std::min(found.r[0], found.r[1])});
  }
}

/// One variant of the sweep beside the full one.
void add_variant(const std::string& name, const std::vector<Recovery>& outcomes, ExperimentResult& result) {
  result.add_control(name, "best_r.sine", each(outcomes, [](const Recovery& o) { return o.matched.r[0]; }));
  result.add_control(name, "best_r.step", each(outcomes, [](const Recovery& o) { return o.matched.r[1]; }));
  result.add_control(name, "best_r.lower",
                     each(outcomes, [](const Recovery& o) { return *std::ranges::min_element(o.matched.r); }));
  result.add_control(name, "redundancy", each(outcomes, [](const Recovery& o) { return o.redundancy; }));
  result.add_control(name, "density", each(outcomes, [](const Recovery& o) { return o.density; }));
  result.add_control(name, "density.sine", each(outcomes, [](const Recovery& o) { return o.sine_density; }));
  result.add("pass_share." + name, share_that_passes(outcomes), "share");
  result.add("redundancy." + name, mean(each(outcomes, [](const Recovery& o) { return o.redundancy; })));
  result.add("density." + name, mean(each(outcomes, [](const Recovery& o) { return o.density; })), "share");
}

/// How much the mean redundancy rises, at the least, when one penalty is off; beside it, what it would be if the
/// penalties made no difference: the three networks of a seed change places at random. NaN where one is off already.
void add_redundancy_rise(std::array<std::vector<double>, 3> by_variant, bool has_both, std::uint64_t seed,
                         ExperimentResult& result) {
  const auto rise = [has_both](const std::array<std::vector<double>, 3>& values) {
    return has_both ? std::min(mean(values[1]), mean(values[2])) - mean(values[0]) : std::nan("");
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
void add_shuffled_channels(const SparseAutoencoderOptions& options, const Parameters& p, const MixedSources& data,
                           ExperimentContext& context, ExperimentResult& result) {
  MixedSources shuffled{data.sources, data.channels, Tensor()};
  const auto n = static_cast<std::size_t>(data.channels.rows());
  const std::vector<std::size_t> order = permutation(n, context.seed, kChannelStream);
  for (std::size_t i = 0; i < n; ++i) {
    shuffled.channels(static_cast<Eigen::Index>(i), 1) = data.channels(static_cast<Eigen::Index>(order[i]), 1);
  }
  shuffled.samples = to_tensor(shuffled.channels);
  const Recovery trained = train_recovery(options, initial_weights(options, context.seed, 0), p, shuffled,
                                          *context.pool, [&](const SparseAutoencoderLoss&) {
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
    const std::vector<Recovery> outcomes = sweep.run(variant, n_networks);
    series["best_r.sine"].push_back(mean(each(outcomes, [](const Recovery& o) { return o.matched.r[0]; })));
    series["best_r.step"].push_back(mean(each(outcomes, [](const Recovery& o) { return o.matched.r[1]; })));
    series["density"].push_back(mean(each(outcomes, [](const Recovery& o) { return o.density; })));
    series["redundancy"].push_back(mean(each(outcomes, [](const Recovery& o) { return o.redundancy; })));
    series["mse"].push_back(mean(each(outcomes, [](const Recovery& o) { return o.reconstruction.back(); })));
    series["pass_share"].push_back(share_that_passes(outcomes));
  }
  result.add_series(name + ".weight", {grid.begin(), grid.end()});
  for (auto& [figure, values] : series) result.add_series(name + "." + figure, std::move(values));
}

void run_sweep(const SparseAutoencoderOptions& options, const Parameters& p, const MixedSources& data,
               ExperimentContext& context, ExperimentResult& result) {
  std::vector<Recovery> chance;
  for (std::size_t i = 0; i < p.count("n_seeds"); ++i) {
    context.progress(0);
    chance.push_back(untrained_recovery(options, p, data, context.seed, i, *context.pool));
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
  const std::vector<Recovery> full = sweep.run(options, n_seeds);
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
  add_redundancy_rise({redundancy("trained"), redundancy("no_l1"), redundancy("no_decorrelation")},
                      options.l1_weight > 0 && options.decorrelation_weight > 0, context.seed, result);
  const std::vector<double> step_r = each(full, [](const Recovery& o) { return o.matched.r[1]; });
  result.add("best_r.step.lowest", *std::ranges::min_element(step_r));
  result.add_control("untrained", "best_r.step.lowest",
                     {*std::ranges::min_element(result.find_control("untrained", "best_r.step")->values)});
  result.add_control("untrained", "pass_share.trained",
                     each(chance, [](const Recovery& o) { return o.matched.passes() ? 1.0 : 0.0; }), "share");
}

/// The network that is shown: from the given initial values, or the first of the sweep's.
Recovery train_shown(const SparseAutoencoderOptions& options, const Parameters& p, const MixedSources& data,
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
  return train_recovery(options, std::move(weights), p, data, *context.pool, [&](const SparseAutoencoderLoss& loss) {
    context.progress(0);
    context.observe("loss.mse", epoch, loss.reconstruction);
    context.observe("loss.l1", epoch, loss.l1);
    if (options.decorrelation_weight != 0) context.observe("loss.decorrelation", epoch, loss.decorrelation);
    epoch += 1;
    return true;
  });
}

void run(const Parameters& p, ExperimentContext& context, ExperimentResult& result) {
  const MixedSources data = mix_sources(p, context.seed);
  add_source_figures(data, result);
  const SparseAutoencoderOptions options = options_of(p);
  const Recovery trained = train_shown(options, p, data, context, result);
  add_outcome(trained, result);
  add_loss_figures(trained, result);
  add_shuffled_channels(options, p, data, context, result);
  add_baselines(data, context.seed, result);
  run_sweep(options, p, data, context, result);
  result.arrays["sources"] = to_tensor(data.sources);
  result.arrays["channels"] = data.samples.clone();
  result.arrays["latents"] = to_tensor(trained.latents);
}

}  // namespace

extern const Experiment sae_simulation_experiment{"sae-simulation",
                                                  "01-sae-mo-phong",
                                                  false,
                                                  sae_simulation_parameters(),
                                                  run,
                                                  {"encoder", "encoder_bias", "decoder", "decoder_bias"}};

}  // namespace soi
