#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "core/analysis/sparse_autoencoder.h"
#include "core/experiments/mixed_sources.h"

namespace soi {

/// How well a set of candidate signals holds the two sources.
struct SourceMatch {
  std::vector<std::size_t> candidate;  // for sine, step
  std::vector<double> r;               // |r|
  /// At least 0.95 for both.
  bool passes() const;
};
SourceMatch match_sources(const Matrix& candidates, const Matrix& sources, bool one_to_one);

/// One network and what it holds.
struct Recovery {
  Matrix latents;  // [n, n_latents]
  SourceMatch matched;
  double density = 0;                                     // share of latent values that are not 0
  double matched_density = 0;                             // the same of the two matched latents
  double sine_density = 0;                                // the same of the one that matches the sine
  double redundancy = 0;                                  // mean |r| between pairs of latents that vary
  std::vector<double> reconstruction, l1, decorrelation;  // before each epoch
};

/// Trained on the channels. `after_epoch` gets the loss, and returns false to stop.
Recovery train_recovery(const SparseAutoencoderOptions& options, SparseAutoencoderWeights weights, const Parameters& p,
                        const MixedSources& data, ThreadPool& pool,
                        const std::function<bool(const SparseAutoencoderLoss&)>& after_epoch);

/// Of the initial weights of run `run`.
Recovery untrained_recovery(const SparseAutoencoderOptions& options, const Parameters& p, const MixedSources& data,
                            std::uint64_t seed, std::uint64_t run, ThreadPool& pool);

}  // namespace soi
