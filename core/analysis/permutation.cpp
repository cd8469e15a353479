#include "core/analysis/permutation.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "core/kernels/random.h"

namespace soi {

std::vector<std::size_t> permutation(std::size_t n, std::uint64_t seed, std::uint64_t stream) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = n; i > 1; --i) {
    const auto j = static_cast<std::size_t>(uniform(seed, stream, i) * static_cast<double>(i));
    std::swap(order[i - 1], order[j]);
  }
  return order;
}

double permutation_p(double observed, std::span<const double> null) {
  if (std::isnan(observed)) return observed;
  const auto n_valid = std::ranges::count_if(null, [](double v) { return !std::isnan(v); });
  const auto n_as_large = std::ranges::count_if(null, [&](double v) { return v >= observed; });
  return static_cast<double>(1 + n_as_large) / static_cast<double>(1 + n_valid);
}

}  // namespace soi
