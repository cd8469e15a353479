#pragma once

#include <cstdint>
#include <vector>

#include "core/kernels/thread_pool.h"
#include "core/tensor/tensor.h"

namespace soi {

/// Which entries of a matrix are not zero (compressed sparse rows, without the values): row r has columns
/// columns[begin[r]] .. columns[begin[r + 1] - 1], ascending.
struct SparseRows {
  std::vector<std::size_t> begin;      // [n_rows + 1]
  std::vector<std::uint32_t> columns;  // [begin.back()]

  std::size_t n_rows() const { return begin.size() - 1; }
};

SparseRows nonzero_columns(ConstMatrixView x, ThreadPool& pool);

/// The same entries by columns.
SparseRows transposed(const SparseRows& rows, std::size_t n_columns);

/// Whether loops over the entries beat dense products of [n, m] with [m, d].
bool is_worth_it(const SparseRows& active, std::size_t n, std::size_t m, std::size_t d);

/// y = z D over the listed entries of z.  z [n, m], D [m, d], y [n, d]. In ascending order of the entries.
void sparse_times_rows(const SparseRows& active, ConstMatrixView z, ConstMatrixView d, MatrixView y, ThreadPool& pool);

/// out(t, j) = x_t . D_j at the listed entries; others are left as they are.  x [n, d], D [m, d], out [n, m].
void rows_times_sparse(const SparseRows& active, ConstMatrixView x, ConstMatrixView d, MatrixView out,
                       ThreadPool& pool);

/// out_j += sum over the listed t of a(t, j) x_t, for each column j of a.  `by_column`: the entries by columns of a.
/// a [n, m], x [n, d], out [m, d].
void add_outer_products(const SparseRows& by_column, ConstMatrixView a, ConstMatrixView x, MatrixView out,
                        ThreadPool& pool);

}  // namespace soi
