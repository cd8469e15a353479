#include "core/analysis/cosine_search.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/kernels/linear.h"
#include "core/model/scratch_loop.h"

namespace soi {
namespace {

constexpr std::size_t kRowsATask = 256;

/// Calls visit(index, row) for each row of the table, in tasks; `visit` writes to places of its own row only.
template <typename Visit>
void for_each_row(const WeightMatrix& table, ThreadPool& pool, const Visit& visit) {
  const std::size_t n_tasks = (table.n_out + kRowsATask - 1) / kRowsATask;
  loop_with_scratch(n_tasks, table.n_in, pool, [&](std::size_t task, float* row) {
    const std::size_t end = std::min(table.n_out, (task + 1) * kRowsATask);
    for (std::size_t r = task * kRowsATask; r < end; ++r) {
      embedding_row(table, r, row);
      visit(r, std::span<const float>(row, table.n_in));
    }
  });
}

float norm_of(std::span<const float> row, const float* centre) {
  double sum = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const double value = static_cast<double>(row[i]) - (centre == nullptr ? 0.0 : static_cast<double>(centre[i]));
    sum += value * value;
  }
  return static_cast<float>(std::sqrt(sum));
}

}  // namespace

CosineSearch::CosineSearch(const WeightMatrix& table, ThreadPool& pool)
    : table_(table), pool_(pool), mean_row_({table.n_in}), norms_(table.n_out), centred_norms_(table.n_out) {
  // One pass in order for the sums, so that they do not depend on the number of threads.
  std::vector<double> sums(table.n_in, 0.0);
  double squares = 0;
  std::vector<float> row(table.n_in);
  for (std::size_t r = 0; r < table.n_out; ++r) {
    embedding_row(table, r, row.data());
    for (std::size_t i = 0; i < row.size(); ++i) {
      sums[i] += static_cast<double>(row[i]);
      squares += static_cast<double>(row[i]) * static_cast<double>(row[i]);
    }
  }
  const double n_rows = static_cast<double>(table.n_out);
  for (std::size_t i = 0; i < row.size(); ++i) mean_row_(i) = static_cast<float>(sums[i] / n_rows);
  const double n_values = n_rows * static_cast<double>(table.n_in);
  const double scalar_mean = std::accumulate(sums.begin(), sums.end(), 0.0) / n_values;
  standard_deviation_ = std::sqrt(std::max(0.0, squares / n_values - scalar_mean * scalar_mean));

  for_each_row(table_, pool_, [&](std::size_t r, std::span<const float> values) {
    norms_[r] = norm_of(values, nullptr);
    centred_norms_[r] = norm_of(values, mean_row_.data());
  });
}

std::vector<std::vector<CosineMatch>> CosineSearch::nearest(ConstMatrixView queries, std::size_t count,
                                                            bool centre) const {
  // (v - m) . (w - m) = (v - m) . w - (v - m) . m: one product with the table serves both kinds.
  const std::size_t d = table_.n_in;
  Tensor moved({queries.n_rows, d});
  std::vector<double> offsets(queries.n_rows, 0.0);
  std::vector<float> query_norms(queries.n_rows);
  for (std::size_t q = 0; q < queries.n_rows; ++q) {
    for (std::size_t i = 0; i < d; ++i) {
      moved(q, i) = queries.row(q)[i] - (centre ? mean_row_(i) : 0.0f);
      if (centre) offsets[q] += static_cast<double>(moved(q, i)) * static_cast<double>(mean_row_(i));
    }
    query_norms[q] = norm_of(moved.matrix()[q], nullptr);
  }
  Tensor products = Tensor::uninitialized({queries.n_rows, table_.n_out});
  linear(moved.matrix(), table_, nullptr, products.matrix(), pool_);

  const std::vector<float>& norms = centre ? centred_norms_ : norms_;
  const std::size_t n_kept = std::min(count, table_.n_out);
  std::vector<std::vector<CosineMatch>> results(queries.n_rows);
  for (std::size_t q = 0; q < queries.n_rows; ++q) {
    std::vector<CosineMatch> all(table_.n_out);
    for (std::size_t r = 0; r < table_.n_out; ++r) {
      const double length = static_cast<double>(query_norms[q]) * static_cast<double>(norms[r]);
      const double product = static_cast<double>(products(q, r)) - offsets[q];
      all[r] = {static_cast<std::int32_t>(r), length > 0 ? static_cast<float>(product / length) : 0.0f};
    }
    std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(n_kept), all.end(),
                      [](const CosineMatch& a, const CosineMatch& b) {
                        return a.cosine != b.cosine ? a.cosine > b.cosine : a.row < b.row;
                      });
    all.resize(n_kept);
    results[q] = std::move(all);
  }
  return results;
}

double expected_largest_cosine(std::size_t n, std::size_t d) {
  // By the trapezoid rule on a grid of angles, where the density of the angle, sin^(d-2), is smooth.
  constexpr std::size_t kSteps = 200000;
  const double step = M_PI / static_cast<double>(kSteps);
  const auto density = [&](std::size_t i) {
    return std::pow(std::sin(static_cast<double>(i) * step), static_cast<double>(d) - 2.0);
  };
  std::vector<double> cumulative(kSteps + 1, 0.0);  // over the angle from 0: cumulative[i] = P(angle <= i step)
  for (std::size_t i = 1; i <= kSteps; ++i) cumulative[i] = cumulative[i - 1] + (density(i - 1) + density(i)) / 2;
  const double total = cumulative.back();
  // E[max cos] = integral over the angle a of sin(a) P(max cos >= cos a) da - 1, P = 1 - (1 - cumulative)^n.
  double integral = 0;
  for (std::size_t i = 0; i <= kSteps; ++i) {
    const double none = std::pow(1.0 - cumulative[i] / total, static_cast<double>(n));
    const double weight = (i == 0 || i == kSteps) ? 0.5 : 1.0;
    integral += weight * std::sin(static_cast<double>(i) * step) * (1.0 - none) * step;
  }
  return integral - 1.0;
}

}  // namespace soi
