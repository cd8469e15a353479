#include "core/kernels/product.h"

#include <algorithm>

#include "core/kernels/pack.h"
#include "core/kernels/simd.h"
#include "core/kernels/thin_transposed.h"
#include "core/kernels/tile.h"

namespace soi {
namespace {

// A block of `left` and a strip of `right` lie packed in the workspace, at best in the second-level cache; one panel of
// each, 4 and 8 kB (more with wide vectors), in the first.
constexpr std::size_t kBlockInner = kSumPiece;
constexpr std::size_t kBlockRows = 64;
// Packing reads a strip's part of each row of `right`: the longer that part, the fewer pages are touched (measured: 256
// columns cost 1.2 times the time of 128).
constexpr std::size_t kStripColumns = 256;
// A task packs its strip of `right` once for so many rows of c: packing should take some percent of its time.
constexpr std::size_t kMaxTaskRows = 256;
constexpr std::size_t kMinTaskRows = 48;

// Up to so many rows are computed without packing `right`, kThinRows at a time, where that is faster (measured in V8):
// k-major memory is read as it lies; otherwise it takes a transposition, which pays off again for each 4 rows.
constexpr std::size_t kFewRowsStraight = 24;
constexpr std::size_t kFewRowsTransposed = 4;
// Here long parts matter more still: one row's `right` is read at 11 GB/s in parts of 128 floats, at 20 in parts of
// 3072.
constexpr std::size_t kMaxThinColumns = 4096;
constexpr std::size_t kMinThinColumns = 64;
// Memory that is not k-major is read along k: so many steps in one go.
constexpr std::size_t kThinTransposedInner = 16 * kSumPiece;

// Below so many products a loop on all threads costs more than it saves.
constexpr std::size_t kFewProducts = 16 * 1024;

struct Workspace {
  float left[kBlockRows * kBlockInner];
  float right[kStripColumns / kMinTileColumns * right_panel_stride(kBlockInner, kMinTileColumns)];
  float edge_tile[kTileRows * kMaxTileColumns];
};
struct ThinWorkspace {
  float left[kThinRows * kThinTransposedInner];
  float piece[kThinRows * kMaxThinColumns];
};
static_assert(sizeof(Workspace) <= ThreadPool::kWorkspaceBytes && sizeof(ThinWorkspace) <= ThreadPool::kWorkspaceBytes);
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
    const float* const right =
        workspace.right + j / kernels.tile_columns * right_panel_stride(n_k, kernels.tile_columns);
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

/// Rows and k of `left`, as [n_rows, n_k] dense, times k_scales.
void gather_left(const LeftOperand& left, Range rows, Range ks, float* gathered) {
  for (std::size_t i = rows.begin; i < rows.end; ++i) {
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

/// Some pieces of the sums, for up to kThinRows rows.
void multiply_thin_pieces(const Product& p, Range rows, Range columns, Range ks) {
  ThinWorkspace& workspace = *reinterpret_cast<ThinWorkspace*>(ThreadPool::workspace());
  const MatrixView c = block(p.c, rows, columns);
  const bool is_first = ks.begin == 0 && !p.epilogue.accumulate;
  const RightOperand right = from(p.right, ks.begin, columns.begin);
  gather_left(p.left, rows, ks, workspace.left);
  if (!right.k_major) return multiply_thin_transposed(ks.size(), workspace.left, right, c, is_first);
  const MatrixView piece = is_first ? c : MatrixView{workspace.piece, c.n_rows, c.n_cols, kMaxThinColumns};
  tile_kernels().multiply_thin(ks.size(), workspace.left, right, piece);
  if (!is_first) add(piece, c);
}

void multiply_thin_strip(const Product& p, Range columns) {
  const std::size_t n_steps = p.right.k_major ? kSumPiece : kThinTransposedInner;
  for (std::size_t k = 0; k == 0 || k < p.n_inner; k += n_steps) {
    const Range ks = {k, std::min(p.n_inner, k + n_steps)};
    for (std::size_t i = 0; i < p.c.n_rows; i += kThinRows) {
      multiply_thin_pieces(p, {i, std::min(p.c.n_rows, i + kThinRows)}, columns, ks);
    }
  }
  apply_epilogue(p.epilogue, columns.begin, block(p.c, {0, p.c.n_rows}, columns));
}

/// How a product is cut into tasks: n_strips times n_blocks rectangles of c.
struct Cut {
  std::size_t strip_columns;
  std::size_t n_strips;
  std::size_t block_rows;
  std::size_t n_blocks;

  Cut(std::size_t n_rows, std::size_t n_columns, std::size_t columns, std::size_t rows)
      : strip_columns(columns),
        n_strips(n_pieces(n_columns, columns)),
        block_rows(rows),
        n_blocks(n_pieces(n_rows, rows)) {}
};

/// `size` in about n equal pieces, of whole `unit`s, between the bounds: the size of a piece.
std::size_t piece_size(std::size_t size, std::size_t n, std::size_t unit, std::size_t smallest, std::size_t largest) {
  return n_pieces(std::clamp(n_pieces(size, n), smallest, largest), unit) * unit;
}

bool is_thin(const MatrixView& c, const RightOperand& right) {
  return c.n_rows <= (right.k_major ? kFewRowsStraight : kFewRowsTransposed);
}

/// A few tasks for each thread, so that one that is held up does not hold up all. No bit depends on the cut.
Cut cut(const MatrixView& c, std::size_t n_inner, bool thin, std::size_t n_threads) {
  const std::size_t n_wanted = n_threads == 1 || c.n_rows * c.n_cols * n_inner < kFewProducts ? 1 : 3 * n_threads;
  if (thin) {
    const std::size_t columns = piece_size(c.n_cols, n_wanted, kMaxTileColumns, kMinThinColumns, kMaxThinColumns);
    return Cut(c.n_rows, c.n_cols, columns, c.n_rows);
  }
  const std::size_t columns = n_pieces(c.n_cols, kStripColumns) >= n_wanted ? kStripColumns : kStripColumns / 2;
  const std::size_t n_strips = n_pieces(c.n_cols, columns);
  const std::size_t rows = piece_size(c.n_rows, n_pieces(n_wanted, n_strips), kTileRows, kMinTaskRows, kMaxTaskRows);
  return Cut(c.n_rows, c.n_cols, columns, rows);
}

}  // namespace

void product(const LeftOperand& left, const RightOperand& right, std::size_t n_inner, MatrixView c,
             const Epilogue& epilogue, ThreadPool& pool) noexcept {
  if (c.n_rows == 0 || c.n_cols == 0) return;
  const Product p = {left, right, n_inner, c, epilogue};
  const bool thin = is_thin(c, right);
  const Cut tasks = cut(c, n_inner, thin, static_cast<std::size_t>(pool.n_threads()));
  pool.parallel_for(tasks.n_strips * tasks.n_blocks, [&](std::size_t task) {
    const Range columns = piece_range(task / tasks.n_blocks, tasks.strip_columns, c.n_cols);
    if (thin) return multiply_thin_strip(p, columns);
    multiply_strip(p, piece_range(task % tasks.n_blocks, tasks.block_rows, c.n_rows), columns);
  });
}

}  // namespace soi
