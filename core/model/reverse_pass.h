#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/hooks/hook_name.h"
#include "core/model/gpt2.h"
#include "core/model/lane_rows.h"

namespace soi {

/// Where the reverse pass comes into the blocks.
struct ReverseEntry {
  bool is_in_block = false;  // else it meets no block
  HookPoint point = HookPoint::resid_post;
  std::size_t layer = 0;
};

/// resid_pre of a block is resid_post of the one before; ln_final_normalized leads to the last block's resid_post.
ReverseEntry reverse_entry(Hook hook, const Config& config);

/// What a reverse pass from `hook` reads of the forward run.
std::vector<Hook> remembered_hooks(Hook hook, const Config& config);

/// The gradient with respect to the residual stream on its way down, rows of all lanes one after the other.
///
///   d_residual  dL/dx  [n_rows, d_model]      d_hidden  of mlp_post, then mlp_pre  [n_rows, d_mlp]
///   d_branch    of a branch's output, of its LayerNorm's output, then of its input  [n_rows, d_model]
///   d_qkv       of q, k, v side by side  [n_rows, 3 d_model]
class ReversePass {
 public:
  /// `remembered`: by lane, what remembered_hooks names.
  ReversePass(const Gpt2& model, std::span<const LaneRows> rows, std::span<const LaneResult> remembered);

  /// dL/d(hook) to dL/d(hook_embed), both by lane.
  std::vector<Tensor> run(Hook hook, std::span<const Tensor> cotangents);

 private:
  void block_backward(std::size_t layer, HookPoint from);
  /// From d_hidden of mlp_pre on; d_residual takes the result up.
  void mlp_input_backward(std::size_t layer, const BlockWeights& block);
  void attention_backward(std::size_t layer, const BlockWeights& block, ConstMatrixView d_attn_out);
  void gelu_backward_rows(std::size_t layer);
  /// In d_branch: from the gradient of a LayerNorm's output to that of its input, which was remembered at `input`.
  void norm_backward(Hook input, const LayerNormWeights& weights);
  void add_branch();

  const Tensor& kept(std::size_t lane, Hook hook) const { return remembered_[lane].captured.at(hook); }
  MatrixView lane_rows(Tensor& tensor, std::size_t lane) const;
  void gather(std::span<const Tensor> by_lane, Tensor& all);
  std::vector<Tensor> split(const Tensor& all) const;

  const Gpt2& model_;
  const Config& config_;
  std::span<const LaneRows> rows_;
  std::span<const LaneResult> remembered_;
  Tensor d_residual_;
  Tensor d_branch_;
  Tensor d_hidden_;
  Tensor d_qkv_;
};

}  // namespace soi
