#pragma once

// GPT-2 in float64 by plain loops, straight from the paper's equations: the independent check of the tests. It computes
// nothing with core/.

#include <cmath>
#include <cstddef>
#include <map>
#include <vector>

#include "core/hooks/hook_name.h"
#include "tests/core/model/random_weights.h"

namespace soi {

/// Rows of float64.
struct ReferenceMatrix {
  std::size_t n_rows = 0;
  std::size_t n_cols = 0;
  std::vector<double> values;

  ReferenceMatrix() = default;
  ReferenceMatrix(std::size_t rows, std::size_t cols) : n_rows(rows), n_cols(cols), values(rows * cols) {}
  double& operator()(std::size_t row, std::size_t col) { return values[row * n_cols + col]; }
  double operator()(std::size_t row, std::size_t col) const { return values[row * n_cols + col]; }
};

/// Every hook's activation, flat in the hook's shape; masked scores are -infinity.
using ReferenceActivations = std::map<Hook, std::vector<double>>;

class ReferenceGpt2 {
 public:
  explicit ReferenceGpt2(const RandomWeights& weights) : weights_(weights), config_(weights.config()) {}

  ReferenceMatrix embed(const std::vector<std::int32_t>& tokens) const {
    ReferenceMatrix x(tokens.size(), config_.d_model);
    for (std::size_t t = 0; t < x.n_rows; ++t) {
      for (std::size_t i = 0; i < x.n_cols; ++i) {
        x(t, i) = static_cast<double>(weights_.wte[static_cast<std::size_t>(tokens[t]) * x.n_cols + i]);
      }
    }
    return x;
  }

  ReferenceActivations run(const ReferenceMatrix& embeddings) const {
    ReferenceActivations out;
    out[{HookPoint::embed}] = embeddings.values;
    ReferenceMatrix positions(embeddings.n_rows, config_.d_model);
    for (std::size_t i = 0; i < positions.values.size(); ++i)
      positions.values[i] = static_cast<double>(weights_.wpe[i]);
    out[{HookPoint::pos_embed}] = positions.values;
    ReferenceMatrix x = sum(embeddings, positions);
    for (std::size_t layer = 0; layer < config_.n_layers; ++layer) x = block(layer, x, out);
    ReferenceMatrix scale;
    const ReferenceMatrix normalized = layer_norm(x, weights_.ln_final_gain, weights_.ln_final_bias, scale);
    out[{HookPoint::ln_final_scale}] = scale.values;
    out[{HookPoint::ln_final_normalized}] = normalized.values;
    ReferenceMatrix logits(x.n_rows, config_.n_vocab);
    for (std::size_t t = 0; t < x.n_rows; ++t) {
      for (std::size_t token = 0; token < config_.n_vocab; ++token) {
        for (std::size_t i = 0; i < x.n_cols; ++i) {
          logits(t, token) += normalized(t, i) * static_cast<double>(weights_.wte[token * x.n_cols + i]);
        }
      }
    }
    out[{HookPoint::logits}] = logits.values;
    return out;
  }

 private:
  static ReferenceMatrix sum(const ReferenceMatrix& a, const ReferenceMatrix& b) {
    ReferenceMatrix c = a;
    for (std::size_t i = 0; i < c.values.size(); ++i) c.values[i] += b.values[i];
    return c;
  }

  static ReferenceMatrix linear(const ReferenceMatrix& x, const std::vector<float>& w, const std::vector<float>& bias) {
    ReferenceMatrix y(x.n_rows, bias.size());
    for (std::size_t t = 0; t < x.n_rows; ++t) {
      for (std::size_t out = 0; out < y.n_cols; ++out) {
        y(t, out) = static_cast<double>(bias[out]);
        for (std::size_t in = 0; in < x.n_cols; ++in) {
          y(t, out) += x(t, in) * static_cast<double>(w[in * y.n_cols + out]);
        }
      }
    }
    return y;
  }

  ReferenceMatrix layer_norm(const ReferenceMatrix& x, const std::vector<float>& gain, const std::vector<float>& bias,
                             ReferenceMatrix& scale) const {
    ReferenceMatrix y(x.n_rows, x.n_cols);
    scale = ReferenceMatrix(x.n_rows, 1);
    const auto n = static_cast<double>(x.n_cols);
    for (std::size_t t = 0; t < x.n_rows; ++t) {
      double mean = 0.0;
      double variance = 0.0;
      for (std::size_t i = 0; i < x.n_cols; ++i) mean += x(t, i) / n;
      for (std::size_t i = 0; i < x.n_cols; ++i) variance += (x(t, i) - mean) * (x(t, i) - mean) / n;
      scale(t, 0) = std::sqrt(variance + static_cast<double>(config_.layer_norm_epsilon));
      for (std::size_t i = 0; i < x.n_cols; ++i) {
        y(t, i) = (x(t, i) - mean) / scale(t, 0) * static_cast<double>(gain[i]) + static_cast<double>(bias[i]);
      }
    }
    return y;
  }

  ReferenceMatrix attention(std::size_t layer, const ReferenceMatrix& qkv, ReferenceActivations& out) const {
    const std::size_t n = qkv.n_rows;
    const std::size_t d = config_.d_model;
    ReferenceMatrix z(n, d);
    std::vector<double>& scores = out[{HookPoint::attn_scores, layer}];
    std::vector<double>& pattern = out[{HookPoint::pattern, layer}];
    scores.assign(config_.n_heads * n * n, -HUGE_VAL);
    pattern.assign(config_.n_heads * n * n, 0.0);
    for (std::size_t head = 0; head < config_.n_heads; ++head) {
      for (std::size_t query = 0; query < n; ++query) {
        const std::size_t row = (head * n + query) * n;
        double total = 0.0;
        for (std::size_t key = 0; key <= query; ++key) {
          double dot = 0.0;
          for (std::size_t i = 0; i < config_.d_head; ++i) {
            dot += qkv(query, head * config_.d_head + i) * qkv(key, d + head * config_.d_head + i);
          }
          scores[row + key] = dot / std::sqrt(static_cast<double>(config_.d_head));
          total += std::exp(scores[row + key]);
        }
        for (std::size_t key = 0; key <= query; ++key) {
          pattern[row + key] = std::exp(scores[row + key]) / total;
          for (std::size_t i = 0; i < config_.d_head; ++i) {
            z(query, head * config_.d_head + i) += pattern[row + key] * qkv(key, 2 * d + head * config_.d_head + i);
          }
        }
      }
    }
    return z;
  }

  ReferenceMatrix block(std::size_t layer, const ReferenceMatrix& x, ReferenceActivations& out) const {
    const RandomWeights::BlockValues& w = weights_.blocks[layer];
    ReferenceMatrix scale;
    out[{HookPoint::resid_pre, layer}] = x.values;
    const ReferenceMatrix normalized1 = layer_norm(x, w.ln1_gain, w.ln1_bias, scale);
    out[{HookPoint::ln1_scale, layer}] = scale.values;
    out[{HookPoint::ln1_normalized, layer}] = normalized1.values;
    const ReferenceMatrix qkv = linear(normalized1, w.qkv, w.qkv_bias);
    std::size_t first_column = 0;
    for (HookPoint point : {HookPoint::q, HookPoint::k, HookPoint::v}) {
      for (std::size_t t = 0; t < x.n_rows; ++t) {
        for (std::size_t i = 0; i < x.n_cols; ++i) out[{point, layer}].push_back(qkv(t, first_column + i));
      }
      first_column += x.n_cols;
    }
    const ReferenceMatrix z = attention(layer, qkv, out);
    out[{HookPoint::z, layer}] = z.values;
    const ReferenceMatrix attn_out = linear(z, w.attn_out, w.attn_out_bias);
    out[{HookPoint::attn_out, layer}] = attn_out.values;
    const ReferenceMatrix mid = sum(x, attn_out);
    out[{HookPoint::resid_mid, layer}] = mid.values;
    const ReferenceMatrix normalized2 = layer_norm(mid, w.ln2_gain, w.ln2_bias, scale);
    out[{HookPoint::ln2_scale, layer}] = scale.values;
    out[{HookPoint::ln2_normalized, layer}] = normalized2.values;
    ReferenceMatrix hidden = linear(normalized2, w.mlp_in, w.mlp_in_bias);
    out[{HookPoint::mlp_pre, layer}] = hidden.values;
    constexpr double kPi = 3.14159265358979323846;
    for (double& h : hidden.values) {
      h = 0.5 * h * (1.0 + std::tanh(std::sqrt(2.0 / kPi) * (h + 0.044715 * h * h * h)));
    }
    out[{HookPoint::mlp_post, layer}] = hidden.values;
    const ReferenceMatrix mlp_out = linear(hidden, w.mlp_out, w.mlp_out_bias);
    out[{HookPoint::mlp_out, layer}] = mlp_out.values;
    ReferenceMatrix post = sum(mid, mlp_out);
    out[{HookPoint::resid_post, layer}] = post.values;
    return post;
  }

  const RandomWeights& weights_;
  const Config& config_;
};

}  // namespace soi
