#pragma once

#include <functional>
#include <span>
#include <vector>

#include "core/analysis/adam.h"
#include "core/model/gpt2.h"

namespace soi {

/// Which positions' activations are made large.
enum class ActivationReadout : std::uint8_t { mean, last };

struct ActivationMaximizationOptions {
  Hook hook;                  // any hook that DifferentiableRun takes
  std::size_t dimension = 0;  // column of that hook
  ActivationReadout readout = ActivationReadout::mean;
  std::size_t n_steps = 500;
  AdamOptions adam;
  double l2_weight = 0.01;  // lambda of: loss = -activation + lambda * sum of squares of the embeddings
  /// Whether position embeddings are added to what is optimised, as Hugging Face does with inputs_embeds.
  bool position_embeddings = true;
};

/// What happened along the way, for one restart. Entry s of a trace is before step s; the last is after all steps, so
/// each has n_steps + 1 entries.
struct Ascent {
  Tensor embeddings;                         // [T, d_model], optimised
  std::vector<double> activation;            // the readout of `dimension`
  std::vector<double> gradient_norm;         // of the loss
  std::vector<std::vector<double>> watched;  // of each watched dimension, the same readout
};

/// Called before each step with the ascents as they are, their traces one entry longer each time, and once more after
/// the last; may throw to stop.
using AscentObserver = std::function<void(std::size_t step, const std::vector<Ascent>& ascents)>;

/// Gradient ascent on input embeddings through the frozen model (Erhan et al. 2009; the course's form of it): all
/// restarts are lanes of one run, so that each step reads the weights once. `starts`: one [T, d_model] matrix a
/// restart. `watched`: other columns of the hook to trace. Throws the errors of DifferentiableRun, and
/// Error{invalid_argument} for a dimension beyond the hook's width.
std::vector<Ascent> maximize_activation(const Gpt2& model, std::vector<Tensor> starts,
                                        const ActivationMaximizationOptions& options,
                                        const std::vector<std::size_t>& watched, const AscentObserver& observer);

/// The readout of every column of the hook, [n inputs, width], of embeddings that are fed in as the ascent feeds its
/// own: [T, d_model] each. All in one run, which reports as `Gpt2::run` does.
Tensor read_activations(const Gpt2& model, std::span<const Tensor> inputs, const ActivationMaximizationOptions& options,
                        const std::function<void(double)>& progress = {});

}  // namespace soi
