#include "core/experiments/source_recovery.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "core/analysis/correlation.h"

namespace soi {
namespace {

constexpr double kPass = 0.95;  // SAE1-20: "at least 95 % agreement"

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

Recovery examine(const SparseAutoencoder& network, const MixedSources& data, bool one_to_one, ThreadPool& pool) {
  Recovery outcome;
  outcome.latents = to_matrix(network.encode(std::as_const(data.samples).matrix(), pool).matrix());
  outcome.matched = match_sources(outcome.latents, data.sources, one_to_one);
  std::vector<std::size_t> all(static_cast<std::size_t>(outcome.latents.cols()));
  std::iota(all.begin(), all.end(), std::size_t{0});
  outcome.density = density_of(outcome.latents, all);
  outcome.matched_density = density_of(outcome.latents, outcome.matched.candidate);
  outcome.sine_density = density_of(outcome.latents, {outcome.matched.candidate[0]});
  outcome.redundancy = redundancy_of(outcome.latents);
  return outcome;
}

}  // namespace

bool SourceMatch::passes() const {
  return std::ranges::all_of(r, [](double v) { return v >= kPass; });
}

SourceMatch match_sources(const Matrix& candidates, const Matrix& sources, bool one_to_one) {
  const Matrix scores = cross_correlation(candidates, sources).cwiseAbs();
  SourceMatch result;
  result.candidate = one_to_one ? one_to_one_rows(scores) : best_rows(scores);
  for (std::size_t s = 0; s < result.candidate.size(); ++s) result.r.push_back(scores(result.candidate[s], s));
  return result;
}

Recovery train_recovery(const SparseAutoencoderOptions& options, SparseAutoencoderWeights weights, const Parameters& p,
                        const MixedSources& data, ThreadPool& pool,
                        const std::function<bool(const SparseAutoencoderLoss&)>& after_epoch) {
  SparseAutoencoder network(options, std::move(weights));
  SparseAutoencoderTrainer trainer(network, {.learning_rate = p.real("learning_rate")});
  std::vector<SparseAutoencoderLoss> losses;
  for (std::size_t epoch = 0; epoch < p.count("epochs"); ++epoch) {
    losses.push_back(trainer.step(std::as_const(data.samples).matrix(), pool));
    if (!after_epoch(losses.back())) break;
  }
  Recovery outcome = examine(network, data, p.text("matching") == "one_to_one", pool);
  for (const SparseAutoencoderLoss& loss : losses) {
    outcome.reconstruction.push_back(loss.reconstruction);
    outcome.l1.push_back(loss.l1);
    outcome.decorrelation.push_back(loss.decorrelation);
  }
  return outcome;
}

Recovery untrained_recovery(const SparseAutoencoderOptions& options, const Parameters& p, const MixedSources& data,
                            std::uint64_t seed, std::uint64_t run, ThreadPool& pool) {
  return examine(SparseAutoencoder(options, initial_weights(options, seed, run)), data,
                 p.text("matching") == "one_to_one", pool);
}

}  // namespace soi
