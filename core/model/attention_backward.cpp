#include "core/model/attention_backward.h"

#include <algorithm>
#include <cmath>

#include "core/kernels/gemm.h"
#include "core/kernels/softmax.h"
#include "core/model/lane_rows.h"
#include "core/model/scratch_loop.h"

namespace soi {
namespace {

// With P = softmax(S), S = Q K^T / sqrt(d_head), Z = P V:
//   dV = P^T dZ,  dP = dZ V^T,  dS = P * (dP - sum(P * dP)),  dQ = dS K / sqrt(d_head),  dK = dS^T Q / sqrt(d_head)
void head_backward(const AttentionGradientLane& lane, std::size_t head, std::size_t n_heads, float* scratch,
                   ThreadPool& pool) noexcept {
  const std::size_t n = lane.queries.n_rows;
  const std::size_t d_head = lane.queries.n_cols / n_heads;
  const auto columns = [&](auto matrix) { return middle_columns(matrix, head * d_head, d_head); };
  const ConstMatrixView pattern = middle_rows(lane.pattern->matrix(), head * n, n);
  const MatrixView d_scores = {scratch, n, n, n};

  gemm(pattern, Transpose::yes, columns(lane.d_z), Transpose::no, columns(lane.d_values), pool);
  gemm(columns(lane.d_z), Transpose::no, columns(lane.values), Transpose::yes, d_scores, pool);
  const float root = std::sqrt(static_cast<float>(d_head));
  for (std::size_t query = 0; query < n; ++query) {
    const std::span<float> visible = d_scores[query].first(query + 1);
    softmax_backward(pattern[query].first(query + 1), visible, visible);
    for (float& d_score : visible) d_score /= root;
    std::ranges::fill(d_scores[query].subspan(query + 1), 0.0f);
  }
  gemm(d_scores, Transpose::no, columns(lane.keys), Transpose::no, columns(lane.d_queries), pool);
  gemm(d_scores, Transpose::yes, columns(lane.queries), Transpose::no, columns(lane.d_keys), pool);
}

}  // namespace

void attend_backward(std::span<const AttentionGradientLane> lanes, std::size_t n_heads, ThreadPool& pool) {
  std::size_t longest = 0;
  for (const AttentionGradientLane& lane : lanes) longest = std::max(longest, lane.queries.n_rows);
  loop_with_scratch(lanes.size() * n_heads, longest * longest, pool, [&](std::size_t task, float* scratch) {
    head_backward(lanes[task / n_heads], task % n_heads, n_heads, scratch, pool);
  });
}

}  // namespace soi
