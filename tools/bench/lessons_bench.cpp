// What the lessons' experiments take, on GPT-2 small's shape: one training of the simulation, an epoch and a training
// of the autoencoder on 220 tokens, a step of the ascent, and whole experiments with their controls. The weights are
// random: time does not depend on them. torch_peer.py measures the same work in PyTorch, under the same names.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/analysis/activation_maximization.h"
#include "core/analysis/sparse_autoencoder.h"
#include "core/experiments/experiment.h"
#include "core/kernels/random.h"
#include "tools/bench/measure.h"
#include "tools/bench/small_checkpoint.h"

namespace soi::bench {
namespace {

constexpr double kMilli = 1e3;
constexpr std::size_t kTokens = 220;
constexpr std::size_t kLatents = 6144;

Tensor random_samples(std::size_t n, std::size_t width) {
  Tensor samples = Tensor::uninitialized({n, width});
  for (std::size_t i = 0; i < samples.size(); ++i) samples.data()[i] = normal(1, 3, i);
  return samples;
}

/// Milliseconds, however long one call takes: at least `n_samples` of them.
std::vector<double> milliseconds(const std::function<void()>& body, std::size_t n_samples, double seconds) {
  std::vector<double> samples = measure(body, {.seconds = seconds, .warm_up_seconds = 0, .min_samples = n_samples});
  for (double& sample : samples) sample *= kMilli;
  return samples;
}

void train(const SparseAutoencoderOptions& options, double learning_rate, const Tensor& x, std::size_t n_epochs,
           ThreadPool& pool) {
  SparseAutoencoder network(options, initial_weights(options, 1, 0));
  SparseAutoencoderTrainer trainer(network, {.learning_rate = learning_rate});
  for (std::size_t epoch = 0; epoch < n_epochs; ++epoch) keep(trainer.step(x.matrix(), pool));
}

/// 3000 samples of two channels, 20 latents, 600 full-batch steps, both penalties.
void bench_simulation(ThreadPool& pool) {
  SparseAutoencoderOptions options{.n_inputs = 2, .n_latents = 20};
  options.l1_weight = 0.1;
  options.decorrelation_weight = 1.0;
  options.mean_decorrelation = true;
  options.unit_norm_decoder = true;
  const Tensor x = random_samples(3000, 2);
  report("lesson.sae_simulation.training", milliseconds([&] { train(options, 0.007, x, 600, pool); }, 3, 1), "ms",
         pool.n_threads());
}

/// Half of the latents, as the document has it, or 32 of them, which the sparse path exploits.
void bench_palinka(const std::string& name, std::size_t width, std::size_t top_k, bool whole, ThreadPool& pool) {
  SparseAutoencoderOptions options{.n_inputs = width, .n_latents = kLatents, .tied = true};
  options.top_k = top_k;
  const Tensor x = random_samples(kTokens, width);
  SparseAutoencoder network(options, initial_weights(options, 1, 0));
  SparseAutoencoderTrainer trainer(network, {.learning_rate = 1e-4});
  report("lesson.sae_palinka." + name + ".epoch", milliseconds([&] { keep(trainer.step(x.matrix(), pool)); }, 5, 2),
         "ms", pool.n_threads());
  if (!whole) return;
  report("lesson.sae_palinka." + name + ".100_epochs", milliseconds([&] { train(options, 1e-4, x, 100, pool); }, 1, 0),
         "ms", pool.n_threads());
}

/// A step: forward, backward and Adam for each start, of 5 tokens to the end of block 3.
void bench_ascent(const Gpt2& model, std::size_t n_starts) {
  constexpr std::size_t kSteps = 20;
  ActivationMaximizationOptions options;
  options.hook = {HookPoint::resid_post, 3};
  options.dimension = 90;
  options.n_steps = kSteps;
  options.adam.learning_rate = 0.001;
  std::vector<double> samples = milliseconds(
      [&] {
        std::vector<Tensor> starts;
        for (std::size_t start = 0; start < n_starts; ++start) starts.push_back(random_samples(5, 768));
        keep(maximize_activation(model, std::move(starts), options, {}, [](std::size_t, const auto&) {}));
      },
      3, 2);
  for (double& sample : samples) sample /= kSteps;
  report("lesson.ascent.step." + std::to_string(n_starts) + (n_starts == 1 ? "_start" : "_starts"), samples, "ms",
         model.pool().n_threads());
}

using Settings = std::vector<std::pair<std::string, std::string>>;

void bench_experiment(const std::string& name, const std::string& figure, const Settings& settings, const Gpt2& model) {
  ExperimentContext context;
  context.model = &model;
  context.pool = &model.pool();
  const double start = now();
  keep(run_experiment(find_experiment(name), "corrected", settings, context));
  report("lesson." + name + "." + figure, {now() - start}, "s", model.pool().n_threads());
}

void run(const std::string& section) {
  const bool all = section.empty();
  std::shared_ptr<WeightSource> weights;
  if (all || section != "autoencoders") weights = load_resident(SmallCheckpoint(), {});
  for (int n_threads : thread_counts()) {
    const auto pool = std::make_shared<ThreadPool>(n_threads);
    if (all || section == "autoencoders") {
      bench_simulation(*pool);
      bench_palinka("dense_768", 768, kLatents / 2, true, *pool);
      bench_palinka("sparse_768", 768, 32, true, *pool);
      bench_palinka("dense_3072", 3072, kLatents / 2, false, *pool);
      bench_palinka("sparse_3072", 3072, 32, false, *pool);
    }
    if (weights == nullptr) continue;
    const Gpt2 model(weights, pool);
    if (all || section == "ascent") {
      bench_ascent(model, 1);
      bench_ascent(model, 4);
    }
    if (n_threads != thread_counts().back()) continue;  // minutes each
    // Whole: with all controls, as by default. Small: with those of the page's Python, and what cannot be left out.
    for (const auto& [name, small] : {std::pair<std::string, Settings>{"ged-him-her", {{"sweep", "false"}}},
                                      {"subspace-removal", {{"n_random", "1"}, {"n_permutations", "1"}}}}) {
      if (!all && section != name) continue;
      bench_experiment(name, "whole", {}, model);
      bench_experiment(name, "small", small, model);
    }
  }
}

}  // namespace
}  // namespace soi::bench

int main(int argc, char** argv) { soi::bench::run(argc > 1 ? argv[1] : ""); }
