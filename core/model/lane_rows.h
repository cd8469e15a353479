#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/model/gpt2.h"

namespace soi {

/// Where one lane's rows lie among the rows of all lanes, one after the other.
struct LaneRows {
  std::size_t first_row = 0;
  std::size_t n_new = 0;   // T: rows of this run
  std::size_t n_past = 0;  // positions that the lane's cache already holds

  std::size_t n_keys() const { return n_past + n_new; }
};

/// Some lanes that go through a block together, so that its working memory has a bound.
struct LaneGroup {
  std::size_t first_lane = 0;
  std::size_t n_lanes = 0;
  std::size_t first_row = 0;
  std::size_t n_rows = 0;

  bool contains(std::size_t lane) const { return lane >= first_lane && lane - first_lane < n_lanes; }
};

/// Checks tokens, input embeddings and caches of all lanes, and lays their rows out.
/// Throws Error{text_empty | text_too_long | token_out_of_range | invalid_argument}.
std::vector<LaneRows> lay_out_lanes(std::span<const Lane> lanes, const Config& config);

/// Cuts the lanes into groups of at most `max_rows` rows; a longer lane is a group of its own.
std::vector<LaneGroup> group_lanes(std::span<const LaneRows> rows, std::size_t max_rows);

/// Rows [first, first + n) of a matrix.
inline MatrixView middle_rows(MatrixView matrix, std::size_t first, std::size_t n) {
  return {matrix.row(first), n, matrix.n_cols, matrix.stride};
}
inline ConstMatrixView middle_rows(ConstMatrixView matrix, std::size_t first, std::size_t n) {
  return {matrix.row(first), n, matrix.n_cols, matrix.stride};
}

/// Columns [first, first + n) of a matrix.
inline MatrixView middle_columns(MatrixView matrix, std::size_t first, std::size_t n) {
  return {matrix.data + first, matrix.n_rows, n, matrix.stride};
}
inline ConstMatrixView middle_columns(ConstMatrixView matrix, std::size_t first, std::size_t n) {
  return {matrix.data + first, matrix.n_rows, n, matrix.stride};
}

}  // namespace soi
