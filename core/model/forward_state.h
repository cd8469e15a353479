#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "core/model/attention.h"
#include "core/model/forward_plan.h"
#include "core/model/gpt2.h"
#include "core/model/hook_table.h"
#include "core/model/lane_rows.h"

namespace soi {

/// A forward run's memory and plan. The operations that the plan names are spread over the files of the model's parts:
/// embedding.cpp, block_attention.cpp, block_mlp.cpp, logits.cpp; forward_run.cpp has their order.
struct ForwardRun::State {
  /// What a lane group's block needs, of the largest group: n rows each.
  struct Workspace {
    Tensor normalized;  // [n, d_model]
    Tensor scale;       // [n, 1]
    Tensor qkv;         // [n, 3 d_model]
    Tensor z;           // [n, d_model]
    Tensor branch;      // [n, d_model]: attn_out, then mlp_out
    Tensor mlp;         // [n, d_mlp]: mlp_pre, then mlp_post
  };

  State(const Gpt2& run_model, std::span<const Lane> run_lanes, double step_operations);

  const Gpt2& model;
  const Config& config;
  ThreadPool& pool;
  std::span<const Lane> lanes;
  std::vector<LaneRows> rows;
  HookTable hooks;
  std::vector<LaneGroup> groups;
  double step_cost;  // of one step of the plan, all threads together

  Tensor residual;  // [rows of all lanes, d_model]
  Workspace workspace;
  std::shared_ptr<const BlockWeights> block;  // the one that is being run
  Tensor head_rows;                           // [rows that get logits, d_model]: ln_final_normalized
  std::vector<LaneResult> results;            // by lane
  ForwardPlan plan;

  // --- forward_run.cpp
  void reserve_caches();
  void plan_forward();
  /// Adds an operation whose first effect is on `hook`, unless nobody needs what comes from there on.
  void add(Hook hook, double cost, std::function<void()> operation);
  /// y = x W + bias in pieces of rows. `linear` names the weights in the block that will then be loaded.
  void add_linear(Hook hook, LinearWeights BlockWeights::* linear, MatrixView x, MatrixView y);
  void load_block(std::size_t layer);
  /// Gives back what only blocks need.
  void release_blocks();
  /// Lets the group's lanes read and write at `hook`.  activations: the rows of the group.
  void touch(Hook hook, const LaneGroup& group, MatrixView activations);
  /// LayerNorm of the group's residual rows into workspace.normalized, with its two hooks.
  void normalize(Hook scale, Hook normalized, const LayerNormWeights& weights, const LaneGroup& group);
  /// residual += workspace.branch
  void add_branch(const LaneGroup& group);
  MatrixView residual_rows(const LaneGroup& group) {
    return middle_rows(residual.matrix(), group.first_row, group.n_rows);
  }

  // --- embedding.cpp
  void embed(const LaneGroup& group);

  // --- block_attention.cpp
  void plan_attention(std::size_t layer, const LaneGroup& group);
  void touch_qkv(std::size_t layer, const LaneGroup& group);
  void append_to_caches(std::size_t layer, const LaneGroup& group);
  AttentionLane attention_lane(std::size_t layer, const LaneGroup& group, std::size_t lane);
  bool has_attention_hooks(std::size_t layer, std::size_t lane) const;
  /// Part `part` of `n_parts` of the attention of those lanes that have no hook inside it.
  void attend_part(std::size_t layer, const LaneGroup& group, std::size_t part, std::size_t n_parts);
  void attend_with_hooks(std::size_t layer, const LaneGroup& group, std::size_t lane);

  // --- block_mlp.cpp
  void plan_mlp(std::size_t layer, const LaneGroup& group);

  // --- logits.cpp
  void plan_logits();
  std::vector<std::size_t> asked_positions(std::size_t lane) const;
  /// Those asked for, or all where a hook wants the whole activation.
  std::vector<std::size_t> computed_positions(std::size_t lane) const;
  void gather_head_rows(const LaneGroup& group);
  void unembed_piece(std::size_t first_row, std::size_t n_rows, std::size_t first_token, std::size_t n_tokens);
  void finish_logits(std::size_t lane);
};

/// y [n, n_tokens] = normalized [n, d_model] times the wte rows of tokens [first_token, first_token + n_tokens).
void unembed_tokens(ConstMatrixView normalized, const WeightMatrix& wte, std::size_t first_token, std::size_t n_tokens,
                    MatrixView y, ThreadPool& pool) noexcept;

}  // namespace soi
