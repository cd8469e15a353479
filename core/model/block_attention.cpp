#include <algorithm>
#include <cmath>
#include <limits>

#include "core/model/forward_state.h"
#include "core/model/key_value_cache.h"

namespace soi {
namespace {

/// Multiply-adds of q k^T and pattern v take longer than a matrix product's: they count twice.
double attention_cost(const LaneRows& lane, std::size_t d_model) {
  return 2.0 * 4.0 * static_cast<double>(lane.n_new) * static_cast<double>(lane.n_keys()) *
         static_cast<double>(d_model);
}

}  // namespace

void ForwardRun::State::plan_attention(std::size_t layer, const LaneGroup& group) {
  const MatrixView normalized = middle_rows(workspace.normalized.matrix(), 0, group.n_rows);
  const MatrixView qkv = middle_rows(workspace.qkv.matrix(), 0, group.n_rows);
  const MatrixView z = middle_rows(workspace.z.matrix(), 0, group.n_rows);
  const MatrixView attn_out = middle_rows(workspace.branch.matrix(), 0, group.n_rows);
  const double pass_cost = static_cast<double>(group.n_rows * config.d_model);

  add({HookPoint::resid_pre, layer}, pass_cost,
      [=, this] { touch({HookPoint::resid_pre, layer}, group, residual_rows(group)); });
  add({HookPoint::ln1_scale, layer}, pass_cost,
      [=, this] { normalize({HookPoint::ln1_scale, layer}, {HookPoint::ln1_normalized, layer}, block->ln1, group); });
  add_linear({HookPoint::q, layer}, &BlockWeights::attn_qkv, normalized, qkv);
  add({HookPoint::q, layer}, pass_cost, [=, this] {
    touch_qkv(layer, group);
    append_to_caches(layer, group);
  });

  double cost_together = 0.0;
  for (std::size_t lane = group.first_lane; lane < group.first_lane + group.n_lanes; ++lane) {
    const double cost = attention_cost(rows[lane], config.d_model);
    if (!has_attention_hooks(layer, lane)) {
      cost_together += cost;
      continue;
    }
    add({HookPoint::attn_scores, layer}, cost, [=, this] { attend_with_hooks(layer, group, lane); });
  }
  const std::size_t most_parts = config.n_heads * group.n_rows;
  const auto n_parts = std::min(most_parts, static_cast<std::size_t>(std::ceil(cost_together / step_cost)));
  for (std::size_t part = 0; part < n_parts; ++part) {
    add({HookPoint::attn_scores, layer}, cost_together / static_cast<double>(n_parts),
        [=, this] { attend_part(layer, group, part, n_parts); });
  }

  add({HookPoint::z, layer}, pass_cost, [=, this] { touch({HookPoint::z, layer}, group, z); });
  add_linear({HookPoint::attn_out, layer}, &BlockWeights::attn_out, z, attn_out);
  add({HookPoint::attn_out, layer}, pass_cost, [=, this] {
    touch({HookPoint::attn_out, layer}, group, attn_out);
    add_branch(group);
  });
}

void ForwardRun::State::touch_qkv(std::size_t layer, const LaneGroup& group) {
  const MatrixView qkv = middle_rows(workspace.qkv.matrix(), 0, group.n_rows);
  std::size_t first_column = 0;
  for (HookPoint point : {HookPoint::q, HookPoint::k, HookPoint::v}) {
    touch({point, layer}, group, middle_columns(qkv, first_column, config.d_model));
    first_column += config.d_model;
  }
}

void ForwardRun::State::append_to_caches(std::size_t layer, const LaneGroup& group) {
  const std::size_t d_model = config.d_model;
  for (std::size_t lane = group.first_lane; lane < group.first_lane + group.n_lanes; ++lane) {
    if (lanes[lane].cache == nullptr) continue;
    KeyValueCache::State& cache = *lanes[lane].cache->state_;
    for (std::size_t i = 0; i < rows[lane].n_new; ++i) {
      const float* row = workspace.qkv.matrix().row(rows[lane].first_row - group.first_row + i);
      const std::size_t position = rows[lane].n_past + i;
      std::copy_n(row + d_model, d_model, cache.keys[layer].data() + position * d_model);
      std::copy_n(row + 2 * d_model, d_model, cache.values[layer].data() + position * d_model);
    }
  }
}

AttentionLane ForwardRun::State::attention_lane(std::size_t layer, const LaneGroup& group, std::size_t lane) {
  const LaneRows& of_lane = rows[lane];
  const std::size_t d_model = config.d_model;
  const std::size_t first = of_lane.first_row - group.first_row;
  const MatrixView qkv = middle_rows(workspace.qkv.matrix(), first, of_lane.n_new);
  AttentionLane view;
  view.queries = middle_columns(qkv, 0, d_model);
  view.keys = middle_columns(qkv, d_model, d_model);
  view.values = middle_columns(qkv, 2 * d_model, d_model);
  view.z = middle_rows(workspace.z.matrix(), first, of_lane.n_new);
  if (KeyValueCache* cache = lanes[lane].cache) {
    view.keys = {cache->state_->keys[layer].data(), of_lane.n_keys(), d_model, d_model};
    view.values = {cache->state_->values[layer].data(), of_lane.n_keys(), d_model, d_model};
  }
  return view;
}

bool ForwardRun::State::has_attention_hooks(std::size_t layer, std::size_t lane) const {
  return hooks.find({HookPoint::attn_scores, layer}, lane) != nullptr ||
         hooks.find({HookPoint::pattern, layer}, lane) != nullptr;
}

void ForwardRun::State::attend_part(std::size_t layer, const LaneGroup& group, std::size_t part, std::size_t n_parts) {
  std::vector<AttentionLane> views;
  views.reserve(group.n_lanes);  // tasks point into it
  std::vector<AttentionTask> tasks;
  for (std::size_t lane = group.first_lane; lane < group.first_lane + group.n_lanes; ++lane) {
    if (has_attention_hooks(layer, lane)) continue;
    views.push_back(attention_lane(layer, group, lane));
    add_attention_tasks(views.back(), config.n_heads, tasks);
  }
  const std::size_t begin = tasks.size() * part / n_parts;
  const std::size_t end = tasks.size() * (part + 1) / n_parts;
  attend(std::span(tasks).subspan(begin, end - begin), config.n_heads, pool);
}

void ForwardRun::State::attend_with_hooks(std::size_t layer, const LaneGroup& group, std::size_t lane) {
  const AttentionLane view = attention_lane(layer, group, lane);
  const auto read_and_write = [&](Hook hook, Tensor& activation, float masked) {
    const LaneHook* entry = hooks.find(hook, lane);
    if (entry == nullptr) return;
    for (const Edit* edit : entry->edits) {
      apply_edit(*edit, activation);
      mask_future(activation, masked);
    }
    if (entry->is_captured) results[lane].captured.insert_or_assign(hook, activation.clone());
  };
  Tensor scores = attention_scores(view, config.n_heads, pool);
  read_and_write({HookPoint::attn_scores, layer}, scores, -std::numeric_limits<float>::infinity());
  scores_to_pattern(scores, pool);
  Tensor& pattern = scores;
  read_and_write({HookPoint::pattern, layer}, pattern, 0.0f);
  mix_values(pattern, view, pool);
}

}  // namespace soi
