#include "core/experiments/restart_agreement.h"

#include <cmath>
#include <map>

namespace soi {

double row_cosine(const Tensor& a, const Tensor& b) {
  double sum = 0;
  for (std::size_t t = 0; t < a.dim(0); ++t) {
    double product = 0;
    double square_a = 0;
    double square_b = 0;
    for (std::size_t i = 0; i < a.dim(1); ++i) {
      const auto x = static_cast<double>(a(t, i));
      const auto y = static_cast<double>(b(t, i));
      product += x * y;
      square_a += x * x;
      square_b += y * y;
    }
    if (square_a > 0 && square_b > 0) sum += product / std::sqrt(square_a * square_b);
  }
  return sum / static_cast<double>(a.dim(0));
}

double mean_row_length(std::span<const Tensor> matrices) {
  double sum = 0;
  std::size_t n = 0;
  for (const Tensor& matrix : matrices) {
    for (std::size_t t = 0; t < matrix.dim(0); ++t, ++n) {
      double squares = 0;
      for (float v : matrix.matrix()[t]) squares += static_cast<double>(v) * static_cast<double>(v);
      sum += std::sqrt(squares);
    }
  }
  return sum / static_cast<double>(n);
}

Tensor pairwise_cosines(std::span<const Tensor> matrices) {
  Tensor cosines({matrices.size(), matrices.size()});
  for (std::size_t i = 0; i < matrices.size(); ++i) {
    cosines(i, i) = 1.0f;
    for (std::size_t j = 0; j < i; ++j) {
      cosines(i, j) = cosines(j, i) = static_cast<float>(row_cosine(matrices[i], matrices[j]));
    }
  }
  return cosines;
}

std::vector<double> above_diagonal(const Tensor& square) {
  std::vector<double> values;
  for (std::size_t i = 0; i < square.dim(0); ++i) {
    for (std::size_t j = i + 1; j < square.dim(1); ++j) values.push_back(static_cast<double>(square(i, j)));
  }
  return values;
}

Tensor difference(const Tensor& a, const Tensor& b) {
  Tensor result = Tensor::uninitialized(a.shape());
  for (std::size_t i = 0; i < a.size(); ++i) result.data()[i] = a.data()[i] - b.data()[i];
  return result;
}

double repeated_share(std::span<const std::vector<std::int32_t>> sequences) {
  std::map<std::int32_t, std::size_t> counts;
  for (const auto& sequence : sequences) {
    for (std::int32_t id : sequence) ++counts[id];
  }
  std::size_t n = 0;
  std::size_t n_repeated = 0;
  for (const auto& [id, count] : counts) {
    n += count;
    if (count > 1) n_repeated += count;
  }
  return static_cast<double>(n_repeated) / static_cast<double>(n);
}

}  // namespace soi
