#pragma once

#include <memory>
#include <span>
#include <vector>

#include "core/model/gpt2.h"

namespace soi {

/// A forward run that remembers what the reverse pass needs, up to one hook, and then the gradient of any scalar of
/// that hook's activation with respect to the input embeddings (`hook_embed`, before the position embeddings), through
/// frozen blocks. Lanes may have different lengths and hold tokens or input embeddings; edits, captures and caches are
/// not taken (Error{invalid_argument}).
///
/// Memory: for each block up to the hook, 5 d_model + d_mlp floats a position, and n_heads T^2. Each block is asked for
/// once by the constructor and once by each `backward`, there in descending order.
class DifferentiableRun {
 public:
  /// `hook`: embed, pos_embed, any resid_*, attn_out, mlp_pre, mlp_post, mlp_out, ln_final_normalized.
  /// Others throw Error{hook_not_differentiable}. `model` must outlive the run; `lanes` need not.
  /// Throws what Gpt2::run throws.
  DifferentiableRun(const Gpt2& model, std::span<const Lane> lanes, Hook hook);
  ~DifferentiableRun();
  DifferentiableRun(DifferentiableRun&&) noexcept;

  /// Of each lane: the hook's activation, [T, width].
  const std::vector<Tensor>& activations() const;

  /// Given dL/d(activation) of each lane, [T, width], returns dL/d(input embeddings) of each lane, [T, d_model].
  /// May be called again with another cotangent. Throws Error{invalid_argument} where a shape does not fit.
  std::vector<Tensor> backward(std::span<const Tensor> cotangents) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace soi
