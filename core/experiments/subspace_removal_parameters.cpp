#include "core/experiments/subspace_removal_parameters.h"

#include <string>
#include <utility>

namespace soi {
namespace {

ParameterSpec by_protocol(ParameterSpec spec, ParameterValue notebook, ParameterValue document) {
  spec.by_protocol = {{"notebook", std::move(notebook)}, {"document", std::move(document)}};
  return spec;
}

}  // namespace

std::vector<ParameterSpec> subspace_removal_parameters() {
  using namespace std::string_literals;
  return {
      text_parameter("text", "What the model reads and is edited on; empty: the lesson's paragraph."),
      text_parameter("reference", "Another text, for fitting the directions elsewhere; empty: the lesson's."),
      integer_parameter("layer", -1, -1, 1000, "",
                        "Block that is edited for the deviation curve, from 0; -1: n_layers / 2, as the notebook."),
      integer_parameter("look_layer", -1, -1, 1000, "",
                        "Block whose neurons and covariance are looked at; -1: as deep as the notebook's, 9 of 48."),
      choice_parameter("hook", "before_gelu", {"before_gelu", "after_gelu"},
                       "Side of GELU on which the neurons are edited; the document and the notebook: before."),
      integer_parameter("component", 1, 1, 100000, "", "The first component that is removed; 1 has the most variance."),
      integer_parameter("rank", 1, 1, 1000, "components", "How many components are removed, from that one on."),
      by_protocol(choice_parameter("centring", "mean", {"mean", "none"},
                                   "Whether the mean over tokens is taken off before the decomposition."),
                  "none"s, "none"s),
      by_protocol(choice_parameter("restore", "mean_vector", {"mean_vector", "token_mean", "nothing"},
                                   "What is added after it: the mean over tokens (the document); each token's mean "
                                   "over neurons (the notebook); nothing."),
                  "token_mean"s, "mean_vector"s),
      by_protocol(choice_parameter("fit", "reference", {"reference", "sentence"},
                                   "Where direction and mean come from: another text, or the sentence itself, later "
                                   "tokens included."),
                  "sentence"s, "sentence"s),
      by_protocol(boolean_parameter("first_position", false,
                                    "Whether position 0, an outlier in GPT-2, is fitted, edited and counted."),
                  true, true),
      by_protocol(choice_parameter("readout", "log_probability", {"log_probability", "logit"},
                                   "What is read of the correct next token for the tests."),
                  "log_probability"s, "logit"s),
      by_protocol(boolean_parameter("spurious_zero", false,
                                    "Whether the tests count a 0 for the first token, which nothing predicts, as the "
                                    "notebook does."),
                  true, false),
      by_protocol(choice_parameter("covariance_of", "neurons", {"neurons", "tokens"},
                                   "Which covariance is compared before and after; the notebook's is of tokens."),
                  "tokens"s, "neurons"s),
      integer_parameter("other_component", 2, 1, 100000, "",
                        "Control: components removed from this one on, as many as `rank`."),
      integer_parameter("n_random", 5, 1, 1000, "directions",
                        "Control: random directions for each block, removed, or pushed along by the same amount."),
      integer_parameter("n_permutations", 1000, 1, 100000, "shuffles", "Control: orders of the blocks."),
      boolean_parameter("sweep", true, "Whether every block is edited in turn, or the one of the deviation alone."),
  };
}

}  // namespace soi
