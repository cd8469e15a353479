#pragma once

#include "core/analysis/sparse_autoencoder.h"

namespace soi {

/// Whether the loops of `narrow_gradient` fit: a few inputs, some dozens of latents, no Top-K. Matrix products do not
/// pay there.
bool is_narrow(const SparseAutoencoderOptions& options);

/// What SparseAutoencoder::gradient gives, for narrow networks: samples lie along the vectors, a chunk of them at a
/// time goes through the whole network in the nearest cache, and sums are taken over chunks in their order, whatever
/// the threads.
SparseAutoencoderWeights narrow_gradient(const SparseAutoencoderOptions& options,
                                         const SparseAutoencoderWeights& weights, ConstMatrixView x, ThreadPool& pool,
                                         SparseAutoencoderLoss& loss);

}  // namespace soi
