#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/analysis/adam.h"
#include "core/kernels/thread_pool.h"
#include "core/tensor/tensor.h"

namespace soi {

enum class LatentActivation : std::uint8_t {
  relu,
  gelu_exact,  // x Phi(x), by erf: PyTorch's default GELU, not GPT-2's tanh form
  linear,
};

struct SparseAutoencoderOptions {
  std::size_t n_inputs = 0;
  std::size_t n_latents = 0;
  bool tied = false;   // the decoder is the encoder's transpose
  bool biases = true;  // of encoder and decoder
  LatentActivation activation = LatentActivation::relu;
  /// Of each sample, latents below the top_k-th largest value after the activation become 0 (equals of it stay); 0:
  /// off.
  std::size_t top_k = 0;
  double l1_weight = 0.0;             // times the mean of |z| over samples and latents
  double decorrelation_weight = 0.0;  // times the sum of squared covariances (1 / (n - 1)) of pairs i != j of latents
  bool mean_decorrelation = false;    // that sum divided by n_latents (n_latents - 1): comparable between sizes
  /// After every step each latent's decoder row gets length 1, so that the penalties cannot be met by shrinking latents
  /// and growing the decoder. Not with `tied`.
  bool unit_norm_decoder = false;
};

/// Over rows and columns; the two have the same shape.
double mean_squared_error(ConstMatrixView x, ConstMatrixView reconstruction);

/// The parts of the loss, without their weights.
struct SparseAutoencoderLoss {
  double reconstruction = 0.0;  // mean squared error over samples and inputs
  double l1 = 0.0;              // mean |z|
  // Sum, or mean, of squared off-diagonal covariances; NaN from a gradient, hence a step, where its weight is 0: it
  // takes the gradient's longest product, and is not computed then.
  double decorrelation = 0.0;

  double total(const SparseAutoencoderOptions& options) const;
};

/// The trainable numbers. Rows belong to latents: `decoder` is the transpose of PyTorch's Linear weight.
struct SparseAutoencoderWeights {
  Tensor encoder;       // [n_latents, n_inputs]
  Tensor encoder_bias;  // [n_latents], empty without biases
  Tensor decoder;       // [n_latents, n_inputs], empty when tied
  Tensor decoder_bias;  // [n_inputs], empty without biases

  SparseAutoencoderWeights clone() const;
};

/// PyTorch's default for nn.Linear: uniform within 1/sqrt(inputs of the layer). Streams 4 * stream .. 4 * stream + 3.
SparseAutoencoderWeights initial_weights(const SparseAutoencoderOptions& options, std::uint64_t seed,
                                         std::uint64_t stream);

/// z = top_k(activation(x W^T + b)), xhat = z D + b', with gradients by hand. Where few latents are active the decoder
/// and the gradients touch these alone (the encoder's product is then nearly all of the cost).
class SparseAutoencoder {
 public:
  /// Throws Error{invalid_argument} where the weights' shapes do not fit the options.
  SparseAutoencoder(SparseAutoencoderOptions options, SparseAutoencoderWeights weights);

  const SparseAutoencoderOptions& options() const { return options_; }
  const SparseAutoencoderWeights& weights() const { return weights_; }

  /// Latents of samples x [n, n_inputs]: [n, n_latents].
  Tensor encode(ConstMatrixView x, ThreadPool& pool) const;
  /// Reconstructions of latents z [n, n_latents]: [n, n_inputs].
  Tensor decode(ConstMatrixView z, ThreadPool& pool) const;

  SparseAutoencoderLoss loss(ConstMatrixView x, ThreadPool& pool) const;
  /// Of the weighted total, in the shapes of the weights; `loss` if not null gets the parts. `between`, if set, is
  /// called between the products, and may throw to stop.
  SparseAutoencoderWeights gradient(ConstMatrixView x, ThreadPool& pool, SparseAutoencoderLoss* loss = nullptr,
                                    const std::function<void()>& between = {}) const;

 private:
  friend class SparseAutoencoderTrainer;
  SparseAutoencoderOptions options_;
  SparseAutoencoderWeights weights_;
};

/// Full-batch Adam over one autoencoder.
class SparseAutoencoderTrainer {
 public:
  /// `model` must outlive the trainer.
  SparseAutoencoderTrainer(SparseAutoencoder& model, AdamOptions options);

  /// One step on samples x; the loss is that before the step. `between`, if set, is called between its products and
  /// before the weights move; where it throws the step is not taken.
  SparseAutoencoderLoss step(ConstMatrixView x, ThreadPool& pool, const std::function<void()>& between = {});

 private:
  SparseAutoencoder& model_;
  Adam encoder_, encoder_bias_, decoder_, decoder_bias_;
};

}  // namespace soi
