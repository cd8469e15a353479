// Lesson 1: does a sparse autoencoder recover two mixed sources, and does it do better than chance?
//
// 1. Two sources, a sine and a step, are mixed into two channels.
// 2. An autoencoder with more latents than channels is trained on the channels alone.
// 3. Each source is matched with the latent that correlates best with it.
// 4. The same is asked of networks that were never trained, of PCA, of FastICA, and with each penalty off.

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <numeric>
#include <thread>
#include <utility>

#include "core/analysis/correlation.h"
#include "core/analysis/descriptive.h"
#include "core/analysis/fast_ica.h"
#include "core/analysis/pca.h"
#include "core/analysis/sparse_autoencoder.h"
#include "core/experiments/all.h"
#include "core/experiments/initial_values.h"
#include "core/kernels/random.h"

namespace soi {
namespace {

constexpr double kPass = 0.95;  // SAE1-20: "at least 95 % agreement"
constexpr std::uint64_t kNoiseStream = 1u << 20;
constexpr std::uint64_t kIcaStream = kNoiseStream + 1;

struct Data {
  Matrix sources;   // [n, 2]: sine, step
  Matrix channels;  // [n, 2]: sources times the mixing matrix, plus noise
  Tensor samples;   // the same in float32
};

double step_source(double phase, bool three_levels) {
  if (!three_levels) return std::sin(phase) > 0 ? 2.0 : 0.0;
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
    data.sources(i, 1) = step_source(3 * t, p.text("step") == "three_levels");
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
  Sweep(const Parameters& p, const Data& data, ExperimentContext& context, std::size_t n_variants)
      : p_(p), data_(data), context_(context), n_epochs_(n_variants * p.count("n_seeds") * p.count("epochs")) {}

  std::vector<Outcome> run(const SparseAutoencoderOptions& options) {
    std::vector<Outcome> outcomes(p_.count("n_seeds"));
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

void add_loss_figures(const Outcome& trained, ExperimentResult& result) {
  const auto& mse = trained.reconstruction;
  const auto& l1 = trained.l1;
  result.add("mse.first", mse.front());
  result.add("mse.last", mse.back());
  result.add("mse.ratio", mse.back() / mse.front(), "share");
  result.add("l1.first", l1.front());
  result.add("l1.highest", *std::ranges::max_element(l1));
  result.add("l1.last", l1.back());
  // "First rises": the highest value comes after the start, before the middle, and lies above the first by more than 1
  // %.
  const auto peak = static_cast<std::size_t>(std::ranges::max_element(l1) - l1.begin());
  const bool rises = peak > 0 && peak < l1.size() / 2 && l1[peak] > 1.01 * l1.front();
  const bool falls = l1.back() < 0.5 * l1[peak];
  result.add("l1.rises_then_falls", rises && falls ? 1 : 0, "yes or no");
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
  result.add("redundancy", trained.redundancy);
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
  result.add("pass_share." + name, share_that_passes(outcomes), "share");
  result.add("redundancy." + name, mean(each(outcomes, [](const Outcome& o) { return o.redundancy; })));
  result.add("density." + name, mean(each(outcomes, [](const Outcome& o) { return o.density; })), "share");
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
  Sweep sweep(p, data, context, 4);
  const std::vector<Outcome> full = sweep.run(options);
  add_variant("trained", full, result);
  add_variant("no_l1", sweep.run(no_l1), result);
  add_variant("no_decorrelation", sweep.run(no_decorrelation), result);
  add_variant("no_penalty", sweep.run(neither), result);

  const double with_one_off = std::min(result.find_figure("redundancy.no_l1")->values[0],
                                       result.find_figure("redundancy.no_decorrelation")->values[0]);
  result.add("redundancy.rise", with_one_off - result.find_figure("redundancy.trained")->values[0]);
  const std::vector<double> step_r = each(full, [](const Outcome& o) { return o.matched.r[1]; });
  result.add("best_r.step.lowest", *std::ranges::min_element(step_r));
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
  result.add("manifest_r", pearson(std::vector<double>(data.channels.col(0).begin(), data.channels.col(0).end()),
                                   std::vector<double>(data.channels.col(1).begin(), data.channels.col(1).end())));
  const SparseAutoencoderOptions options = options_of(p);
  const Outcome trained = train_shown(options, p, data, context, result);
  add_outcome(trained, result);
  add_loss_figures(trained, result);
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
      choice_parameter("step", "two_levels", {"two_levels", "three_levels"},
                       "The second source: 0 and 2, or 0, 1 and 2 (SAE1-E02)."),
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
      keep_initial_parameter(),
  };
  const auto by_protocol = [&](const char* name, ParameterValue notebook, ParameterValue document) {
    for (ParameterSpec& spec : specs) {
      if (spec.name == name) spec.by_protocol = {{"notebook", notebook}, {"document", document}};
    }
  };
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
