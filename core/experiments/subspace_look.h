#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/experiments/block_edits.h"
#include "core/experiments/result.h"
#include "core/kernels/thread_pool.h"

namespace soi {

/// How the first components of a block are counted.
struct SpectrumSettings {
  Centring centring = Centring::mean;  // of the reading that the protocol takes
  bool first_position = false;
  std::size_t n_random = 1;
  std::uint64_t seed = 1;
};

/// Spectra of one block's activations of a sentence.
struct BlockSpectra {
  Vector centred, raw;           // variances; second moments about 0. Largest first
  double first_token_share = 0;  // of the squared scores on the first centred component, position 0's
};
BlockSpectra block_spectra(const Matrix& activations, bool first_position);

/// Shares of the components where every neuron keeps its values, and takes them in an order of its own: what so few
/// tokens in so many neurons give without any correlation (Horn 1965). Rows: n_random orders; columns: components.
/// `tick` is called between orders, and may throw to stop.
Matrix shares_of_independent_neurons(const Matrix& activations, const SpectrumSettings& settings, ThreadPool& pool,
                                     const std::function<void()>& tick);

/// The neurons of one block before and after its removal, as figures, controls and arrays: how far single values move
/// and covariances change, beside what algebra says they must; tokens beside tokens; the direction itself; and what
/// becomes of the mean where the decomposition is of the activations as they are and the mean is added after it.
/// x [T, d_mlp]; `of_tokens`: "covariance.change" is that of tokens rather than of neurons; `tick` as above.
void look_at_neurons(const Matrix& x, const BlockRemovals& block, std::size_t n_random, bool of_tokens,
                     ThreadPool& pool, const std::function<void()>& tick, ExperimentResult& result);

}  // namespace soi
