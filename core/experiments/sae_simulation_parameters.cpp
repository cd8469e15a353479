#include "core/experiments/sae_simulation_parameters.h"

#include "core/experiments/initial_values.h"

namespace soi {

std::vector<ParameterSpec> sae_simulation_parameters() {
  std::vector<ParameterSpec> specs = {
      integer_parameter("n_samples", 3000, 50, 100000, "samples", "Length of the two signals."),
      real_parameter("periods", 7, 0.5, 1000, "periods",
                     "Of the sine; the step has three times as many. The document gives none: the notebook's."),
      choice_parameter("step", "two_levels", {"two_levels", "sign", "three_levels"},
                       "The second source: 0 and 2; the same by a sign, 1 where that is 0, as the notebook; or 0, 1 "
                       "and 2 for a third of the period each (SAE1-E02)."),
      real_parameter("mixing_11", 1.0, -10, 10, "",
                     "Sine into channel 1. The document gives no matrix: the notebook's."),
      real_parameter("mixing_12", 0.4, -10, 10, "", "Sine into channel 2."),
      real_parameter("mixing_21", 0.6, -10, 10, "", "Step into channel 1."),
      real_parameter("mixing_22", 1.0, -10, 10, "", "Step into channel 2."),
      real_parameter("noise", 0.0, 0, 10, "", "Standard deviation of the noise added to the channels."),
      integer_parameter("n_latents", 20, 2, 2000, "latents", "Latent units."),
      choice_parameter("activation", "relu", {"relu", "gelu", "linear"},
                       "Of the latents. The document names none: the notebook's is GELU."),
      boolean_parameter("tied", false, "Whether the decoder is the encoder's transpose."),
      real_parameter("l1_weight", 0.1, 0, 100, "", "Times mean |z|."),
      real_parameter("decorrelation_weight", 1.0, 0, 100, "",
                     "Times the squared off-diagonal covariances of the latents."),
      boolean_parameter("mean_decorrelation", true, "Their mean over pairs, instead of their sum."),
      boolean_parameter("unit_norm_decoder", true, "Keeps each latent's decoder row at length 1 (SAE1-E04)."),
      real_parameter("learning_rate", 0.007, 0, 1, "", "Adam's."),
      integer_parameter("epochs", 600, 1, 20000, "epochs", "Full-batch steps."),
      choice_parameter("matching", "one_to_one", {"one_to_one", "best"}, "Whether a latent may match both sources."),
      integer_parameter("n_seeds", 24, 1, 1000, "networks", "Of each variant in the sweep."),
      integer_parameter("n_grid_seeds", 6, 0, 1000, "networks",
                        "At each weight of a penalty, from none to strong, for both in turn; 0: no such sweeps."),
      keep_initial_parameter(),
  };
  const auto by_protocol = [&](const char* name, ParameterValue notebook, ParameterValue document) {
    for (ParameterSpec& spec : specs) {
      if (spec.name == name) spec.by_protocol = {{"notebook", notebook}, {"document", document}};
    }
  };
  by_protocol("step", "sign", "two_levels");
  by_protocol("activation", "gelu", "gelu");
  by_protocol("l1_weight", 1.0, 1.0);
  by_protocol("decorrelation_weight", 0.0, 1.0);
  by_protocol("mean_decorrelation", false, false);
  by_protocol("unit_norm_decoder", false, false);
  by_protocol("learning_rate", 0.0007, 0.007);
  by_protocol("matching", "best", "best");
  return specs;
}

}  // namespace soi
