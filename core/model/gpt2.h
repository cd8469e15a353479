#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "core/hooks/edit.h"
#include "core/hooks/hook_name.h"
#include "core/kernels/thread_pool.h"
#include "core/tensor/tensor.h"
#include "core/weights/weight_source.h"

namespace soi {

class KeyValueCache;

/// Which positions of a lane get logits, counted from the first new position of the run.
struct LogitPositions {
  enum class Kind : std::uint8_t { none, last, all, chosen } kind = Kind::all;
  std::vector<std::size_t> positions;  // of `chosen`, in this order

  static LogitPositions none() { return {Kind::none, {}}; }
  static LogitPositions last() { return {Kind::last, {}}; }
  static LogitPositions all() { return {Kind::all, {}}; }
  static LogitPositions chosen(std::vector<std::size_t> positions) { return {Kind::chosen, std::move(positions)}; }
};

/// One sequence that goes through the model, with what to write and read on the way.
struct Lane {
  /// Token ids; or, where `input_embeddings` is set, ignored.
  std::vector<std::int32_t> tokens;
  /// [T, d_model] in place of the wte rows; position embeddings are still added (Hugging Face's `inputs_embeds`).
  std::shared_ptr<const Tensor> input_embeddings;
  /// Applied in this order at their hooks. A capture of the same hook sees the edited value. After an edit of a `scale`
  /// the `normalized` is computed with it; after one of attn_scores or pattern the future is masked again.
  std::vector<Edit> edits;
  /// What to keep. Memory is what is named here.
  std::vector<Hook> captures;
  LogitPositions logits = LogitPositions::all();
  /// Continues the sequence in the cache, and appends to it; null: the lane starts at position 0. Hooks of a cached
  /// lane hold its new positions only; attention's rows reach over all positions: [n_heads, T_new, T_past + T_new].
  KeyValueCache* cache = nullptr;
};

struct LaneResult {
  std::map<Hook, Tensor> captured;  // in the hooks' shapes
  Tensor logits;                    // [n chosen positions, n_vocab]; empty for none
};

/// Keys and values of the positions that a lane has already seen: 2 * n_layers * T * d_model floats, grown as needed.
class KeyValueCache {
 public:
  explicit KeyValueCache(const Config& config);
  ~KeyValueCache();
  KeyValueCache(KeyValueCache&&) noexcept;
  KeyValueCache& operator=(KeyValueCache&&) noexcept;

  std::size_t length() const;
  /// Forgets all positions from `length` on.
  void truncate(std::size_t length);

 private:
  friend class ForwardRun;
  struct State;
  std::unique_ptr<State> state_;
};

/// GPT-2 (Radford et al. 2019), as Hugging Face's GPT2LMHeadModel computes it in float32: pre-LayerNorm blocks, tanh
/// GELU, learned positions, tied unembedding. No folding, no centring, no BOS of its own.
class Gpt2 {
 public:
  Gpt2(std::shared_ptr<WeightSource> weights, std::shared_ptr<ThreadPool> pool);

  const Config& config() const { return weights_->config(); }
  WeightSource& weights() const { return *weights_; }
  ThreadPool& pool() const { return *pool_; }

  /// Runs all lanes together, each block asked for once. `progress`, if set, is called with the fraction done, in [0,
  /// 1], after each step, and may throw to stop. Throws Error{text_empty | text_too_long | token_out_of_range |
  /// hook_layer | invalid_argument | out_of_memory}.
  std::vector<LaneResult> run(std::span<const Lane> lanes, const std::function<void(double)>& progress = {}) const;

  /// One lane.
  LaneResult run(const Lane& lane) const;

  /// Logits of rows that are already `ln_final.hook_normalized`, or of raw residual rows after LayerNorm with ln_final
  /// (the logit lens; nostalgebraist 2020).  rows [n, d_model] -> [n, n_vocab]. Throws Error{activation_not_finite}.
  Tensor unembed(ConstMatrixView normalized) const;
  Tensor logit_lens(ConstMatrixView residual) const;

 private:
  std::shared_ptr<WeightSource> weights_;
  std::shared_ptr<ThreadPool> pool_;
};

/// A forward run in steps of bounded length (part of a block at most), so that a caller without threads can look up
/// between them: the worker answers "cancel" there. `Gpt2::run` is a loop over this.
///
/// Where anything throws, and where the run is given up before `take_results`, every cache is as it was.
class ForwardRun {
 public:
  /// A tenth of a second at 20 GFLOP/s.
  static constexpr double kStepOperations = 2e9;

  /// Checks all lanes. `lanes` and `model` must outlive the run. What comes after the last hook that any capture, edit
  /// callback, logits or cache needs is not run. `step_operations`: about how many floating-point operations each
  /// thread does in a step; no number depends on it. Throws what Gpt2::run throws.
  ForwardRun(const Gpt2& model, std::span<const Lane> lanes, double step_operations = kStepOperations);
  ~ForwardRun();

  bool done() const;
  double fraction() const;  // done, in [0, 1]
  void advance();           // one step; does nothing when done
  /// When done: the results, once. Here the caches grow by what the run has seen.
  std::vector<LaneResult> take_results();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace soi
