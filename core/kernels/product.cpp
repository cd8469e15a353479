#include "core/kernels/product.h"

#include <algorithm>

#include "core/kernels/pack.h"
#include "core/kernels/simd.h"
#include "core/kernels/thin_transposed.h"
#include "core/kernels/tile.h"

namespace soi {
namespace {

// A block of `left` and a strip of `right` lie packed in the workspace and stay in the second-level cache; one panel of
// each, 4 and 8 kB (16 and 32 with wide vectors), in the first.
constexpr std::size_t kBlockInner = kSumPiece;
constexpr std::size_t kBlockRows = 64;
constexpr std::size_t kStripColumns = 128;
// A task packs its strip of `right` once for so many rows of c.
constexpr std::size_t kTaskRows = 256;

constexpr std::size_t kThinStripColumns = 128;

// Below so many products a loop on all threads costs more than it saves.
constexpr std::size_t kFewProducts = 16 * 1024;

struct Workspace {
  float left[kBlockRows * kBlockInner];
  float right[kStripColumns * kBlockInner];
  float edge_tile[kTileRows * kMaxTileColumns];
};
struct ThinWorkspace {
  float left[kThinRows * kBlockInner];
  float piece[kThinRows * kThinStripColumns];
};
static_assert(sizeof(Workspace) <= ThreadPool::kWorkspaceBytes && sizeof(ThinWorkspace) <= sizeof(Workspace));
static_assert(kBlockRows % kTileRows == 0 && kStripColumns % kMaxTileColumns == 0);

struct Range {
  std::size_t begin;
  std::size_t end;
  std::size_t size() const { return end - begin; }
};

std::size_t n_pieces(std::size_t size, std::size_t piece) { return (size + piece - 1) / piece; }

Range piece_range(std::size_t index, std::size_t piece, std::size_t size) {
  return {index * piece, std::min(size, (index + 1) * piece)};
}

MatrixView block(const MatrixView& c, Range rows, Range columns) {
  return {c.row(rows.begin) + columns.begin, rows.size(), columns.size(), c.stride};
}

RightOperand from(const RightOperand& right, std::size_t k, std::size_t j) {
  const std::size_t offset = right.k_major ? k * right.stride + j : j * right.stride + k;
  RightOperand shifted = right;
  shifted.values = static_cast<const std::byte*>(right.values) + offset * n_bytes(right.format);
  return shifted;
}

/// c = c * scales + bias, for the columns of c that begin at `column`.
void apply_epilogue(const Epilogue& epilogue, std::size_t column, MatrixView c) {
  if (epilogue.scales == nullptr && epilogue.bias == nullptr) return;
  for (std::size_t i = 0; i < c.n_rows; ++i) {
    float* const row = c.row(i);
    if (epilogue.scales != nullptr) {
      for (std::size_t j = 0; j < c.n_cols; ++j) row[j] *= epilogue.scales[column + j];
    }
    if (epilogue.bias != nullptr) {
      for (std::size_t j = 0; j < c.n_cols; ++j) row[j] += epilogue.bias[column + j];
    }
  }
}

/// One tile of c at the border: computed in a whole tile's memory, then the part that exists is copied.
void multiply_edge_tile(const TileKernels& kernels, std::size_t n_k, const float* left, const float* right,
                        MatrixView c, bool is_first, float* tile) {
  const std::size_t stride = kernels.tile_columns;
  if (!is_first) {
    for (std::size_t i = 0; i < c.n_rows; ++i) std::ranges::copy(c[i], tile + i * stride);
  }
  kernels.multiply_tile(n_k, left, right, tile, stride, is_first);
  for (std::size_t i = 0; i < c.n_rows; ++i) std::copy_n(tile + i * stride, c.n_cols, c.row(i));
}

/// c = or, unless `is_first`, += the packed block of `left` times the packed strip of `right`.
void multiply_block(const TileKernels& kernels, std::size_t n_k, Workspace& workspace, MatrixView c, bool is_first) {
  for (std::size_t j = 0; j < c.n_cols; j += kernels.tile_columns) {
    const float* const right = workspace.right + j * n_k;
    const std::size_t n_columns = std::min(kernels.tile_columns, c.n_cols - j);
    for (std::size_t i = 0; i < c.n_rows; i += kTileRows) {
      const float* const left = workspace.left + i * n_k;
      const std::size_t n_rows = std::min(kTileRows, c.n_rows - i);
      if (n_rows == kTileRows && n_columns == kernels.tile_columns) {
        kernels.multiply_tile(n_k, left, right, c.row(i) + j, c.stride, is_first);
      } else {
        multiply_edge_tile(kernels, n_k, left, right, block(c, {i, i + n_rows}, {j, j + n_columns}), is_first,
                           workspace.edge_tile);
      }
    }
  }
}

struct Product {
  const LeftOperand& left;
  const RightOperand& right;
  std::size_t n_inner;
  MatrixView c;
  const Epilogue& epilogue;
};

void multiply_strip(const Product& p, Range rows, Range columns) {
  const TileKernels& kernels = tile_kernels();
  Workspace& workspace = *reinterpret_cast<Workspace*>(ThreadPool::workspace());
  for (std::size_t k = 0; k == 0 || k < p.n_inner; k += kBlockInner) {
    const std::size_t k_end = std::min(p.n_inner, k + kBlockInner);
    pack_right(p.right, columns.begin, columns.end, k, k_end, kernels.tile_columns, workspace.right);
    for (std::size_t i = rows.begin; i < rows.end; i += kBlockRows) {
      const Range block_rows = {i, std::min(rows.end, i + kBlockRows)};
      pack_left(p.left, block_rows.begin, block_rows.end, k, k_end, workspace.left);
      const MatrixView c = block(p.c, block_rows, columns);
      multiply_block(kernels, k_end - k, workspace, c, k == 0 && !p.epilogue.accumulate);
      if (k_end == p.n_inner) apply_epilogue(p.epilogue, columns.begin, c);
    }
  }
}

/// The rows of `left`, k in [k_begin, k_end), as [n_rows, n_k], times k_scales.
void gather_left(const LeftOperand& left, std::size_t n_rows, Range ks, float* gathered) {
  for (std::size_t i = 0; i < n_rows; ++i) {
    for (std::size_t k = ks.begin; k < ks.end; ++k) {
      const float value = left.data[i * left.row_stride + k * left.k_stride];
      *gathered++ = left.k_scales == nullptr ? value : value * left.k_scales[k];
    }
  }
}

void add(MatrixView piece, MatrixView c) {
  for (std::size_t i = 0; i < c.n_rows; ++i) {
    for (std::size_t j = 0; j < c.n_cols; ++j) c.row(i)[j] += piece.row(i)[j];
  }
}

void multiply_thin_strip(const Product& p, Range columns) {
  const MatrixView c = block(p.c, {0, p.c.n_rows}, columns);
  ThinWorkspace& workspace = *reinterpret_cast<ThinWorkspace*>(ThreadPool::workspace());
  const MatrixView later_piece = {workspace.piece, c.n_rows, c.n_cols, kThinStripColumns};
  for (std::size_t k = 0; k == 0 || k < p.n_inner; k += kBlockInner) {
    const Range ks = {k, std::min(p.n_inner, k + kBlockInner)};
    gather_left(p.left, c.n_rows, ks, workspace.left);
    const RightOperand right = from(p.right, k, columns.begin);
    const bool is_first = k == 0 && !p.epilogue.accumulate;
    const MatrixView piece = is_first ? c : later_piece;
    if (right.k_major) {
      tile_kernels().multiply_thin(ks.size(), workspace.left, right, piece);
    } else {
      multiply_thin_transposed(ks.size(), workspace.left, right, piece);
    }
    if (!is_first) add(piece, c);
  }
  apply_epilogue(p.epilogue, columns.begin, c);
}

}  // namespace

void product(const LeftOperand& left, const RightOperand& right, std::size_t n_inner, MatrixView c,
             const Epilogue& epilogue, ThreadPool& pool) noexcept {
  if (c.n_rows == 0 || c.n_cols == 0) return;
  const Product p = {left, right, n_inner, c, epilogue};
  const bool thin = c.n_rows <= kThinRows;
  const std::size_t strip = thin ? kThinStripColumns : kStripColumns;
  const std::size_t n_strips = n_pieces(c.n_cols, strip);
  const std::size_t n_row_blocks = thin ? 1 : n_pieces(c.n_rows, kTaskRows);
  // Equal blocks of rows, in whole tiles.
  const std::size_t task_rows = n_pieces(n_pieces(c.n_rows, n_row_blocks), kTileRows) * kTileRows;
  const auto task = [&](std::size_t index) {
    const Range columns = piece_range(index / n_row_blocks, strip, c.n_cols);
    if (thin) return multiply_thin_strip(p, columns);
    const Range rows = piece_range(index % n_row_blocks, task_rows, c.n_rows);
    if (rows.begin < rows.end) multiply_strip(p, rows, columns);
  };
  const std::size_t n_tasks = n_strips * n_row_blocks;
  if (c.n_rows * c.n_cols * n_inner > kFewProducts) return pool.parallel_for(n_tasks, task);
  pool.parallel_for(1, [&](std::size_t) {
    for (std::size_t index = 0; index < n_tasks; ++index) task(index);
  });
}

}  // namespace soi
