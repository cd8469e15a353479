#include "core/model/attention.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/kernels/simd.h"
#include "core/kernels/softmax.h"
#include "core/model/lane_rows.h"
#include "core/model/scratch_loop.h"

namespace soi {
namespace {

using simd::Float4;

constexpr std::size_t kQueriesPerTask = 32;  // share one transposed tile of keys
constexpr std::size_t kTile = 16;            // keys, or columns of z, that are summed side by side
constexpr std::size_t kVectors = kTile / 4;
constexpr std::size_t kQueriesPerTile = 2;  // 2 x 16 sums: 8 of the 16 vector registers of 128 bits
constexpr float kMasked = -std::numeric_limits<float>::infinity();

/// One head's columns of a lane's matrices, and the queries [first_query, first_query + n_queries) of a task.
struct HeadView {
  ConstMatrixView queries;        // [n_queries, d_head]
  ConstMatrixView keys;           // [n_keys, d_head]
  ConstMatrixView values;         // [n_keys, d_head]
  MatrixView z;                   // [n_queries, d_head]
  std::size_t first_visible = 0;  // keys that the first of the queries sees; the next one sees one more

  std::size_t n_visible(std::size_t query) const { return first_visible + query; }
};

HeadView head_view(const AttentionTask& task, std::size_t n_heads) {
  const AttentionLane& lane = *task.lane;
  const std::size_t d_head = lane.queries.n_cols / n_heads;
  const std::size_t column = task.head * d_head;
  HeadView view;
  view.queries = middle_columns(middle_rows(lane.queries, task.first_query, task.n_queries), column, d_head);
  view.z = middle_columns(middle_rows(lane.z, task.first_query, task.n_queries), column, d_head);
  view.keys = middle_columns(lane.keys, column, d_head);
  view.values = middle_columns(lane.values, column, d_head);
  view.first_visible = lane.n_past() + task.first_query + 1;
  return view;
}

/// tile [d_head, kTile]: keys side by side, 0 where there are fewer.
void transpose_keys(ConstMatrixView keys, std::size_t first_key, float* tile) noexcept {
  const std::size_t n_keys = std::min(kTile, keys.n_rows - first_key);
  for (std::size_t key = 0; key < kTile; ++key) {
    const float* row = key < n_keys ? keys.row(first_key + key) : nullptr;
    for (std::size_t d = 0; d < keys.n_cols; ++d) tile[d * kTile + key] = row != nullptr ? row[d] : 0.0f;
  }
}

/// Scores of `n_queries` queries with the keys of one tile; `out` row i starts at out + i * out_stride.
template <std::size_t n_queries>
void score_tile(ConstMatrixView queries, std::size_t first_query, const float* tile, float root, float* out,
                std::size_t out_stride, std::size_t n_out) noexcept {
  Float4 sum[n_queries][kVectors] = {};
  for (std::size_t d = 0; d < queries.n_cols; ++d) {
    for (std::size_t i = 0; i < n_queries; ++i) {
      const auto query = simd::broadcast<Float4>(queries.row(first_query + i)[d]);
      for (std::size_t v = 0; v < kVectors; ++v) {
        sum[i][v] = simd::multiply_add(query, simd::load<Float4>(tile + d * kTile + 4 * v), sum[i][v]);
      }
    }
  }
  for (std::size_t i = 0; i < n_queries; ++i) {
    float scores[kTile];
    for (std::size_t v = 0; v < kVectors; ++v) simd::store(sum[i][v] / root, scores + 4 * v);
    std::copy_n(scores, n_out, out + i * out_stride);
  }
}

/// Scores of all the view's queries, and the mask beyond what each one sees.  scores [n_queries, n_keys].
void score_rows(const HeadView& view, MatrixView scores, float* tile) noexcept {
  const std::size_t n_queries = view.queries.n_rows;
  const float root = std::sqrt(static_cast<float>(view.queries.n_cols));
  const std::size_t last_visible = view.n_visible(n_queries - 1);
  for (std::size_t first_key = 0; first_key < last_visible; first_key += kTile) {
    transpose_keys(view.keys, first_key, tile);
    const std::size_t n_out = std::min(kTile, scores.n_cols - first_key);
    std::size_t query = 0;
    for (; query + kQueriesPerTile <= n_queries; query += kQueriesPerTile) {
      score_tile<kQueriesPerTile>(view.queries, query, tile, root, scores.row(query) + first_key, scores.stride, n_out);
    }
    for (; query < n_queries; ++query) {
      score_tile<1>(view.queries, query, tile, root, scores.row(query) + first_key, scores.stride, n_out);
    }
  }
  for (std::size_t query = 0; query < n_queries; ++query) {
    std::ranges::fill(scores[query].subspan(view.n_visible(query)), kMasked);
  }
}

/// z of `n_queries` queries, columns [first_column, first_column + n_columns). A sum stops at the query's own key.
template <std::size_t n_queries>
void mix_tile(const HeadView& view, ConstMatrixView pattern, std::size_t first_query, std::size_t first_column,
              std::size_t n_columns) noexcept {
  Float4 sum[n_queries][kVectors] = {};
  const std::size_t n_common = view.n_visible(first_query);  // keys that all of the queries see
  float padded[kTile] = {};
  for (std::size_t key = 0; key < n_common + n_queries - 1; ++key) {
    const float* value = view.values.row(key) + first_column;
    if (n_columns < kTile) {
      std::copy_n(value, n_columns, padded);
      value = padded;
    }
    for (std::size_t i = key < n_common ? 0 : key - n_common + 1; i < n_queries; ++i) {
      const auto weight = simd::broadcast<Float4>(pattern.row(first_query + i)[key]);
      for (std::size_t v = 0; v < kVectors; ++v) {
        sum[i][v] = simd::multiply_add(weight, simd::load<Float4>(value + 4 * v), sum[i][v]);
      }
    }
  }
  for (std::size_t i = 0; i < n_queries; ++i) {
    float z[kTile];
    for (std::size_t v = 0; v < kVectors; ++v) simd::store(sum[i][v], z + 4 * v);
    std::copy_n(z, n_columns, view.z.row(first_query + i) + first_column);
  }
}

/// z of all the view's queries.  pattern [n_queries, n_keys].
void mix_rows(const HeadView& view, ConstMatrixView pattern) noexcept {
  const std::size_t n_queries = view.queries.n_rows;
  const std::size_t d_head = view.z.n_cols;
  for (std::size_t column = 0; column < d_head; column += kTile) {
    const std::size_t n_columns = std::min(kTile, d_head - column);
    std::size_t query = 0;
    for (; query + kQueriesPerTile <= n_queries; query += kQueriesPerTile) {
      mix_tile<kQueriesPerTile>(view, pattern, query, column, n_columns);
    }
    for (; query < n_queries; ++query) mix_tile<1>(view, pattern, query, column, n_columns);
  }
}

/// The rows of a task in [n_heads * n_queries, n_keys].
template <typename View>
View task_rows(View rows, std::size_t n_queries, const AttentionTask& task) {
  return middle_rows(rows, task.head * n_queries + task.first_query, task.n_queries);
}

std::vector<AttentionTask> tasks_of(const AttentionLane& lane, std::size_t n_heads) {
  std::vector<AttentionTask> tasks;
  add_attention_tasks(lane, n_heads, tasks);
  return tasks;
}

}  // namespace

void add_attention_tasks(const AttentionLane& lane, std::size_t n_heads, std::vector<AttentionTask>& tasks) {
  const std::size_t n_queries = lane.queries.n_rows;
  for (std::size_t head = 0; head < n_heads; ++head) {
    for (std::size_t first = 0; first < n_queries; first += kQueriesPerTask) {
      tasks.push_back({&lane, head, first, std::min(kQueriesPerTask, n_queries - first)});
    }
  }
}

void attend(std::span<const AttentionTask> tasks, std::size_t n_heads, ThreadPool& pool) {
  std::size_t scores_size = 0;
  std::size_t tile_size = 0;
  for (const AttentionTask& task : tasks) {
    scores_size = std::max(scores_size, task.n_queries * task.lane->keys.n_rows);
    tile_size = task.lane->keys.n_cols / n_heads * kTile;
  }
  loop_with_scratch(tasks.size(), scores_size + tile_size, pool, [&](std::size_t index, float* scratch) {
    const AttentionTask& task = tasks[index];
    const HeadView view = head_view(task, n_heads);
    const std::size_t n_keys = view.n_visible(task.n_queries - 1);
    const MatrixView rows = {scratch + tile_size, task.n_queries, n_keys, n_keys};
    score_rows(view, rows, scratch);
    for (std::size_t query = 0; query < task.n_queries; ++query) softmax(rows[query].first(view.n_visible(query)));
    mix_rows(view, rows);
  });
}

Tensor attention_scores(const AttentionLane& lane, std::size_t n_heads, ThreadPool& pool) {
  Tensor scores = Tensor::uninitialized({n_heads, lane.queries.n_rows, lane.keys.n_rows});
  const std::size_t tile_size = lane.keys.n_cols / n_heads * kTile;
  const std::vector<AttentionTask> tasks = tasks_of(lane, n_heads);
  loop_with_scratch(tasks.size(), tile_size, pool, [&](std::size_t index, float* tile) {
    score_rows(head_view(tasks[index], n_heads), task_rows(scores.matrix(), scores.dim(1), tasks[index]), tile);
  });
  return scores;
}

void mask_future(Tensor& rows, float masked) {
  const std::size_t n_queries = rows.dim(1);
  const std::size_t n_past = rows.dim(2) - n_queries;
  const MatrixView matrix = rows.matrix();
  for (std::size_t row = 0; row < matrix.n_rows; ++row) {
    std::ranges::fill(matrix[row].subspan(n_past + row % n_queries + 1), masked);
  }
}

void scores_to_pattern(Tensor& scores, ThreadPool& pool) {
  const std::size_t n_queries = scores.dim(1);
  const std::size_t n_past = scores.dim(2) - n_queries;
  const MatrixView matrix = scores.matrix();
  pool.parallel_for(matrix.n_rows, [&](std::size_t row) { softmax(matrix[row].first(n_past + row % n_queries + 1)); });
  mask_future(scores, 0.0f);
}

void mix_values(const Tensor& pattern, const AttentionLane& lane, ThreadPool& pool) {
  const std::size_t n_heads = pattern.dim(0);
  const std::vector<AttentionTask> tasks = tasks_of(lane, n_heads);
  pool.parallel_for(tasks.size(), [&](std::size_t index) {
    mix_rows(head_view(tasks[index], n_heads), task_rows(pattern.matrix(), pattern.dim(1), tasks[index]));
  });
}

}  // namespace soi
