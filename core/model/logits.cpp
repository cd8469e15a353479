#include <algorithm>
#include <numeric>

#include "core/kernels/linear.h"
#include "core/model/forward_state.h"

namespace soi {
namespace {

constexpr std::size_t kMaxPieceRows = 512;
constexpr std::size_t kMaxPieceTokens = 8192;
constexpr std::size_t kPieceTokenUnit = 256;  // pieces of the vocabulary begin at its multiples

std::vector<std::size_t> all_positions(std::size_t n) {
  std::vector<std::size_t> positions(n);
  std::iota(positions.begin(), positions.end(), std::size_t{0});
  return positions;
}

/// Empty where there are no positions.
Tensor rows_of(const Tensor& all, std::span<const std::size_t> positions) {
  if (positions.empty()) return {};
  Tensor chosen = Tensor::uninitialized({positions.size(), all.dim(1)});
  for (std::size_t i = 0; i < positions.size(); ++i) {
    std::ranges::copy(all.matrix()[positions[i]], chosen.matrix().row(i));
  }
  return chosen;
}

}  // namespace

void unembed_tokens(ConstMatrixView normalized, const WeightMatrix& wte, std::size_t first_token, std::size_t n_tokens,
                    MatrixView y, ThreadPool& pool) noexcept {
  WeightMatrix piece = wte;
  piece.values = static_cast<const std::byte*>(wte.values) + first_token * wte.n_in * n_bytes(wte.format);
  if (wte.scales != nullptr) piece.scales = wte.scales + first_token;
  piece.n_out = n_tokens;
  linear(normalized, piece, nullptr, y, pool);
}

// The vocabulary is cut, not the rows: so each row of wte is read once a run.
void ForwardRun::State::plan_logits() {
  std::size_t n_head_rows = 0;
  for (std::size_t lane = 0; lane < lanes.size(); ++lane) n_head_rows += computed_positions(lane).size();
  for (const LaneGroup& group : groups) {
    const double pass_cost = static_cast<double>(group.n_rows * config.d_model);
    add({HookPoint::ln_final_scale}, pass_cost, [=, this] {
      normalize({HookPoint::ln_final_scale}, {HookPoint::ln_final_normalized}, model.weights().embeddings().ln_final,
                group);
    });
    add({HookPoint::logits}, pass_cost, [=, this] {
      if (group.first_lane == 0) head_rows = Tensor::uninitialized({n_head_rows, config.d_model});
      gather_head_rows(group);
    });
  }
  for (std::size_t first_row = 0; first_row < n_head_rows; first_row += kMaxPieceRows) {
    const std::size_t n_rows = std::min(kMaxPieceRows, n_head_rows - first_row);
    const double token_cost = 2.0 * static_cast<double>(config.d_model) * static_cast<double>(n_rows + 8);
    const auto affordable = static_cast<std::size_t>(step_cost / token_cost);
    const std::size_t whole_units = std::max(affordable / kPieceTokenUnit, std::size_t{1}) * kPieceTokenUnit;
    const std::size_t max_tokens = std::min(whole_units, kMaxPieceTokens);
    for (std::size_t first_token = 0; first_token < config.n_vocab; first_token += max_tokens) {
      const std::size_t n_tokens = std::min(max_tokens, config.n_vocab - first_token);
      add({HookPoint::logits}, token_cost * static_cast<double>(n_tokens),
          [=, this] { unembed_piece(first_row, n_rows, first_token, n_tokens); });
    }
  }
  for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
    const double pass_cost = static_cast<double>(rows[lane].n_new * config.n_vocab);
    add({HookPoint::logits}, pass_cost, [=, this] { finish_logits(lane); });
  }
}

std::vector<std::size_t> ForwardRun::State::asked_positions(std::size_t lane) const {
  const LogitPositions& asked = lanes[lane].logits;
  if (asked.kind == LogitPositions::Kind::last) return {rows[lane].n_new - 1};
  if (asked.kind == LogitPositions::Kind::all) return all_positions(rows[lane].n_new);
  return asked.positions;
}

std::vector<std::size_t> ForwardRun::State::computed_positions(std::size_t lane) const {
  const bool is_hooked = hooks.find({HookPoint::logits}, lane) != nullptr;
  return is_hooked ? all_positions(rows[lane].n_new) : asked_positions(lane);
}

void ForwardRun::State::gather_head_rows(const LaneGroup& group) {
  std::size_t head_row = 0;
  for (std::size_t lane = 0; lane < group.first_lane + group.n_lanes; ++lane) {
    const std::vector<std::size_t> positions = computed_positions(lane);
    if (!group.contains(lane)) {
      head_row += positions.size();
      continue;
    }
    if (!positions.empty()) results[lane].logits = Tensor::uninitialized({positions.size(), config.n_vocab});
    for (std::size_t position : positions) {
      const std::size_t row = rows[lane].first_row - group.first_row + position;
      std::ranges::copy(workspace.normalized.matrix()[row], head_rows.matrix().row(head_row++));
    }
  }
}

void ForwardRun::State::unembed_piece(std::size_t first_row, std::size_t n_rows, std::size_t first_token,
                                      std::size_t n_tokens) {
  Tensor piece = Tensor::uninitialized({n_rows, n_tokens});
  unembed_tokens(middle_rows(head_rows.matrix(), first_row, n_rows), model.weights().embeddings().wte, first_token,
                 n_tokens, piece.matrix(), pool);
  std::size_t head_row = 0;  // of the lane's first logits
  for (LaneResult& result : results) {
    const std::size_t n_lane_rows = result.logits.empty() ? 0 : result.logits.dim(0);
    const std::size_t begin = std::max(head_row, first_row);
    const std::size_t end = std::min(head_row + n_lane_rows, first_row + n_rows);
    for (std::size_t row = begin; row < end; ++row) {
      std::ranges::copy(piece.matrix()[row - first_row], result.logits.matrix().row(row - head_row) + first_token);
    }
    head_row += n_lane_rows;
  }
}

void ForwardRun::State::finish_logits(std::size_t lane) {
  const Hook hook{HookPoint::logits};
  const LaneHook* entry = hooks.find(hook, lane);
  if (entry == nullptr) return;
  LaneResult& result = results[lane];  // its logits are those of all positions
  for (const Edit* edit : entry->edits) apply_edit(*edit, result.logits);
  if (lanes[lane].logits.kind == LogitPositions::Kind::all) {
    if (entry->is_captured) result.captured.insert_or_assign(hook, result.logits.clone());
    return;
  }
  Tensor asked = rows_of(result.logits, asked_positions(lane));
  if (entry->is_captured) result.captured.insert_or_assign(hook, std::move(result.logits));
  result.logits = std::move(asked);
}

}  // namespace soi
