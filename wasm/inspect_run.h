#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/model/gpt2.h"
#include "core/tensor/tensor.h"
#include "wasm/clock.h"
#include "wasm/protocol.h"
#include "wasm/ranking_writer.h"

namespace soi::wasm {

/// What the model computes for one text: next-token distributions, the logit lens (nostalgebraist 2020), attention
/// patterns. Logits are made and read a few rows at a time, so that [T, n_vocab] is never held.
/// Throws Error{hook_layer} and what ForwardRun throws.
class InspectRun {
 public:
  InspectRun(std::shared_ptr<const Gpt2> model, InspectRequest request);

  bool done() const { return forward_.done() && n_rows_read_ == n_rows_; }
  double fraction() const;
  void advance();
  InspectColumns take_result();

 private:
  void take_forward_results();
  void read_rows();
  void read_next(std::size_t position, const Distribution& distribution);

  std::shared_ptr<const Gpt2> model_;
  InspectRequest request_;
  Lane lane_;
  ForwardRun forward_;
  Tensor normalized_;           // [T, d_model], after ln_final
  std::vector<Tensor> stream_;  // before each block: [T, d_model]; empty without the lens
  std::size_t n_top_;
  std::size_t n_lens_top_;
  std::size_t n_rows_;  // of logits: T of the last layer, then T of each earlier layer that the lens reads
  std::size_t n_rows_read_ = 0;
  std::vector<Distribution> distributions_;  // of the rows of one step
  RankingWriter next_;
  RankingWriter lens_;
  InspectColumns result_;
  double start_ = seconds_now();
};

}  // namespace soi::wasm
