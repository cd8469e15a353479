#include "core/experiments/sae_palinka_network.h"

#include <algorithm>
#include <cmath>

#include "core/analysis/latent_statistics.h"

namespace soi {
namespace {

constexpr std::size_t kPairs = 2000;             // of latents whose correlation is taken
constexpr std::uint64_t kPairStream = 1u << 21;  // the same pairs for every network
constexpr std::size_t kLatentsOfTheWidth = 8;    // 6144 / 768

std::size_t top_k_of(const Parameters& p, std::size_t n_inputs, std::size_t n_latents) {
  if (p.count("top_k") > 0) return p.count("top_k");
  const double width = static_cast<double>(p.text("top_k_of") == "inputs" ? n_inputs : n_latents);
  // A third of 3072 is 1024, whatever the rounding of 1 / 3.
  return std::max<std::size_t>(1, static_cast<std::size_t>(std::floor(p.real("top_k_share") * width * (1 + 1e-12))));
}

/// Share of the rows where more latents are positive than Top-K keeps, and the share of latents that are positive.
std::pair<double, double> before_top_k(const SparseAutoencoder& model, ConstMatrixView x, ThreadPool& pool) {
  SparseAutoencoderOptions uncut = model.options();
  uncut.top_k = 0;
  const Tensor z = SparseAutoencoder(uncut, model.weights().clone()).encode(x, pool);
  const std::vector<double> counts = active_counts(z.matrix());
  double n_cut = 0;
  double n_positive = 0;
  for (double count : counts) {
    n_cut += model.options().top_k > 0 && count > static_cast<double>(model.options().top_k) ? 1 : 0;
    n_positive += count;
  }
  return {n_cut / static_cast<double>(counts.size()), n_positive / static_cast<double>(z.size())};
}

}  // namespace

ConstMatrixView rows_from(const Tensor& tensor, std::size_t first) {
  ConstMatrixView rows = tensor.matrix();
  rows.data += first * rows.stride;
  rows.n_rows -= first;
  return rows;
}

SparseAutoencoderOptions palinka_options(const Parameters& p, std::size_t n_inputs, std::size_t d_model) {
  SparseAutoencoderOptions options;
  options.n_inputs = n_inputs;
  options.n_latents = p.count("n_latents") > 0 ? p.count("n_latents") : kLatentsOfTheWidth * d_model;
  options.tied = p.boolean("tied");
  options.biases = p.boolean("biases");
  options.top_k = top_k_of(p, n_inputs, options.n_latents);
  options.l1_weight = p.real("l1_weight");
  options.decorrelation_weight = p.real("decorrelation_weight");
  return options;
}

PalinkaNetwork train_palinka(const SparseAutoencoderOptions& options, SparseAutoencoderWeights weights,
                             ConstMatrixView x, const Parameters& p, ExperimentContext& context,
                             const std::string& suffix, const std::function<void(double)>& progress) {
  PalinkaNetwork network{SparseAutoencoder(options, std::move(weights)), {}};
  SparseAutoencoderTrainer trainer(network.model, {.learning_rate = p.real("learning_rate")});
  const auto n_epochs = static_cast<double>(p.count("epochs"));
  for (std::size_t epoch = 0; epoch < p.count("epochs"); ++epoch) {
    const double done = static_cast<double>(epoch) / n_epochs;
    const SparseAutoencoderLoss loss = trainer.step(x, *context.pool, [&] { progress(done); });
    network.losses.push_back(loss);
    context.observe("loss.mse" + suffix, static_cast<double>(epoch), loss.reconstruction);
    context.observe("loss.l1" + suffix, static_cast<double>(epoch), loss.l1);
    if (options.decorrelation_weight != 0) {
      context.observe("loss.decorrelation" + suffix, static_cast<double>(epoch), loss.decorrelation);
    }
  }
  progress(1);
  return network;
}

std::vector<Measure> measure_network(const SparseAutoencoder& model, const PalinkaActivations& activations,
                                     std::size_t first_used, ExperimentContext& context) {
  ThreadPool& pool = *context.pool;
  const ConstMatrixView x = rows_from(activations.passage, first_used);
  const ConstMatrixView held_out = rows_from(activations.held_out, first_used);
  const Tensor z = model.encode(x, pool);
  const Tensor z_held_out = model.encode(held_out, pool);
  const Tensor y = model.decode(z.matrix(), pool);
  const Tensor y_held_out = model.decode(z_held_out.matrix(), pool);
  const DensitySummary density = summarize(densities(z.matrix()));
  const auto [cut_share, positive_share] = before_top_k(model, x, pool);
  return {
      {"density.grid", density.grid, "share"},
      {"density.ever", density.ever, "share"},
      {"silent", 1 - density.ever, "share"},
      {"always_on", density.always_on, "share"},
      {"rare", density.rare, "share"},
      {"top_k.binds", cut_share, "share"},
      {"top_k.positive_before", positive_share, "share"},
      {"mse", mean_squared_error(x, y.matrix()), ""},
      {"explained_variance", explained_variance(x, y.matrix()), "share"},
      {"held_out.mse", mean_squared_error(held_out, y_held_out.matrix()), ""},
      {"held_out.explained_variance", explained_variance(held_out, y_held_out.matrix()), "share"},
      {"held_out.density.grid", summarize(densities(z_held_out.matrix())).grid, "share"},
      {"redundancy", mean_pair_correlation(z.matrix(), kPairs, context.seed, kPairStream), ""},
  };
}

}  // namespace soi
