#include "core/model/reverse_pass.h"

#include <algorithm>

#include "core/kernels/gelu.h"
#include "core/kernels/layer_norm.h"
#include "core/kernels/linear.h"
#include "core/model/attention_backward.h"

namespace soi {

ReverseEntry reverse_entry(Hook hook, const Config& config) {
  if (hook.point == HookPoint::ln_final_normalized) return {true, HookPoint::resid_post, config.n_layers - 1};
  if (hook.point == HookPoint::resid_pre) {
    if (hook.layer == 0) return {};
    return {true, HookPoint::resid_post, hook.layer - 1};
  }
  return {in_block(hook.point), hook.point, hook.layer};
}

std::vector<Hook> remembered_hooks(Hook hook, const Config& config) {
  const ReverseEntry entry = reverse_entry(hook, config);
  std::vector<Hook> hooks;
  if (!entry.is_in_block) return hooks;
  for (std::size_t layer = 0; layer <= entry.layer; ++layer) {
    const HookPoint from = layer == entry.layer ? entry.point : HookPoint::resid_post;
    for (HookPoint point : {HookPoint::resid_pre, HookPoint::q, HookPoint::k, HookPoint::v, HookPoint::pattern}) {
      hooks.push_back({point, layer});
    }
    if (from >= HookPoint::mlp_pre) hooks.push_back({HookPoint::resid_mid, layer});
    if (from >= HookPoint::mlp_post) hooks.push_back({HookPoint::mlp_pre, layer});
  }
  if (hook.point == HookPoint::ln_final_normalized) hooks.push_back({HookPoint::resid_post, entry.layer});
  return hooks;
}

ReversePass::ReversePass(const Gpt2& model, std::span<const LaneRows> rows, std::span<const LaneResult> remembered)
    : model_(model), config_(model.config()), rows_(rows), remembered_(remembered) {
  const std::size_t n_rows = rows.empty() ? 0 : rows.back().first_row + rows.back().n_new;
  d_residual_ = Tensor({n_rows, config_.d_model});
  d_branch_ = Tensor::uninitialized({n_rows, config_.d_model});
  d_hidden_ = Tensor::uninitialized({n_rows, config_.d_mlp});
  d_qkv_ = Tensor::uninitialized({n_rows, 3 * config_.d_model});
}

std::vector<Tensor> ReversePass::run(Hook hook, std::span<const Tensor> cotangents) {
  const ReverseEntry entry = reverse_entry(hook, config_);
  if (hook.point == HookPoint::pos_embed) return split(d_residual_);  // 0: positions do not depend on the embeddings
  if (hook.point == HookPoint::ln_final_normalized) {
    gather(cotangents, d_branch_);
    norm_backward({HookPoint::resid_post, entry.layer}, model_.weights().embeddings().ln_final);
    add_branch();
  } else if (entry.point == HookPoint::mlp_pre || entry.point == HookPoint::mlp_post) {
    gather(cotangents, d_hidden_);
  } else if (entry.point == HookPoint::attn_out || entry.point == HookPoint::mlp_out) {
    gather(cotangents, d_branch_);
  } else {
    gather(cotangents, d_residual_);
  }
  if (entry.is_in_block) {
    block_backward(entry.layer, entry.point);
    for (std::size_t layer = entry.layer; layer-- > 0;) block_backward(layer, HookPoint::resid_post);
  }
  return split(d_residual_);
}

void ReversePass::block_backward(std::size_t layer, HookPoint from) {
  const std::shared_ptr<const BlockWeights> block = model_.weights().block(layer);
  ThreadPool& pool = model_.pool();
  if (from >= HookPoint::mlp_out) {
    const Tensor& d_mlp_out = from == HookPoint::mlp_out ? d_branch_ : d_residual_;
    linear_backward(d_mlp_out.matrix(), block->mlp_out.weight, d_hidden_.matrix(), pool);
  }
  if (from >= HookPoint::mlp_post) gelu_backward_rows(layer);
  if (from >= HookPoint::mlp_pre) mlp_input_backward(layer, *block);
  const Tensor& d_attn_out = from == HookPoint::attn_out ? d_branch_ : d_residual_;
  attention_backward(layer, *block, d_attn_out.matrix());
}

void ReversePass::gelu_backward_rows(std::size_t layer) {
  for (std::size_t lane = 0; lane < rows_.size(); ++lane) {
    const ConstMatrixView mlp_pre = kept(lane, {HookPoint::mlp_pre, layer}).matrix();
    const MatrixView d_hidden = lane_rows(d_hidden_, lane);
    model_.pool().parallel_for(mlp_pre.n_rows,
                               [&](std::size_t row) { gelu_backward(mlp_pre[row], d_hidden[row], d_hidden[row]); });
  }
}

void ReversePass::mlp_input_backward(std::size_t layer, const BlockWeights& block) {
  linear_backward(d_hidden_.matrix(), block.mlp_in.weight, d_branch_.matrix(), model_.pool());
  norm_backward({HookPoint::resid_mid, layer}, block.ln2);
  add_branch();
}

void ReversePass::attention_backward(std::size_t layer, const BlockWeights& block, ConstMatrixView d_attn_out) {
  const std::size_t d_model = config_.d_model;
  Tensor d_z = Tensor::uninitialized({d_attn_out.n_rows, d_model});
  linear_backward(d_attn_out, block.attn_out.weight, d_z.matrix(), model_.pool());
  const auto heads_together = [&](const Tensor& tensor) {  // [T, n_heads, d_head] as [T, d_model]
    return ConstMatrixView{tensor.data(), tensor.dim(0), d_model, d_model};
  };
  std::vector<AttentionGradientLane> lanes;
  for (std::size_t lane = 0; lane < rows_.size(); ++lane) {
    const MatrixView d_qkv = lane_rows(d_qkv_, lane);
    lanes.push_back({heads_together(kept(lane, {HookPoint::q, layer})),
                     heads_together(kept(lane, {HookPoint::k, layer})),
                     heads_together(kept(lane, {HookPoint::v, layer})), &kept(lane, {HookPoint::pattern, layer}),
                     lane_rows(d_z, lane), middle_columns(d_qkv, 0, d_model), middle_columns(d_qkv, d_model, d_model),
                     middle_columns(d_qkv, 2 * d_model, d_model)});
  }
  attend_backward(lanes, config_.n_heads, model_.pool());
  linear_backward(d_qkv_.matrix(), block.attn_qkv.weight, d_branch_.matrix(), model_.pool());
  norm_backward({HookPoint::resid_pre, layer}, block.ln1);
  add_branch();
}

void ReversePass::norm_backward(Hook input, const LayerNormWeights& weights) {
  for (std::size_t lane = 0; lane < rows_.size(); ++lane) {
    const MatrixView d_rows = lane_rows(d_branch_, lane);
    layer_norm_backward(kept(lane, input).matrix(), weights.gain, config_.layer_norm_epsilon, d_rows, d_rows,
                        model_.pool());
  }
}

void ReversePass::add_branch() {
  for (std::size_t i = 0; i < d_residual_.size(); ++i) d_residual_.data()[i] += d_branch_.data()[i];
}

MatrixView ReversePass::lane_rows(Tensor& tensor, std::size_t lane) const {
  return middle_rows(tensor.matrix(), rows_[lane].first_row, rows_[lane].n_new);
}

void ReversePass::gather(std::span<const Tensor> by_lane, Tensor& all) {
  for (std::size_t lane = 0; lane < rows_.size(); ++lane) {
    std::ranges::copy(by_lane[lane].values(), lane_rows(all, lane).data);
  }
}

std::vector<Tensor> ReversePass::split(const Tensor& all) const {
  std::vector<Tensor> by_lane;
  for (const LaneRows& lane : rows_) {
    const std::size_t width = all.dim(1);
    by_lane.push_back(
        Tensor::from_values({lane.n_new, width}, all.values().subspan(lane.first_row * width, lane.n_new * width)));
  }
  return by_lane;
}

}  // namespace soi
