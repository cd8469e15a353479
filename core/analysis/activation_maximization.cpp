#include "core/analysis/activation_maximization.h"

#include <cmath>
#include <memory>
#include <string>
#include <utility>

#include "core/kernels/linear.h"
#include "core/model/gradient.h"
#include "core/tensor/error.h"

namespace soi {
namespace {

double read_out(const Tensor& activation, std::size_t dimension, ActivationReadout readout) {
  const std::size_t n_tokens = activation.dim(0);
  if (readout == ActivationReadout::last) return static_cast<double>(activation(n_tokens - 1, dimension));
  double sum = 0;
  for (std::size_t t = 0; t < n_tokens; ++t) sum += static_cast<double>(activation(t, dimension));
  return sum / static_cast<double>(n_tokens);
}

/// d(readout) / d(activation).
Tensor readout_cotangent(const Tensor& activation, std::size_t dimension, ActivationReadout readout) {
  Tensor cotangent(activation.shape());
  const std::size_t n_tokens = activation.dim(0);
  const std::size_t first = readout == ActivationReadout::last ? n_tokens - 1 : 0;
  const float share = readout == ActivationReadout::last ? 1.0f : 1.0f / static_cast<float>(n_tokens);
  for (std::size_t t = first; t < n_tokens; ++t) cotangent(t, dimension) = share;
  return cotangent;
}

void require_dimension(std::size_t dimension, std::size_t width, const Hook& hook) {
  if (dimension < width) return;
  throw Error(
      ErrorCode::invalid_argument, hook_name(hook) + " has no dimension " + std::to_string(dimension) + ".",
      "Its dimensions are 0 to " + std::to_string(width - 1) + ".",
      {{"name", "dimension"}, {"value", std::to_string(dimension)}, {"range", "0 to " + std::to_string(width - 1)}});
}

/// What the model is given: the embeddings, less the position embeddings where these should have no effect (the model
/// adds them to whatever it gets).
std::shared_ptr<const Tensor> model_input(const Gpt2& model, const Tensor& embeddings, bool position_embeddings) {
  Tensor input = embeddings.clone();
  if (!position_embeddings) {
    std::vector<float> position(model.config().d_model);
    const std::size_t n_known = std::min(input.dim(0), model.config().n_ctx);  // the run refuses what is longer
    for (std::size_t t = 0; t < n_known; ++t) {
      embedding_row(model.weights().embeddings().wpe, t, position.data());
      for (std::size_t i = 0; i < position.size(); ++i) input(t, i) -= position[i];
    }
  }
  return std::make_shared<const Tensor>(std::move(input));
}

/// Gradient of the loss, from that of the activation.
Tensor loss_gradient(const Tensor& activation_gradient, const Tensor& embeddings, double l2_weight) {
  Tensor gradient = Tensor::uninitialized(embeddings.shape());
  const auto twice_lambda = static_cast<float>(2 * l2_weight);
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    gradient.data()[i] = twice_lambda * embeddings.data()[i] - activation_gradient.data()[i];
  }
  return gradient;
}

double norm_of(const Tensor& tensor) {
  double sum = 0;
  for (float value : tensor.values()) sum += static_cast<double>(value) * static_cast<double>(value);
  return std::sqrt(sum);
}

}  // namespace

std::vector<Ascent> maximize_activation(const Gpt2& model, std::vector<Tensor> starts,
                                        const ActivationMaximizationOptions& options,
                                        const std::vector<std::size_t>& watched, const AscentObserver& observer) {
  std::vector<Ascent> ascents;
  std::vector<Adam> optimizers;
  for (Tensor& start : starts) {
    optimizers.emplace_back(start.size(), options.adam);
    ascents.push_back({std::move(start), {}, {}, std::vector<std::vector<double>>(watched.size())});
  }
  std::vector<Lane> lanes(ascents.size());
  for (std::size_t step = 0;; ++step) {
    for (std::size_t r = 0; r < lanes.size(); ++r) {
      lanes[r].input_embeddings = model_input(model, ascents[r].embeddings, options.position_embeddings);
    }
    const DifferentiableRun run(model, lanes, options.hook);
    std::vector<Tensor> cotangents;
    for (std::size_t r = 0; r < lanes.size(); ++r) {
      const Tensor& activation = run.activations()[r];
      require_dimension(options.dimension, activation.dim(1), options.hook);
      ascents[r].activation.push_back(read_out(activation, options.dimension, options.readout));
      for (std::size_t w = 0; w < watched.size(); ++w) {
        require_dimension(watched[w], activation.dim(1), options.hook);
        ascents[r].watched[w].push_back(read_out(activation, watched[w], options.readout));
      }
      cotangents.push_back(readout_cotangent(activation, options.dimension, options.readout));
    }
    std::vector<Tensor> gradients = run.backward(cotangents);
    for (std::size_t r = 0; r < lanes.size(); ++r) {
      gradients[r] = loss_gradient(gradients[r], ascents[r].embeddings, options.l2_weight);
      ascents[r].gradient_norm.push_back(norm_of(gradients[r]));
    }
    observer(step, ascents);
    if (step == options.n_steps) return ascents;
    for (std::size_t r = 0; r < lanes.size(); ++r) {
      optimizers[r].step(ascents[r].embeddings.values(), gradients[r].values(), model.pool());
    }
  }
}

Tensor read_activations(const Gpt2& model, std::span<const Tensor> inputs, const ActivationMaximizationOptions& options,
                        const std::function<void(double)>& progress) {
  std::vector<Lane> lanes(inputs.size());
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    lanes[i].input_embeddings = model_input(model, inputs[i], options.position_embeddings);
    lanes[i].captures = {options.hook};
    lanes[i].logits = LogitPositions::none();
  }
  const std::vector<LaneResult> results = model.run(lanes, progress);
  Tensor readouts = Tensor::uninitialized({lanes.size(), results.front().captured.at(options.hook).dim(1)});
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    const Tensor& activation = results[i].captured.at(options.hook);
    for (std::size_t c = 0; c < readouts.dim(1); ++c) {
      readouts(i, c) = static_cast<float>(read_out(activation, c, options.readout));
    }
  }
  return readouts;
}

}  // namespace soi
