// The forward pass of GPT-2, as an ordered list of operations.
//
//   T        positions of one lane           n_rows   rows of a group of lanes, one after the other
//   d_model  width of the residual stream    n_heads, d_head   d_model = n_heads * d_head
//   d_mlp    width of the MLP, 4 d_model     n_vocab  tokens
//
//   x = wte[token] + wpe[position]                        embedding.cpp        hook_embed, hook_pos_embed
//   for each block:
//     x += W_O attention(W_QKV ln1(x))                    block_attention.cpp  resid_pre ... attn_out
//     x += W_out gelu(W_in ln2(x))                        block_mlp.cpp        resid_mid ... resid_post
//   logits = ln_final(x) wte^T                            logits.cpp           ln_final, logits

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/kernels/layer_norm.h"
#include "core/kernels/linear.h"
#include "core/model/forward_state.h"
#include "core/model/key_value_cache.h"
#include "core/model/normalization.h"
#include "core/tensor/error.h"

namespace soi {
namespace {

constexpr std::size_t kMaxGroupRows = 512;  // bounds the workspace: about 11 d_model floats a row
/// What it takes to fetch and pack one weight, in multiply-adds: a run of few rows is bound by memory.
constexpr double kFetchRows = 8.0;
/// What it takes to pass over one number of an activation.
constexpr double kPassCost = 16.0;

double linear_cost(std::size_t n_rows, std::size_t n_in, std::size_t n_out) {
  return 2.0 * static_cast<double>(n_in) * static_cast<double>(n_out) * (static_cast<double>(n_rows) + kFetchRows);
}

}  // namespace

ForwardRun::State::State(const Gpt2& run_model, std::span<const Lane> run_lanes, double step_operations)
    : model(run_model),
      config(run_model.config()),
      pool(run_model.pool()),
      lanes(run_lanes),
      rows(lay_out_lanes(lanes, config)),
      hooks(lanes, rows, config),
      groups(group_lanes(rows, kMaxGroupRows)),
      step_cost(step_operations * pool.n_threads()),
      results(lanes.size()) {
  std::size_t n_rows = 0;
  std::size_t n = 0;  // rows of the largest group
  for (const LaneGroup& group : groups) {
    n_rows += group.n_rows;
    n = std::max(n, group.n_rows);
  }
  const std::size_t d_model = config.d_model;
  residual = Tensor::uninitialized({n_rows, d_model});
  workspace.normalized = Tensor::uninitialized({n, d_model});
  workspace.scale = Tensor::uninitialized({n, 1});
  workspace.branch = Tensor::uninitialized({n, d_model});
  if (!runs_before(hooks.last_needed(), {HookPoint::q, 0})) {
    workspace.qkv = Tensor::uninitialized({n, 3 * d_model});
    workspace.z = Tensor::uninitialized({n, d_model});
    workspace.mlp = Tensor::uninitialized({n, config.d_mlp});
  }
  reserve_caches();
  plan_forward();
}

void ForwardRun::State::reserve_caches() {
  for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
    if (lanes[lane].cache == nullptr) continue;
    KeyValueCache::State& cache = *lanes[lane].cache->state_;
    if (cache.config != config) {
      throw Error(ErrorCode::invalid_argument, "A key-value cache was made for another model.",
                  "Make a new cache when the model changes.", {{"name", "cache"}});
    }
    cache.reserve(rows[lane].n_keys());
  }
}

void ForwardRun::State::plan_forward() {
  for (const LaneGroup& group : groups) {
    const double n_numbers = static_cast<double>(group.n_rows * config.d_model);
    add({HookPoint::embed}, kPassCost * n_numbers, [=, this] { embed(group); });
  }
  for (std::size_t layer = 0; layer < config.n_layers; ++layer) {
    const double n_weights = static_cast<double>(config.d_model * (4 * config.d_model + 2 * config.d_mlp));
    add({HookPoint::ln1_scale, layer}, n_weights, [=, this] { load_block(layer); });
    for (const LaneGroup& group : groups) {
      plan_attention(layer, group);
      plan_mlp(layer, group);
    }
  }
  plan.add(kPassCost, [this] { release_blocks(); });
  plan_logits();
}

void ForwardRun::State::add(Hook hook, double cost, std::function<void()> operation) {
  if (!runs_before(hooks.last_needed(), hook)) plan.add(cost, std::move(operation));
}

void ForwardRun::State::add_linear(Hook hook, LinearWeights BlockWeights::* linear, MatrixView x, MatrixView y) {
  const double row_cost = linear_cost(1, x.n_cols, y.n_cols) - linear_cost(0, x.n_cols, y.n_cols);
  const auto n_pieces = static_cast<std::size_t>(std::ceil(row_cost * static_cast<double>(x.n_rows) / step_cost));
  const std::size_t n_rows = (x.n_rows + n_pieces - 1) / n_pieces;
  for (std::size_t first = 0; first < x.n_rows; first += n_rows) {
    const std::size_t n = std::min(n_rows, x.n_rows - first);
    add(hook, linear_cost(n, x.n_cols, y.n_cols), [=, this] {
      const LinearWeights& weights = (*block).*linear;
      soi::linear(middle_rows(x, first, n), weights.weight, weights.bias, middle_rows(y, first, n), pool);
    });
  }
}

void ForwardRun::State::load_block(std::size_t layer) {
  block.reset();  // first, so that a streamed source never holds two
  block = model.weights().block(layer);
}

void ForwardRun::State::release_blocks() {
  block.reset();
  workspace.qkv = {};
  workspace.z = {};
  workspace.branch = {};
  workspace.mlp = {};
}

void ForwardRun::State::touch(Hook hook, const LaneGroup& group, MatrixView activations) {
  for (const LaneHook& entry : hooks.at(hook)) {
    if (!group.contains(entry.lane)) continue;
    const LaneRows& lane = rows[entry.lane];
    const MatrixView lane_rows = middle_rows(activations, lane.first_row - group.first_row, lane.n_new);
    Tensor activation = Tensor::uninitialized(activation_shape(hook, lane, config));
    for (std::size_t row = 0; row < lane.n_new; ++row) {
      std::ranges::copy(lane_rows[row], activation.data() + row * lane_rows.n_cols);
    }
    for (const Edit* edit : entry.edits) apply_edit(*edit, activation);
    if (!entry.edits.empty()) {
      for (std::size_t row = 0; row < lane.n_new; ++row) {
        std::copy_n(activation.data() + row * lane_rows.n_cols, lane_rows.n_cols, lane_rows.row(row));
      }
    }
    if (entry.is_captured) results[entry.lane].captured.insert_or_assign(hook, std::move(activation));
  }
}

void ForwardRun::State::normalize(Hook scale, Hook normalized, const LayerNormWeights& weights,
                                  const LaneGroup& group) {
  const MatrixView x = residual_rows(group);
  const MatrixView y = middle_rows(workspace.normalized.matrix(), 0, group.n_rows);
  const MatrixView divisors = middle_rows(workspace.scale.matrix(), 0, group.n_rows);
  layer_norm(x, weights.gain, weights.bias, config.layer_norm_epsilon, y, divisors.data, pool);
  if (!hooks.at(scale).empty()) {
    const std::vector<float> before(divisors.data, divisors.data + group.n_rows);
    touch(scale, group, divisors);
    for (std::size_t row = 0; row < group.n_rows; ++row) {
      const float divisor = *divisors.row(row);
      if (divisor != before[row]) normalize_by(x[row], divisor, weights, y[row]);
    }
  }
  touch(normalized, group, y);
}

void ForwardRun::State::add_branch(const LaneGroup& group) {
  const MatrixView x = residual_rows(group);
  const MatrixView branch = middle_rows(workspace.branch.matrix(), 0, group.n_rows);
  for (std::size_t row = 0; row < group.n_rows; ++row) {
    for (std::size_t column = 0; column < config.d_model; ++column) x.row(row)[column] += branch.row(row)[column];
  }
}

ForwardRun::ForwardRun(const Gpt2& model, std::span<const Lane> lanes, double step_operations)
    : state_(std::make_unique<State>(model, lanes, step_operations)) {}

ForwardRun::~ForwardRun() = default;

bool ForwardRun::done() const { return state_->plan.done(); }

double ForwardRun::fraction() const { return state_->plan.fraction(); }

void ForwardRun::advance() { state_->plan.advance(state_->step_cost); }

std::vector<LaneResult> ForwardRun::take_results() {
  if (!done() || state_->results.size() != state_->lanes.size()) {
    throw Error(ErrorCode::internal, "The results of a run were taken before its end, or twice.");
  }
  for (std::size_t lane = 0; lane < state_->lanes.size(); ++lane) {
    if (KeyValueCache* cache = state_->lanes[lane].cache) cache->state_->length = state_->rows[lane].n_keys();
  }
  return std::exchange(state_->results, {});
}

}  // namespace soi
