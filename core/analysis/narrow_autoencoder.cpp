#include "core/analysis/narrow_autoencoder.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>
#include <vector>

#include "core/analysis/latent_activation.h"

namespace soi {
namespace {

using simd::Float4;

constexpr std::size_t kMostInputs = 4;
constexpr std::size_t kMostLatents = 64;
constexpr std::size_t kChunk = 128;  // samples: all of a chunk's latents stay in the first-level cache

// A chunk's centred latents and the gradients of its latents.
static_assert(2 * kMostLatents * kChunk * sizeof(float) <= ThreadPool::kWorkspaceBytes);

Float4 load(const float* from) { return simd::load<Float4>(from); }
double sum_of(Float4 x) { return static_cast<double>((x[0] + x[1]) + (x[2] + x[3])); }

/// One step's forward and reverse pass. d inputs, m latents; rows of latents are padded to m4 = 4 ceil(m / 4) with
/// zeros, samples to whole chunks.
template <std::size_t d>
class NarrowPass {
 public:
  NarrowPass(const SparseAutoencoderOptions& options, const SparseAutoencoderWeights& weights, ConstMatrixView x,
             ThreadPool& pool)
      : options_(options),
        encoder_(weights.encoder),
        decoder_(weights.decoder.empty() ? weights.encoder : weights.decoder),
        encoder_bias_(weights.encoder_bias),
        decoder_bias_(weights.decoder_bias),
        pool_(pool),
        n_(x.n_rows),
        m_(options.n_latents),
        m4_((m_ + 3) / 4 * 4),
        n_chunks_((n_ + kChunk - 1) / kChunk),
        x_(Shape{n_chunks_, d, kChunk}),
        z_(Shape{n_chunks_, m4_, kChunk}),
        slope_(Tensor::uninitialized({n_chunks_, m_, kChunk})),
        sums_(n_chunks_ * m_),
        magnitudes_(n_chunks_, 0.0),
        errors_(n_chunks_, 0.0),
        gradients_(n_chunks_ * n_gradients(), 0.0) {
    for (std::size_t t = 0; t < n_; ++t) {
      for (std::size_t i = 0; i < d; ++i) x_(t / kChunk, i, t % kChunk) = x.row(t)[i];
    }
  }

  SparseAutoencoderWeights run(SparseAutoencoderLoss& loss) {
    pool_.parallel_for(n_chunks_, [&](std::size_t c) { encode(c); });
    const bool decorrelates = options_.decorrelation_weight != 0;
    loss.l1 = total(magnitudes_) / static_cast<double>(n_ * m_);
    loss.decorrelation = decorrelates ? take_covariances() : std::numeric_limits<double>::quiet_NaN();
    pool_.parallel_for(n_chunks_, [&](std::size_t c) { reverse(c); });
    loss.reconstruction = total(errors_) / static_cast<double>(n_ * d);
    return gather();
  }

 private:
  // Of one chunk's sums: the encoder [m, d], the decoder [m, d], the biases of both [m], [d].
  std::size_t n_gradients() const { return 2 * m_ * d + m_ + d; }
  double* gradients_of(std::size_t chunk) { return gradients_.data() + chunk * n_gradients(); }
  std::size_t n_in(std::size_t chunk) const { return std::min(kChunk, n_ - chunk * kChunk); }
  const float* x_row(std::size_t c, std::size_t i) const { return x_.data() + (c * d + i) * kChunk; }
  float* z_row(std::size_t c, std::size_t j) { return z_.data() + (c * m4_ + j) * kChunk; }
  float* slope_row(std::size_t c, std::size_t j) { return slope_.data() + (c * m_ + j) * kChunk; }

  static double total(const std::vector<double>& chunks) {
    double sum = 0;
    for (double value : chunks) sum += value;
    return sum;
  }

  void encode(std::size_t c) {
    switch (options_.activation) {
      case LatentActivation::relu:
        return encode_by<LatentActivation::relu>(c);
      case LatentActivation::gelu_exact:
        return encode_by<LatentActivation::gelu_exact>(c);
      case LatentActivation::linear:
        return encode_by<LatentActivation::linear>(c);
    }
  }

  template <LatentActivation kActivation>
  void encode_by(std::size_t c) {
    double magnitude = 0;
    for (std::size_t j = 0; j < m_; ++j) {
      const Float4 bias = simd::broadcast<Float4>(encoder_bias_.empty() ? 0.0f : encoder_bias_(j));
      std::array<Float4, d> weight;
      for (std::size_t i = 0; i < d; ++i) weight[i] = simd::broadcast<Float4>(encoder_(j, i));
      float* z = z_row(c, j);
      float* slope = slope_row(c, j);
      for (std::size_t t = 0; t < kChunk; t += 4) {
        Float4 pre = weight[0] * load(x_row(c, 0) + t);
        for (std::size_t i = 1; i < d; ++i) pre += weight[i] * load(x_row(c, i) + t);
        const ActivatedFour activated = activate_four<kActivation>(pre + bias);
        simd::store(activated.z, z + t);
        simd::store(activated.slope, slope + t);
      }
      for (std::size_t t = n_in(c); t < kChunk; ++t) z[t] = slope[t] = 0.0f;
      Float4 sum{};
      Float4 size{};
      for (std::size_t t = 0; t < kChunk; t += 4) {
        const Float4 value = load(z + t);
        sum += value;
        size += value < 0.0f ? -value : value;
      }
      sums_[c * m_ + j] = sum_of(sum);
      magnitude += sum_of(size);
    }
    magnitudes_[c] = magnitude;
  }

  /// The chunk's latents less their means, [m4, kChunk]; 0 beyond the last sample.
  void centre(std::size_t c, float* centred) {
    for (std::size_t j = 0; j < m4_; ++j) {
      const Float4 mean = simd::broadcast<Float4>(j < m_ ? means_[j] : 0.0f);
      float* row = centred + j * kChunk;
      for (std::size_t t = 0; t < kChunk; t += 4) simd::store(load(z_row(c, j) + t) - mean, row + t);
      for (std::size_t t = n_in(c); t < kChunk; ++t) row[t] = 0.0f;
    }
  }

  /// Fills `pull_`, what each latent's gradient takes of each centred latent; returns the penalty.
  double take_covariances() {
    means_.assign(m_, 0.0f);
    for (std::size_t j = 0; j < m_; ++j) {
      double sum = 0;
      for (std::size_t c = 0; c < n_chunks_; ++c) sum += sums_[c * m_ + j];
      means_[j] = static_cast<float>(sum / static_cast<double>(n_));
    }
    products_.assign(n_chunks_ * m4_ * m4_, 0.0);
    pool_.parallel_for(n_chunks_, [&](std::size_t c) {
      float* centred = reinterpret_cast<float*>(ThreadPool::workspace());
      centre(c, centred);
      for (std::size_t row = 0; row < m4_; row += 2) {
        for (std::size_t column = row / 4 * 4; column < m4_; column += 4) multiply(c, centred, row, column);
      }
    });
    const auto m = static_cast<double>(m_);
    const double n_free = static_cast<double>(std::max<std::size_t>(n_, 2) - 1);
    const double scale = options_.mean_decorrelation && m_ > 1 ? 1.0 / (m * (m - 1)) : 1.0;
    const double factor = 4 * options_.decorrelation_weight * scale / n_free;
    pull_.assign(m4_ * m4_, Float4{});
    double penalty = 0;
    for (std::size_t i = 0; i < m_; ++i) {
      for (std::size_t j = i + 1; j < m_; ++j) {
        double product = 0;
        for (std::size_t c = 0; c < n_chunks_; ++c) product += products_[(c * m4_ + i) * m4_ + j];
        const double covariance = product / n_free;
        penalty += 2 * covariance * covariance;
        pull_[i * m4_ + j] = pull_[j * m4_ + i] = simd::broadcast<Float4>(static_cast<float>(factor * covariance));
      }
    }
    return penalty * scale;
  }

  /// Sums of products of two rows with four: as many sums as SSE2 has registers for.
  void multiply(std::size_t c, const float* centred, std::size_t row, std::size_t column) {
    Float4 sums[2][4] = {};
    const float* left = centred + row * kChunk;
    const float* right = centred + column * kChunk;
    for (std::size_t t = 0; t < kChunk; t += 4) {
      const Float4 a = load(left + t);
      const Float4 b = load(left + kChunk + t);
#pragma GCC unroll 4
      for (std::size_t k = 0; k < 4; ++k) {
        const Float4 value = load(right + k * kChunk + t);
        sums[0][k] += a * value;
        sums[1][k] += b * value;
      }
    }
    for (std::size_t r = 0; r < 2; ++r) {
      for (std::size_t k = 0; k < 4; ++k) products_[(c * m4_ + row + r) * m4_ + column + k] = sum_of(sums[r][k]);
    }
  }

  void reverse(std::size_t c) {
    float* dz = reinterpret_cast<float*>(ThreadPool::workspace());
    float* centred = dz + m4_ * kChunk;
    if (options_.decorrelation_weight == 0) {
      std::fill_n(dz, m4_ * kChunk, 0.0f);
    } else {
      centre(c, centred);
      for (std::size_t j = 0; j < m4_; j += 4) pull_four(centred, j, dz + j * kChunk);
    }
    alignas(16) float d_out[d * kChunk];
    rebuild(c, d_out);
    for (std::size_t j = 0; j < m_; ++j) reverse_latent(c, j, dz + j * kChunk, d_out);
  }

  /// Four rows of pull times centred, two vectors of samples at a time.
  void pull_four(const float* centred, std::size_t j, float* dz) {
    for (std::size_t t = 0; t < kChunk; t += 8) {
      Float4 sums[4][2] = {};
      for (std::size_t i = 0; i < m_; ++i) {
        const Float4 first = load(centred + i * kChunk + t);
        const Float4 second = load(centred + i * kChunk + t + 4);
#pragma GCC unroll 4
        for (std::size_t k = 0; k < 4; ++k) {
          const Float4 weight = pull_[i * m4_ + j + k];  // symmetric
          sums[k][0] += weight * first;
          sums[k][1] += weight * second;
        }
      }
      for (std::size_t k = 0; k < 4; ++k) {
        simd::store(sums[k][0], dz + k * kChunk + t);
        simd::store(sums[k][1], dz + k * kChunk + t + 4);
      }
    }
  }

  /// The gradient of the reconstruction [d, kChunk], 0 beyond the last sample; its sums, and the squared error.
  void rebuild(std::size_t c, float* d_out) {
    const auto scale = static_cast<float>(2.0 / static_cast<double>(n_ * d));
    double error = 0;
    for (std::size_t i = 0; i < d; ++i) {
      float* row = d_out + i * kChunk;
      for (std::size_t t = 0; t < kChunk; t += 8) {
        Float4 first{};
        Float4 second{};
        for (std::size_t j = 0; j < m_; ++j) {
          const Float4 weight = simd::broadcast<Float4>(decoder_(j, i));
          first += weight * load(z_row(c, j) + t);
          second += weight * load(z_row(c, j) + t + 4);
        }
        const Float4 bias = simd::broadcast<Float4>(decoder_bias_.empty() ? 0.0f : decoder_bias_(i));
        simd::store(first + bias - load(x_row(c, i) + t), row + t);
        simd::store(second + bias - load(x_row(c, i) + t + 4), row + t + 4);
      }
      for (std::size_t t = n_in(c); t < kChunk; ++t) row[t] = 0.0f;
      Float4 squares{};
      Float4 sum{};
      for (std::size_t t = 0; t < kChunk; t += 4) {
        const Float4 difference = load(row + t);
        squares += difference * difference;
        sum += difference * scale;
        simd::store(difference * scale, row + t);
      }
      error += sum_of(squares);
      gradients_of(c)[2 * m_ * d + m_ + i] = sum_of(sum);
    }
    errors_[c] = error;
  }

  void reverse_latent(std::size_t c, std::size_t j, const float* dz, const float* d_out) {
    const Float4 l1 = simd::broadcast<Float4>(static_cast<float>(options_.l1_weight / static_cast<double>(n_ * m_)));
    std::array<Float4, d> weight;
    std::array<Float4, d> encoder{};
    std::array<Float4, d> decoder{};
    Float4 bias{};
    for (std::size_t i = 0; i < d; ++i) weight[i] = simd::broadcast<Float4>(decoder_(j, i));
    for (std::size_t t = 0; t < kChunk; t += 4) {
      const Float4 z = load(z_row(c, j) + t);
      Float4 gradient = load(dz + t) + (z > 0.0f ? l1 : z < 0.0f ? -l1 : Float4{});
      for (std::size_t i = 0; i < d; ++i) {
        const Float4 out = load(d_out + i * kChunk + t);
        gradient += out * weight[i];
        decoder[i] += z * out;
      }
      gradient *= load(slope_row(c, j) + t);
      bias += gradient;
      for (std::size_t i = 0; i < d; ++i) encoder[i] += gradient * load(x_row(c, i) + t);
    }
    double* sums = gradients_of(c);
    for (std::size_t i = 0; i < d; ++i) {
      sums[j * d + i] = sum_of(encoder[i]);
      sums[(m_ + j) * d + i] = sum_of(decoder[i]);
    }
    sums[2 * m_ * d + j] = sum_of(bias);
  }

  SparseAutoencoderWeights gather() const {
    std::vector<double> sums(n_gradients(), 0.0);
    for (std::size_t c = 0; c < n_chunks_; ++c) {
      for (std::size_t k = 0; k < sums.size(); ++k) sums[k] += gradients_[c * n_gradients() + k];
    }
    if (options_.tied) {
      for (std::size_t k = 0; k < m_ * d; ++k) sums[k] += sums[m_ * d + k];
    }
    const auto take = [&](std::size_t begin, Shape shape) {
      Tensor part = Tensor::uninitialized(std::move(shape));
      for (std::size_t k = 0; k < part.size(); ++k) part.data()[k] = static_cast<float>(sums[begin + k]);
      return part;
    };
    SparseAutoencoderWeights gradient;
    gradient.encoder = take(0, {m_, d});
    if (!options_.tied) gradient.decoder = take(m_ * d, {m_, d});
    if (options_.biases) gradient.encoder_bias = take(2 * m_ * d, {m_});
    if (options_.biases) gradient.decoder_bias = take(2 * m_ * d + m_, {d});
    return gradient;
  }

  const SparseAutoencoderOptions& options_;
  const Tensor& encoder_;
  const Tensor& decoder_;
  const Tensor& encoder_bias_;
  const Tensor& decoder_bias_;
  ThreadPool& pool_;
  std::size_t n_, m_, m4_, n_chunks_;
  Tensor x_;                                 // [n_chunks, d, kChunk]
  Tensor z_;                                 // [n_chunks, m4, kChunk]
  Tensor slope_;                             // [n_chunks, m, kChunk]
  std::vector<double> sums_;                 // [n_chunks, m]
  std::vector<double> magnitudes_, errors_;  // [n_chunks]
  std::vector<double> gradients_;            // [n_chunks, n_gradients()]
  std::vector<float> means_;                 // [m]
  std::vector<double> products_;             // [n_chunks, m4, m4], the upper part
  std::vector<Float4> pull_;                 // [m4, m4]
};

}  // namespace

bool is_narrow(const SparseAutoencoderOptions& options) {
  return options.n_inputs >= 1 && options.n_inputs <= kMostInputs && options.n_latents >= 1 &&
         options.n_latents <= kMostLatents && options.top_k == 0;
}

SparseAutoencoderWeights narrow_gradient(const SparseAutoencoderOptions& options,
                                         const SparseAutoencoderWeights& weights, ConstMatrixView x, ThreadPool& pool,
                                         SparseAutoencoderLoss& loss) {
  switch (options.n_inputs) {
    case 1:
      return NarrowPass<1>(options, weights, x, pool).run(loss);
    case 2:
      return NarrowPass<2>(options, weights, x, pool).run(loss);
    case 3:
      return NarrowPass<3>(options, weights, x, pool).run(loss);
    default:
      return NarrowPass<4>(options, weights, x, pool).run(loss);
  }
}

}  // namespace soi
