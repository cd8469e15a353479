#include "core/analysis/correlation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "core/analysis/covariance.h"
#include "core/tensor/error.h"

namespace soi {
namespace {

/// Columns centred and scaled to length 1; a column that varies by no more than rounding becomes 0, one that holds NaN
/// or infinity becomes NaN.
Matrix unit_columns(const Matrix& x) {
  Matrix c = centred(x);
  for (Eigen::Index j = 0; j < c.cols(); ++j) {
    const double length = c.col(j).norm();
    const double rounding = 1e-14 * x.col(j).norm();
    if (length <= rounding) {
      c.col(j).setZero();
    } else {
      c.col(j) /= length;
    }
  }
  return c;
}

}  // namespace

double pearson(std::span<const double> a, std::span<const double> b) {
  if (a.size() != b.size()) {
    throw Error(ErrorCode::invalid_argument, "A correlation takes two series of the same length.", "",
                {{"name", "series"},
                 {"value", std::to_string(a.size()) + ", " + std::to_string(b.size())},
                 {"range", "equal"}});
  }
  const auto n = static_cast<Eigen::Index>(a.size());
  const Matrix ua = unit_columns(Eigen::Map<const Vector>(a.data(), n));
  const Matrix ub = unit_columns(Eigen::Map<const Vector>(b.data(), n));
  if (n == 0 || ua.isZero(0) || ub.isZero(0)) return std::numeric_limits<double>::quiet_NaN();
  return std::clamp(ua.col(0).dot(ub.col(0)), -1.0, 1.0);
}

CorrelationInterval correlation_interval(double r, std::size_t n) {
  if (n < 4 || std::isnan(r)) return {std::nan(""), std::nan("")};
  constexpr double kNormalQuantile = 1.959963984540054;  // of 0.975
  const double half = kNormalQuantile / std::sqrt(static_cast<double>(n - 3));
  const double z = std::atanh(std::clamp(r, -1.0, 1.0));  // infinite at the ends, which tanh brings back
  return {std::tanh(z - half), std::tanh(z + half)};
}

Matrix cross_correlation(const Matrix& a, const Matrix& b) {
  // Not by cwiseMax, which need not keep NaN.
  return (unit_columns(a).transpose() * unit_columns(b)).unaryExpr([](double r) { return std::clamp(r, -1.0, 1.0); });
}

std::vector<std::size_t> best_rows(const Matrix& scores) {
  std::vector<std::size_t> rows;
  for (Eigen::Index column = 0; column < scores.cols(); ++column) {
    Eigen::Index best = 0;
    scores.col(column).maxCoeff(&best);
    rows.push_back(static_cast<std::size_t>(best));
  }
  return rows;
}

std::vector<std::size_t> one_to_one_rows(const Matrix& scores) {
  const auto p = static_cast<std::size_t>(scores.rows());
  const auto q = static_cast<std::size_t>(scores.cols());
  if (p < q) {
    throw Error(ErrorCode::invalid_argument, "There are fewer candidates than things to match.", "Use more latents.",
                {{"name", "latents"}, {"value", std::to_string(p)}, {"range", "at least " + std::to_string(q)}});
  }
  if (!scores.allFinite()) {
    throw Error(ErrorCode::invalid_argument, "Scores to match by must be finite; some are not.",
                "The training went out of bounds: choose a smaller learning rate.",
                {{"name", "scores"}, {"value", "NaN"}, {"range", "finite"}});
  }
  // Each column in turn takes a row by the shortest augmenting path in the costs -scores; index 0 is a sentinel row.
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  std::vector<double> column_price(q + 1, 0.0);
  std::vector<double> row_price(p + 1, 0.0);
  std::vector<std::size_t> column_of_row(p + 1, 0);
  for (std::size_t column = 1; column <= q; ++column) {
    column_of_row[0] = column;
    std::size_t row = 0;
    std::vector<double> shortest(p + 1, kInfinity);
    std::vector<std::size_t> previous(p + 1, 0);
    std::vector<bool> visited(p + 1, false);
    do {
      visited[row] = true;
      const std::size_t from = column_of_row[row];
      std::size_t next = 0;
      double step = kInfinity;
      for (std::size_t r = 1; r <= p; ++r) {
        if (visited[r]) continue;
        const double cost = -scores(r - 1, from - 1) - column_price[from] - row_price[r];
        if (cost < shortest[r]) {
          shortest[r] = cost;
          previous[r] = row;
        }
        if (shortest[r] < step) {
          step = shortest[r];
          next = r;
        }
      }
      for (std::size_t r = 0; r <= p; ++r) {
        if (visited[r]) {
          column_price[column_of_row[r]] += step;
          row_price[r] -= step;
        } else {
          shortest[r] -= step;
        }
      }
      row = next;
    } while (column_of_row[row] != 0);
    for (; row != 0; row = previous[row]) column_of_row[row] = column_of_row[previous[row]];
  }
  std::vector<std::size_t> rows(q, 0);
  for (std::size_t r = 1; r <= p; ++r) {
    if (column_of_row[r] != 0) rows[column_of_row[r] - 1] = r - 1;
  }
  return rows;
}

}  // namespace soi
