#include "core/analysis/adam.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace soi {

Adam::Adam(std::size_t n_parameters, AdamOptions options)
    : options_(options), first_moment_(n_parameters, 0.0f), second_moment_(n_parameters, 0.0f) {}

void Adam::step(std::span<float> parameters, std::span<const float> gradient, ThreadPool& pool) noexcept {
  assert(parameters.size() == first_moment_.size() && gradient.size() == first_moment_.size());
  ++n_steps_;
  const double n = static_cast<double>(n_steps_);
  const auto step_size = static_cast<float>(options_.learning_rate / (1 - std::pow(options_.beta1, n)));
  const auto root_correction = static_cast<float>(std::sqrt(1 - std::pow(options_.beta2, n)));
  const auto keep1 = static_cast<float>(options_.beta1);
  const auto keep2 = static_cast<float>(options_.beta2);
  const auto take1 = static_cast<float>(1 - options_.beta1);
  const auto take2 = static_cast<float>(1 - options_.beta2);
  const auto epsilon = static_cast<float>(options_.epsilon);
  float* first = first_moment_.data();
  float* second = second_moment_.data();
  constexpr std::size_t kParametersATask = 1 << 15;
  pool.parallel_for((parameters.size() + kParametersATask - 1) / kParametersATask, [&](std::size_t task) {
    const std::size_t end = std::min(parameters.size(), (task + 1) * kParametersATask);
    for (std::size_t i = task * kParametersATask; i < end; ++i) {
      const float g = gradient[i];
      first[i] = keep1 * first[i] + take1 * g;
      second[i] = keep2 * second[i] + take2 * g * g;
      parameters[i] -= step_size * first[i] / (std::sqrt(second[i]) / root_correction + epsilon);
    }
  });
}

}  // namespace soi
