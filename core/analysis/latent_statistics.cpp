#include "core/analysis/latent_statistics.h"

#include <cmath>

#include "core/kernels/random.h"

namespace soi {
namespace {

constexpr double kRare = 0.05;

std::vector<double> column_means(ConstMatrixView x) {
  std::vector<double> means(x.n_cols, 0.0);
  for (std::size_t t = 0; t < x.n_rows; ++t) {
    for (std::size_t j = 0; j < x.n_cols; ++j) means[j] += static_cast<double>(x.row(t)[j]);
  }
  for (double& value : means) value /= static_cast<double>(x.n_rows);
  return means;
}

}  // namespace

std::vector<double> densities(ConstMatrixView z) {
  std::vector<double> shares(z.n_cols, 0.0);
  for (std::size_t t = 0; t < z.n_rows; ++t) {
    for (std::size_t j = 0; j < z.n_cols; ++j) shares[j] += z.row(t)[j] != 0.0f ? 1 : 0;
  }
  for (double& share : shares) share /= static_cast<double>(z.n_rows);
  return shares;
}

std::vector<double> active_counts(ConstMatrixView z) {
  std::vector<double> counts(z.n_rows, 0.0);
  for (std::size_t t = 0; t < z.n_rows; ++t) {
    for (float value : z[t]) counts[t] += value != 0.0f ? 1 : 0;
  }
  return counts;
}

DensitySummary summarize(std::span<const double> densities) {
  DensitySummary summary;
  for (double share : densities) {
    summary.grid += share;
    summary.ever += share > 0 ? 1 : 0;
    summary.always_on += share == 1.0 ? 1 : 0;
    summary.rare += share > 0 && share <= kRare ? 1 : 0;
  }
  const auto m = static_cast<double>(densities.size());
  return {summary.grid / m, summary.ever / m, summary.always_on / m, summary.rare / m};
}

double explained_variance(ConstMatrixView x, ConstMatrixView y) {
  const std::vector<double> means = column_means(x);
  double error = 0;
  double total = 0;
  for (std::size_t t = 0; t < x.n_rows; ++t) {
    for (std::size_t i = 0; i < x.n_cols; ++i) {
      const double value = static_cast<double>(x.row(t)[i]);
      const double difference = value - static_cast<double>(y.row(t)[i]);
      error += difference * difference;
      total += (value - means[i]) * (value - means[i]);
    }
  }
  return total > 0 ? 1 - error / total : std::nan("");
}

double mean_pair_correlation(ConstMatrixView z, std::size_t n_pairs, std::uint64_t seed, std::uint64_t stream) {
  const std::vector<double> means = column_means(z);
  const auto product = [&](std::size_t a, std::size_t b) {
    double sum = 0;
    for (std::size_t t = 0; t < z.n_rows; ++t) {
      const float* row = z.row(t);
      sum += (static_cast<double>(row[a]) - means[a]) * (static_cast<double>(row[b]) - means[b]);
    }
    return sum;
  };
  std::vector<std::size_t> varying;
  for (std::size_t j = 0; j < z.n_cols; ++j) {
    bool varies = false;
    for (std::size_t t = 1; t < z.n_rows && !varies; ++t) varies = z.row(t)[j] != z.row(0)[j];
    if (varies) varying.push_back(j);
  }
  if (varying.size() < 2) return std::nan("");
  const auto n = static_cast<double>(varying.size());
  double sum = 0;
  for (std::size_t i = 0; i < n_pairs; ++i) {
    const auto first = static_cast<std::size_t>(uniform(seed, stream, 2 * i) * n);
    const auto step = static_cast<std::size_t>(uniform(seed, stream, 2 * i + 1) * (n - 1)) + 1;
    const std::size_t a = varying[first];
    const std::size_t b = varying[(first + step) % varying.size()];
    sum += std::abs(product(a, b)) / std::sqrt(product(a, a) * product(b, b));
  }
  return sum / static_cast<double>(n_pairs);
}

}  // namespace soi
