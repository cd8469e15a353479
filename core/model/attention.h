#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/kernels/thread_pool.h"
#include "core/tensor/tensor.h"

namespace soi {

// Causal multi-head attention (Vaswani et al. 2017, section 3.2):
//   scores = q k^T / sqrt(d_head), -infinity where key > query;  pattern = softmax(scores);  z = pattern v
//
// The order of every sum is fixed by the query alone: scores over d_head and z over the keys, both ascending, one
// accumulator each; the softmax over exactly the keys that the query may see. So a row's bits depend neither on the
// rows computed with it, nor on keys after it (not even where these are NaN), nor on threads.

/// What attention reads and writes for one lane. All matrices have d_model columns, heads side by side.
struct AttentionLane {
  ConstMatrixView queries;  // [T_new, d_model]
  ConstMatrixView keys;     // [T_past + T_new, d_model]
  ConstMatrixView values;   // [T_past + T_new, d_model]
  MatrixView z;             // [T_new, d_model]

  std::size_t n_past() const { return keys.n_rows - queries.n_rows; }
};

/// A part of the work: some queries of one head of one lane.
struct AttentionTask {
  const AttentionLane* lane = nullptr;
  std::size_t head = 0;
  std::size_t first_query = 0;
  std::size_t n_queries = 0;
};

/// Cuts the lane's queries in tasks, appended to `tasks`.
void add_attention_tasks(const AttentionLane& lane, std::size_t n_heads, std::vector<AttentionTask>& tasks);

/// The whole way from queries to z; nothing of size T x T is held. Throws Error{out_of_memory}.
void attend(std::span<const AttentionTask> tasks, std::size_t n_heads, ThreadPool& pool);

// The same way, step by step, where somebody wants to read or write what lies between.

/// scores [n_heads, T_new, T_past + T_new], with the mask.
Tensor attention_scores(const AttentionLane& lane, std::size_t n_heads, ThreadPool& pool);

/// Restores the mask that an edit may have overwritten: `masked` beyond each query.  rows [n_heads, T_new, n_keys].
void mask_future(Tensor& rows, float masked);

/// In place: scores become the pattern, 0 beyond the query.
void scores_to_pattern(Tensor& scores, ThreadPool& pool);

/// z = pattern v.  pattern [n_heads, T_new, T_past + T_new].
void mix_values(const Tensor& pattern, const AttentionLane& lane, ThreadPool& pool);

}  // namespace soi
