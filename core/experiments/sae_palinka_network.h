#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/analysis/sparse_autoencoder.h"
#include "core/experiments/experiment.h"

namespace soi {

/// The activations that the lesson on palinka trains on and tests on.
struct PalinkaActivations {
  Tensor passage;   // [T, d]
  Tensor held_out;  // [T', d]
};

/// Rows from `first` on, without a copy.
ConstMatrixView rows_from(const Tensor& tensor, std::size_t first);

/// What the parameters say of the network, for inputs of that width.
SparseAutoencoderOptions palinka_options(const Parameters& parameters, std::size_t n_inputs, std::size_t d_model);

/// A network, and its loss before each epoch.
struct PalinkaNetwork {
  SparseAutoencoder model;
  std::vector<SparseAutoencoderLoss> losses;
};

/// Trains on x. Each epoch is observed as "loss.mse", "loss.l1" and "loss.decorrelation" with `suffix` behind;
/// `progress` gets the fraction done many times an epoch, and may throw to stop.
PalinkaNetwork train_palinka(const SparseAutoencoderOptions& options, SparseAutoencoderWeights weights,
                             ConstMatrixView x, const Parameters& parameters, ExperimentContext& context,
                             const std::string& suffix, const std::function<void(double)>& progress);

/// Named numbers with their units: what is measured of every network alike, trained or not.
struct Measure {
  std::string name;
  double value = 0;
  std::string unit;
};

/// Of one network on the rows from `first_used` on: density of the grid and over latents, what Top-K cuts,
/// reconstruction here and on the held-out passage, redundancy.
std::vector<Measure> measure_network(const SparseAutoencoder& model, const PalinkaActivations& activations,
                                     std::size_t first_used, ExperimentContext& context);

}  // namespace soi
