#include "core/analysis/sparse_autoencoder.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <utility>

#include "core/analysis/latent_activation.h"
#include "core/analysis/narrow_autoencoder.h"
#include "core/analysis/sparse_rows.h"
#include "core/kernels/gemm.h"
#include "core/kernels/random.h"
#include "core/kernels/row.h"
#include "core/model/scratch_loop.h"
#include "core/tensor/error.h"

namespace soi {
namespace {

Tensor uniform_tensor(Shape shape, std::size_t n_layer_inputs, std::uint64_t seed, std::uint64_t stream) {
  const double bound = 1.0 / std::sqrt(static_cast<double>(n_layer_inputs));
  Tensor tensor = Tensor::uninitialized(std::move(shape));
  for (std::size_t i = 0; i < tensor.size(); ++i) {
    tensor.data()[i] = static_cast<float>((2 * uniform(seed, stream, i) - 1) * bound);
  }
  return tensor;
}

template <LatentActivation kActivation>
void activate_row(std::span<float> row, float* slope) {
  row::for_each_four(row.size(), [&](std::size_t i, std::size_t n) {
    const ActivatedFour activated = activate_four<kActivation>(row::load(row.data(), i, n));
    row::store(activated.z, row.data(), i, n);
    if (slope != nullptr) row::store(activated.slope, slope, i, n);
  });
}

/// Turns a row of pre-activations into latents; fills their slopes where `slope` is not null.
void activate_row(std::span<float> row, float* slope, LatentActivation activation) {
  switch (activation) {
    case LatentActivation::relu:
      return activate_row<LatentActivation::relu>(row, slope);
    case LatentActivation::gelu_exact:
      return activate_row<LatentActivation::gelu_exact>(row, slope);
    case LatentActivation::linear:
      return activate_row<LatentActivation::linear>(row, slope);
  }
}

/// Zeros what is below the k-th largest value of the row; equals of it stay. `scratch` has room for a row.
void keep_top(std::span<float> row, std::size_t k, float* scratch) {
  if (k >= row.size()) return;
  std::ranges::copy(row, scratch);
  std::nth_element(scratch, scratch + (k - 1), scratch + row.size(), std::greater<>());
  const float threshold = scratch[k - 1];
  for (float& value : row) {
    if (value < threshold) value = 0.0f;
  }
}

/// What one forward pass leaves for the reverse pass.
struct Forward {
  Tensor slope;           // [n, m]: d z / d pre, 0 where Top-K cut
  Tensor z;               // [n, m]
  Tensor reconstruction;  // [n, d]
};

Tensor pre_activation(ConstMatrixView x, const SparseAutoencoderWeights& w, ThreadPool& pool) {
  const std::size_t n_latents = w.encoder.dim(0);
  Tensor pre = Tensor::uninitialized({x.n_rows, n_latents});
  gemm(x, Transpose::no, w.encoder.matrix(), Transpose::yes, pre.matrix(), pool);
  if (!w.encoder_bias.empty()) {
    pool.parallel_for(x.n_rows, [&](std::size_t t) {
      for (std::size_t j = 0; j < n_latents; ++j) pre(t, j) += w.encoder_bias(j);
    });
  }
  return pre;
}

/// Turns pre-activations into latents in place; fills `slope` where it is not null.
void activate_rows(Tensor& pre, const SparseAutoencoderOptions& options, Tensor* slope, ThreadPool& pool) {
  const std::size_t n_latents = options.n_latents;
  const std::size_t scratch_size = options.top_k == 0 ? 0 : n_latents;
  loop_with_scratch(pre.dim(0), scratch_size, pool, [&](std::size_t t, float* scratch) {
    const std::span<float> row = pre.matrix()[t];
    activate_row(row, slope == nullptr ? nullptr : slope->matrix().row(t), options.activation);
    if (options.top_k == 0) return;
    keep_top(row, options.top_k, scratch);
    if (slope == nullptr) return;
    for (std::size_t j = 0; j < n_latents; ++j) {
      if (row[j] == 0.0f) (*slope)(t, j) = 0.0f;
    }
  });
}

const Tensor& decoder_of(const SparseAutoencoderWeights& w) { return w.decoder.empty() ? w.encoder : w.decoder; }

Tensor decode_rows(ConstMatrixView z, const SparseRows* active, const SparseAutoencoderWeights& w, ThreadPool& pool) {
  const Tensor& decoder = decoder_of(w);
  Tensor x = Tensor::uninitialized({z.n_rows, decoder.dim(1)});
  if (active == nullptr) {
    gemm(z, Transpose::no, decoder.matrix(), Transpose::no, x.matrix(), pool);
  } else {
    sparse_times_rows(*active, z, decoder.matrix(), x.matrix(), pool);
  }
  if (!w.decoder_bias.empty()) {
    for (std::size_t t = 0; t < z.n_rows; ++t) {
      for (std::size_t i = 0; i < x.dim(1); ++i) x(t, i) += w.decoder_bias(i);
    }
  }
  return x;
}

double mean_magnitude(const Tensor& z) {
  double sum = 0;
  for (float value : z.values()) sum += std::abs(static_cast<double>(value));
  return sum / static_cast<double>(z.size());
}

/// Covariances of the latents, held so that neither n nor m enters squared more than it must.
struct Decorrelation {
  Tensor centred;                // [n, m]: z less its column means
  Tensor product;                // [n, m]: centred times the full covariance, times (n - 1)
  std::vector<double> variance;  // [m]
  double penalty = 0;            // sum of squared off-diagonal covariances
};

Tensor centred_columns(const Tensor& z) {
  const std::size_t n = z.dim(0);
  const std::size_t m = z.dim(1);
  std::vector<double> means(m, 0.0);
  for (std::size_t t = 0; t < n; ++t) {
    for (std::size_t j = 0; j < m; ++j) means[j] += static_cast<double>(z(t, j));
  }
  Tensor centred = Tensor::uninitialized({n, m});
  for (std::size_t t = 0; t < n; ++t) {
    for (std::size_t j = 0; j < m; ++j) {
      centred(t, j) = static_cast<float>(static_cast<double>(z(t, j)) - means[j] / static_cast<double>(n));
    }
  }
  return centred;
}

double sum_of_squares(const Tensor& tensor) {
  double sum = 0;
  for (float value : tensor.values()) sum += static_cast<double>(value) * static_cast<double>(value);
  return sum;
}

/// ||C||_F is the same for the m x m covariance and the n x n Gram matrix: the smaller of the two is formed.
Decorrelation decorrelation_of(const Tensor& z, ThreadPool& pool) {
  const std::size_t n = z.dim(0);
  const std::size_t m = z.dim(1);
  const double n_free = static_cast<double>(std::max<std::size_t>(n, 2) - 1);
  Decorrelation d;
  d.centred = centred_columns(z);
  d.product = Tensor::uninitialized({n, m});
  const ConstMatrixView c = std::as_const(d.centred).matrix();
  const std::size_t size = std::min(n, m);
  Tensor square = Tensor::uninitialized({size, size});
  if (n < m) {
    gemm(c, Transpose::no, c, Transpose::yes, square.matrix(), pool);
    gemm(square.matrix(), Transpose::no, c, Transpose::no, d.product.matrix(), pool);
  } else {
    gemm(c, Transpose::yes, c, Transpose::no, square.matrix(), pool);
    gemm(c, Transpose::no, square.matrix(), Transpose::no, d.product.matrix(), pool);
  }
  d.variance.assign(m, 0.0);
  for (std::size_t t = 0; t < n; ++t) {
    for (std::size_t j = 0; j < m; ++j) {
      d.variance[j] += static_cast<double>(d.centred(t, j)) * static_cast<double>(d.centred(t, j)) / n_free;
    }
  }
  d.penalty = sum_of_squares(square) / (n_free * n_free);
  for (double v : d.variance) d.penalty -= v * v;
  return d;
}

double decorrelation_scale(const SparseAutoencoderOptions& options) {
  const double m = static_cast<double>(options.n_latents);
  return options.mean_decorrelation && options.n_latents > 1 ? 1.0 / (m * (m - 1)) : 1.0;
}

/// Adds w * d(penalty)/dz to dz: 4 w / (n - 1) * (centred C_off). Columns of `centred` sum to 0, so centring adds
/// nothing.
void add_decorrelation_gradient(const Decorrelation& d, double weight, Tensor& dz, ThreadPool& pool) {
  const std::size_t m = dz.dim(1);
  const double n_free = static_cast<double>(std::max<std::size_t>(dz.dim(0), 2) - 1);
  const double factor = 4 * weight / n_free;
  pool.parallel_for(dz.dim(0), [&](std::size_t t) {
    for (std::size_t j = 0; j < m; ++j) {
      const double off_diagonal =
          static_cast<double>(d.product(t, j)) / n_free - static_cast<double>(d.centred(t, j)) * d.variance[j];
      dz(t, j) += static_cast<float>(factor * off_diagonal);
    }
  });
}

void add_l1_gradient(const Tensor& z, double weight, Tensor& dz) {
  const auto slope = static_cast<float>(weight / static_cast<double>(z.size()));
  for (std::size_t i = 0; i < z.size(); ++i) {
    const float value = z.data()[i];
    dz.data()[i] += value > 0 ? slope : value < 0 ? -slope : 0.0f;
  }
}

/// Column sums: the gradient of a bias.
Tensor column_sums(const Tensor& x) {
  Tensor sums({x.dim(1)});
  for (std::size_t t = 0; t < x.dim(0); ++t) {
    for (std::size_t j = 0; j < x.dim(1); ++j) sums(j) += x(t, j);
  }
  return sums;
}

void normalize_rows(Tensor& decoder) {
  for (std::size_t j = 0; j < decoder.dim(0); ++j) {
    double length = 0;
    for (float value : decoder.matrix()[j]) length += static_cast<double>(value) * static_cast<double>(value);
    if (length == 0) continue;
    const auto factor = static_cast<float>(1.0 / std::sqrt(length));
    for (float& value : decoder.matrix()[j]) value *= factor;
  }
}

void require_shape(const Tensor& tensor, const Shape& shape, const char* name) {
  if (tensor.shape() == shape || (tensor.empty() && n_elements(shape) == 0)) return;
  throw Error(ErrorCode::invalid_argument,
              std::string(name) + " has shape " + to_string(tensor.shape()) + ", not " + to_string(shape) + ".",
              "Give initial weights of the shape that the parameters ask for.",
              {{"name", name}, {"value", to_string(tensor.shape())}, {"range", to_string(shape)}});
}

}  // namespace

double mean_squared_error(ConstMatrixView x, ConstMatrixView reconstruction) {
  double sum = 0;
  for (std::size_t t = 0; t < x.n_rows; ++t) {
    for (std::size_t i = 0; i < x.n_cols; ++i) {
      const double difference = static_cast<double>(reconstruction.row(t)[i]) - static_cast<double>(x.row(t)[i]);
      sum += difference * difference;
    }
  }
  return sum / static_cast<double>(x.n_rows * x.n_cols);
}

double SparseAutoencoderLoss::total(const SparseAutoencoderOptions& options) const {
  const double correlated = options.decorrelation_weight == 0 ? 0 : options.decorrelation_weight * decorrelation;
  return reconstruction + options.l1_weight * l1 + correlated;
}

SparseAutoencoderWeights SparseAutoencoderWeights::clone() const {
  return {encoder.clone(), encoder_bias.clone(), decoder.clone(), decoder_bias.clone()};
}

SparseAutoencoderWeights initial_weights(const SparseAutoencoderOptions& options, std::uint64_t seed,
                                         std::uint64_t stream) {
  const std::size_t d = options.n_inputs;
  const std::size_t m = options.n_latents;
  SparseAutoencoderWeights w;
  w.encoder = uniform_tensor({m, d}, d, seed, 4 * stream);
  if (options.biases) w.encoder_bias = uniform_tensor({m}, d, seed, 4 * stream + 1);
  if (!options.tied) w.decoder = uniform_tensor({m, d}, m, seed, 4 * stream + 2);
  if (options.biases) w.decoder_bias = uniform_tensor({d}, m, seed, 4 * stream + 3);
  if (options.unit_norm_decoder && !options.tied) normalize_rows(w.decoder);
  return w;
}

SparseAutoencoder::SparseAutoencoder(SparseAutoencoderOptions options, SparseAutoencoderWeights weights)
    : options_(options), weights_(std::move(weights)) {
  const std::size_t d = options_.n_inputs;
  const std::size_t m = options_.n_latents;
  require_shape(weights_.encoder, {m, d}, "encoder");
  require_shape(weights_.encoder_bias, {options_.biases ? m : 0}, "encoder_bias");
  require_shape(weights_.decoder, {options_.tied ? 0 : m, d}, "decoder");
  require_shape(weights_.decoder_bias, {options_.biases ? d : 0}, "decoder_bias");
}

Tensor SparseAutoencoder::encode(ConstMatrixView x, ThreadPool& pool) const {
  Tensor z = pre_activation(x, weights_, pool);
  activate_rows(z, options_, nullptr, pool);
  return z;
}

Tensor SparseAutoencoder::decode(ConstMatrixView z, ThreadPool& pool) const {
  return decode_rows(z, nullptr, weights_, pool);
}

SparseAutoencoderLoss SparseAutoencoder::loss(ConstMatrixView x, ThreadPool& pool) const {
  const Tensor z = encode(x, pool);
  SparseAutoencoderLoss parts;
  parts.reconstruction = mean_squared_error(x, decode(z.matrix(), pool).matrix());
  parts.l1 = mean_magnitude(z);
  parts.decorrelation = decorrelation_of(z, pool).penalty * decorrelation_scale(options_);
  return parts;
}

SparseAutoencoderWeights SparseAutoencoder::gradient(ConstMatrixView x, ThreadPool& pool, SparseAutoencoderLoss* loss,
                                                     const std::function<void()>& between) const {
  const auto look_up = [&] {
    if (between) between();
  };
  look_up();
  if (is_narrow(options_)) {
    SparseAutoencoderLoss narrow_loss;
    return narrow_gradient(options_, weights_, x, pool, loss != nullptr ? *loss : narrow_loss);
  }
  const std::size_t n = x.n_rows;
  const std::size_t m = options_.n_latents;
  // Forward.
  Forward f;
  f.slope = Tensor::uninitialized({n, m});
  f.z = pre_activation(x, weights_, pool);
  look_up();
  activate_rows(f.z, options_, &f.slope, pool);
  const SparseRows active = nonzero_columns(std::as_const(f.slope).matrix(), pool);
  const bool sparse = is_worth_it(active, n, m, options_.n_inputs);
  f.reconstruction = decode_rows(std::as_const(f.z).matrix(), sparse ? &active : nullptr, weights_, pool);

  SparseAutoencoderLoss parts;
  parts.reconstruction = mean_squared_error(x, std::as_const(f.reconstruction).matrix());
  parts.l1 = mean_magnitude(f.z);
  parts.decorrelation = std::numeric_limits<double>::quiet_NaN();

  look_up();
  // Reverse: to the reconstruction, the latents, the pre-activations.
  Tensor d_out = std::move(f.reconstruction);
  const auto scale = static_cast<float>(2.0 / static_cast<double>(n * options_.n_inputs));
  for (std::size_t t = 0; t < n; ++t) {
    for (std::size_t i = 0; i < options_.n_inputs; ++i) d_out(t, i) = scale * (d_out(t, i) - x.row(t)[i]);
  }
  const Tensor& decoder = decoder_of(weights_);
  Tensor dz({n, m});
  if (sparse) {
    rows_times_sparse(active, std::as_const(d_out).matrix(), decoder.matrix(), dz.matrix(), pool);
  } else {
    gemm(d_out.matrix(), Transpose::no, decoder.matrix(), Transpose::yes, dz.matrix(), pool);
  }
  if (options_.l1_weight != 0) add_l1_gradient(f.z, options_.l1_weight, dz);
  look_up();
  if (options_.decorrelation_weight != 0) {
    const Decorrelation d = decorrelation_of(f.z, pool);
    parts.decorrelation = d.penalty * decorrelation_scale(options_);
    add_decorrelation_gradient(d, options_.decorrelation_weight * decorrelation_scale(options_), dz, pool);
  }
  for (std::size_t i = 0; i < dz.size(); ++i) dz.data()[i] *= f.slope.data()[i];

  look_up();
  // To the weights.
  SparseAutoencoderWeights g;
  g.encoder = Tensor(weights_.encoder.shape());
  if (!options_.tied) g.decoder = Tensor(weights_.decoder.shape());
  Tensor& d_decoder = options_.tied ? g.encoder : g.decoder;
  if (sparse) {
    const SparseRows by_latent = transposed(active, m);
    add_outer_products(by_latent, dz.matrix(), x, g.encoder.matrix(), pool);
    add_outer_products(by_latent, f.z.matrix(), d_out.matrix(), d_decoder.matrix(), pool);
  } else {
    gemm(dz.matrix(), Transpose::yes, x, Transpose::no, g.encoder.matrix(), pool);
    gemm(f.z.matrix(), Transpose::yes, d_out.matrix(), Transpose::no, d_decoder.matrix(), pool, options_.tied);
  }
  if (options_.biases) {
    g.encoder_bias = column_sums(dz);
    g.decoder_bias = column_sums(d_out);
  }
  if (loss != nullptr) *loss = parts;
  return g;
}

SparseAutoencoderTrainer::SparseAutoencoderTrainer(SparseAutoencoder& model, AdamOptions options)
    : model_(model),
      encoder_(model.weights_.encoder.size(), options),
      encoder_bias_(model.weights_.encoder_bias.size(), options),
      decoder_(model.weights_.decoder.size(), options),
      decoder_bias_(model.weights_.decoder_bias.size(), options) {}

SparseAutoencoderLoss SparseAutoencoderTrainer::step(ConstMatrixView x, ThreadPool& pool,
                                                     const std::function<void()>& between) {
  SparseAutoencoderLoss loss;
  const SparseAutoencoderWeights g = model_.gradient(x, pool, &loss, between);
  if (between) between();
  SparseAutoencoderWeights& w = model_.weights_;
  encoder_.step(w.encoder.values(), g.encoder.values(), pool);
  encoder_bias_.step(w.encoder_bias.values(), g.encoder_bias.values(), pool);
  decoder_.step(w.decoder.values(), g.decoder.values(), pool);
  decoder_bias_.step(w.decoder_bias.values(), g.decoder_bias.values(), pool);
  if (model_.options_.unit_norm_decoder && !model_.options_.tied) normalize_rows(w.decoder);
  return loss;
}

}  // namespace soi
