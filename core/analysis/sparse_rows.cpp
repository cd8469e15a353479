#include "core/analysis/sparse_rows.h"

#include <algorithm>

namespace soi {
namespace {

constexpr std::size_t kColumnsATask = 64;

void add_scaled(float factor, const float* x, std::size_t n, float* y) {
  for (std::size_t i = 0; i < n; ++i) y[i] += factor * x[i];
}

/// In sixteen interleaved sums, so that a compiler may use vectors without changing the order.
float dot(const float* a, const float* b, std::size_t n) {
  constexpr std::size_t kSums = 16;
  float sums[kSums] = {};
  std::size_t i = 0;
  for (; i + kSums <= n; i += kSums) {
    for (std::size_t s = 0; s < kSums; ++s) sums[s] += a[i + s] * b[i + s];
  }
  for (; i < n; ++i) sums[i % kSums] += a[i] * b[i];
  for (std::size_t half = kSums / 2; half > 0; half /= 2) {
    for (std::size_t s = 0; s < half; ++s) sums[s] += sums[s + half];
  }
  return sums[0];
}

}  // namespace

SparseRows nonzero_columns(ConstMatrixView x, ThreadPool& pool) {
  SparseRows rows;
  rows.begin.assign(x.n_rows + 1, 0);
  pool.parallel_for(x.n_rows, [&](std::size_t r) {
    rows.begin[r + 1] = x.n_cols - static_cast<std::size_t>(std::ranges::count(x[r], 0.0f));
  });
  for (std::size_t r = 0; r < x.n_rows; ++r) rows.begin[r + 1] += rows.begin[r];
  rows.columns.resize(rows.begin.back());
  pool.parallel_for(x.n_rows, [&](std::size_t r) {
    std::size_t next = rows.begin[r];
    for (std::size_t c = 0; c < x.n_cols; ++c) {
      if (x.row(r)[c] != 0.0f) rows.columns[next++] = static_cast<std::uint32_t>(c);
    }
  });
  return rows;
}

SparseRows transposed(const SparseRows& rows, std::size_t n_columns) {
  SparseRows result;
  result.begin.assign(n_columns + 1, 0);
  for (std::uint32_t c : rows.columns) ++result.begin[c + 1];
  for (std::size_t c = 0; c < n_columns; ++c) result.begin[c + 1] += result.begin[c];
  result.columns.resize(rows.columns.size());
  std::vector<std::size_t> next(result.begin.begin(), result.begin.end() - 1);
  for (std::size_t r = 0; r < rows.n_rows(); ++r) {
    for (std::size_t i = rows.begin[r]; i < rows.begin[r + 1]; ++i) {
      result.columns[next[rows.columns[i]]++] = static_cast<std::uint32_t>(r);
    }
  }
  return result;
}

bool is_worth_it(const SparseRows& active, std::size_t n, std::size_t m, std::size_t d) {
  // A packed product does about four times the work in the time of these loops; short rows do not pay for their
  // overhead.
  constexpr std::size_t kFactor = 4;
  constexpr std::size_t kShortRow = 32;
  return d >= kShortRow && active.columns.size() * kFactor < n * m;
}

void sparse_times_rows(const SparseRows& active, ConstMatrixView z, ConstMatrixView d, MatrixView y, ThreadPool& pool) {
  pool.parallel_for(z.n_rows, [&](std::size_t t) {
    std::ranges::fill(y[t], 0.0f);
    for (std::size_t i = active.begin[t]; i < active.begin[t + 1]; ++i) {
      const std::size_t j = active.columns[i];
      add_scaled(z.row(t)[j], d.row(j), d.n_cols, y.row(t));
    }
  });
}

void rows_times_sparse(const SparseRows& active, ConstMatrixView x, ConstMatrixView d, MatrixView out,
                       ThreadPool& pool) {
  pool.parallel_for(x.n_rows, [&](std::size_t t) {
    for (std::size_t i = active.begin[t]; i < active.begin[t + 1]; ++i) {
      const std::size_t j = active.columns[i];
      out.row(t)[j] = dot(x.row(t), d.row(j), x.n_cols);
    }
  });
}

void add_outer_products(const SparseRows& by_column, ConstMatrixView a, ConstMatrixView x, MatrixView out,
                        ThreadPool& pool) {
  const std::size_t n_columns = by_column.n_rows();
  pool.parallel_for((n_columns + kColumnsATask - 1) / kColumnsATask, [&](std::size_t task) {
    const std::size_t end = std::min(n_columns, (task + 1) * kColumnsATask);
    for (std::size_t j = task * kColumnsATask; j < end; ++j) {
      for (std::size_t i = by_column.begin[j]; i < by_column.begin[j + 1]; ++i) {
        const std::size_t t = by_column.columns[i];
        add_scaled(a.row(t)[j], x.row(t), x.n_cols, out.row(j));
      }
    }
  });
}

}  // namespace soi
