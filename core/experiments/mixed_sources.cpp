#include "core/experiments/mixed_sources.h"

#include <cmath>
#include <string>

#include "core/kernels/random.h"

namespace soi {
namespace {

double step_source(double phase, const std::string& kind) {
  const double sine = std::sin(phase);
  if (kind == "two_levels") return sine > 0 ? 2.0 : 0.0;
  if (kind == "sign") return sine > 0 ? 2.0 : sine < 0 ? 0.0 : 1.0;
  // Thirds of each period at 0, 1 and 2.
  const double turn = phase / (2 * M_PI) - std::floor(phase / (2 * M_PI));
  return std::floor(3 * turn);
}

}  // namespace

MixedSources mix_sources(const Parameters& p, std::uint64_t seed) {
  const auto n = static_cast<Eigen::Index>(p.count("n_samples"));
  MixedSources data{Matrix(n, 2), Matrix(n, 2), Tensor()};
  for (Eigen::Index i = 0; i < n; ++i) {
    const double t = 2 * M_PI * p.real("periods") * static_cast<double>(i) / static_cast<double>(n - 1);
    data.sources(i, 0) = std::sin(t) + 1;
    data.sources(i, 1) = step_source(3 * t, p.text("step"));
  }
  Matrix mixing(2, 2);
  mixing << p.real("mixing_11"), p.real("mixing_12"), p.real("mixing_21"), p.real("mixing_22");
  data.channels = data.sources * mixing;
  for (Eigen::Index i = 0; i < data.channels.size(); ++i) {
    data.channels.data()[i] +=
        p.real("noise") * static_cast<double>(normal(seed, kNoiseStream, static_cast<std::uint64_t>(i)));
  }
  data.samples = to_tensor(data.channels);
  return data;
}

}  // namespace soi
