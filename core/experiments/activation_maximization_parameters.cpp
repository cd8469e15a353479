#include "core/experiments/activation_maximization_parameters.h"

#include <cmath>
#include <string>
#include <utility>

#include "core/experiments/initial_values.h"
#include "core/tensor/error.h"

namespace soi {
namespace {

constexpr double kSmallBlocks = 12;  // of GPT-2 small, whose layers the protocols name

ParameterSpec by_protocol(ParameterSpec spec, ParameterValue notebook, ParameterValue document) {
  spec.by_protocol = {{"notebook", std::move(notebook)}, {"document", std::move(document)}};
  return spec;
}

bool counts_blocks(const Parameters& p) { return p.text("layer_counts") == "blocks"; }

Hook hook_of(std::size_t layer, bool blocks, std::size_t n_layers) {
  if (blocks) return {HookPoint::resid_post, layer};
  if (layer == 0) return {HookPoint::resid_pre, 0};
  // The last of Hugging Face's hidden_states is taken after ln_f.
  if (layer == n_layers) return {HookPoint::ln_final_normalized, 0};
  return {HookPoint::resid_post, layer - 1};
}

/// `value` where the model has it; else what `moved` gives, unless the reader asked for it.
std::size_t checked(const Parameters& p, const std::string& name, std::size_t last, std::size_t moved) {
  const std::size_t value = p.count(name);
  if (value <= last) return value;
  if (!p.is_given(name)) return moved;
  const std::string range = "0 to " + std::to_string(last);
  throw Error(ErrorCode::invalid_argument, "This model has no " + name + " " + std::to_string(value) + ".",
              "Choose one of " + range + ", or load a larger model.",
              {{"name", name}, {"value", std::to_string(value)}, {"range", range}});
}

}  // namespace

std::vector<ParameterSpec> activation_maximization_parameters() {
  using namespace std::string_literals;
  return {
      by_protocol(integer_parameter("layer", 4, 0, 1000, "",
                                    "Where the residual stream is read; the document says 4, the notebook uses 8."),
                  std::int64_t{8}, std::int64_t{4}),
      choice_parameter("layer_counts", "hidden_states", {"hidden_states", "blocks"},
                       "What the layer counts: hidden_states[4] is the output of block 3 and what the notebook means; "
                       "blocks: the output of block 4."),
      by_protocol(integer_parameter("dimension", 90, 0, 100000, "",
                                    "Coordinate of the residual stream; the document says 90, the notebook uses 91."),
                  std::int64_t{91}, std::int64_t{90}),
      choice_parameter("readout", "mean", {"mean", "last"},
                       "Over the positions; the document does not say, the notebook takes the mean."),
      integer_parameter("n_tokens", 5, 1, 64, "tokens", "Rows of the matrix that is optimised."),
      integer_parameter("n_steps", 500, 1, 20000, "steps", "Of Adam."),
      real_parameter("learning_rate", 0.001, 0, 1, "", "Adam's."),
      real_parameter("l2_weight", 0.01, 0, 100, "",
                     "Lambda of loss = -a + lambda * sum of squares. The document gives none: the notebook's."),
      by_protocol(boolean_parameter("position_embeddings", true,
                                    "Whether position embeddings are added to what is optimised, as Hugging Face does "
                                    "with inputs_embeds; the document says that they are bypassed."),
                  true, false),
      choice_parameter("start", "scaled_normal", {"scaled_normal", "matched_normal", "tokens"},
                       "Normal numbers with the standard deviation of all of wte; with the mean and deviation of each "
                       "of its coordinates; or the embeddings of random tokens."),
      integer_parameter("n_restarts", 4, 1, 50, "runs", "Starts that climb side by side; the document has one."),
      integer_parameter("n_neighbours", 2, 1, 50, "dimensions",
                        "On each side of the target, by index; the notebook traces the next one."),
      integer_parameter("n_null", 40, 1, 1000, "matrices", "Random matrices that are decoded without being optimised."),
      by_protocol(
          boolean_parameter("other_reading", true, "Whether one start also climbs the layer read the other way."),
          false, true),
      text_parameter("text", "Natural text whose windows the activation is compared with; empty: the lesson's."),
      keep_initial_parameter(),
  };
}

AscentTarget ascent_target(const Parameters& p, const Config& config) {
  const bool blocks = counts_blocks(p);
  const std::size_t last = blocks ? config.n_layers - 1 : config.n_layers;
  const double share = static_cast<double>(p.count("layer")) / kSmallBlocks;
  const auto moved = static_cast<std::size_t>(std::lround(share * static_cast<double>(config.n_layers)));
  AscentTarget target;
  target.layer = checked(p, "layer", last, std::min(moved, last));
  target.dimension = checked(p, "dimension", config.d_model - 1, config.d_model - 1);
  target.hook = hook_of(target.layer, blocks, config.n_layers);
  target.layer_moved = target.layer != p.count("layer");
  target.dimension_moved = target.dimension != p.count("dimension");
  return target;
}

std::optional<Hook> other_reading(const Parameters& p, const AscentTarget& target, const Config& config) {
  const bool other_blocks = !counts_blocks(p);
  if (other_blocks && target.layer >= config.n_layers) return std::nullopt;
  return hook_of(target.layer, other_blocks, config.n_layers);
}

ActivationMaximizationOptions ascent_options(const Parameters& p, const AscentTarget& target) {
  ActivationMaximizationOptions options;
  options.hook = target.hook;
  options.dimension = target.dimension;
  options.readout = p.text("readout") == "last" ? ActivationReadout::last : ActivationReadout::mean;
  options.n_steps = p.count("n_steps");
  options.adam.learning_rate = p.real("learning_rate");
  options.l2_weight = p.real("l2_weight");
  options.position_embeddings = p.boolean("position_embeddings");
  return options;
}

}  // namespace soi
