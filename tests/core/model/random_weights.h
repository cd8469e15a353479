#pragma once

// A tiny GPT-2 in memory, with seeded random weights of a size at which every part of a block matters.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/kernels/random.h"
#include "core/weights/weight_source.h"

namespace soi {

/// Sizes that no block size divides.
inline Config tiny_config() {
  Config config;
  config.n_layers = 3;
  config.n_heads = 4;
  config.d_head = 5;
  config.d_model = 20;
  config.d_mlp = 37;
  config.n_ctx = 90;
  config.n_vocab = 61;
  return config;
}

class RandomWeights final : public WeightSource {
 public:
  struct BlockValues {
    std::vector<float> ln1_gain, ln1_bias, qkv, qkv_bias, attn_out, attn_out_bias;
    std::vector<float> ln2_gain, ln2_bias, mlp_in, mlp_in_bias, mlp_out, mlp_out_bias;
  };

  explicit RandomWeights(const Config& config, std::uint64_t seed = 1) : config_(config), seed_(seed) {
    const std::size_t d = config.d_model;
    wte = draw(config.n_vocab * d, 1.0f);
    wpe = draw(config.n_ctx * d, 0.3f);
    ln_final_gain = draw(d, 0.2f, 1.0f);
    ln_final_bias = draw(d, 0.2f);
    for (std::size_t layer = 0; layer < config.n_layers; ++layer) {
      BlockValues block;
      block.ln1_gain = draw(d, 0.2f, 1.0f);
      block.ln1_bias = draw(d, 0.2f);
      block.qkv = draw(3 * d * d, 1.5f / root(d));
      block.qkv_bias = draw(3 * d, 0.2f);
      block.attn_out = draw(d * d, 1.0f / root(d));
      block.attn_out_bias = draw(d, 0.2f);
      block.ln2_gain = draw(d, 0.2f, 1.0f);
      block.ln2_bias = draw(d, 0.2f);
      block.mlp_in = draw(d * config.d_mlp, 1.0f / root(d));
      block.mlp_in_bias = draw(config.d_mlp, 0.2f);
      block.mlp_out = draw(config.d_mlp * d, 1.0f / root(config.d_mlp));
      block.mlp_out_bias = draw(d, 0.2f);
      blocks.push_back(std::move(block));
    }
    embeddings_.wte = matrix(wte, d, config.n_vocab, WeightLayout::out_in);
    embeddings_.wpe = matrix(wpe, d, config.n_ctx, WeightLayout::out_in);
    embeddings_.ln_final = {ln_final_gain.data(), ln_final_bias.data()};
  }

  const Config& config() const override { return config_; }
  NumberFormat format() const override { return NumberFormat::f32; }
  std::size_t memory_bytes() const override { return wte.size() * sizeof(float); }
  const EmbeddingWeights& embeddings() const override { return embeddings_; }

  std::shared_ptr<const BlockWeights> block(std::size_t layer) override {
    asked.push_back(layer);
    most_held = std::max(most_held, ++n_held_);
    const BlockValues& values = blocks.at(layer);
    const std::size_t d = config_.d_model;
    auto* weights = new BlockWeights;
    weights->ln1 = {values.ln1_gain.data(), values.ln1_bias.data()};
    weights->attn_qkv = {matrix(values.qkv, d, 3 * d), values.qkv_bias.data()};
    weights->attn_out = {matrix(values.attn_out, d, d), values.attn_out_bias.data()};
    weights->ln2 = {values.ln2_gain.data(), values.ln2_bias.data()};
    weights->mlp_in = {matrix(values.mlp_in, d, config_.d_mlp), values.mlp_in_bias.data()};
    weights->mlp_out = {matrix(values.mlp_out, config_.d_mlp, d), values.mlp_out_bias.data()};
    return {weights, [this](const BlockWeights* held) {
              --n_held_;
              delete held;
            }};
  }

  std::vector<float> wte, wpe, ln_final_gain, ln_final_bias;
  std::vector<BlockValues> blocks;
  std::vector<std::size_t> asked;  // layers, in the order in which a run asked for them
  int most_held = 0;               // blocks that a run held at once

 private:
  static float root(std::size_t n) { return std::sqrt(static_cast<float>(n)); }

  static WeightMatrix matrix(const std::vector<float>& values, std::size_t n_in, std::size_t n_out,
                             WeightLayout layout = WeightLayout::in_out) {
    return {values.data(), nullptr, n_in, n_out, NumberFormat::f32, layout};
  }

  std::vector<float> draw(std::size_t n, float deviation, float mean = 0.0f) {
    std::vector<float> values(n);
    for (std::size_t i = 0; i < n; ++i) values[i] = mean + deviation * normal(seed_, stream_, i);
    ++stream_;
    return values;
  }

  Config config_;
  std::uint64_t seed_;
  std::uint64_t stream_ = 0;
  EmbeddingWeights embeddings_;
  int n_held_ = 0;
};

/// `n` tokens, the same for the same seed.
inline std::vector<std::int32_t> random_tokens(std::size_t n, std::uint64_t seed, std::size_t n_vocab = 61) {
  std::vector<std::int32_t> tokens(n);
  for (std::size_t i = 0; i < n; ++i) {
    tokens[i] = static_cast<std::int32_t>(uniform(seed, 1, i) * static_cast<double>(n_vocab));
  }
  return tokens;
}

}  // namespace soi
