#include "core/experiments/sae_palinka_parameters.h"

#include <string>
#include <utility>

#include "core/experiments/initial_values.h"

namespace soi {
namespace {

using namespace std::string_literals;

ParameterSpec by_protocol(ParameterSpec spec, ParameterValue notebook, ParameterValue document) {
  spec.by_protocol = {{"notebook", std::move(notebook)}, {"document", std::move(document)}};
  return spec;
}

std::vector<ParameterSpec> network_parameters() {
  return {
      by_protocol(choice_parameter("hook", "mlp_out", {"mlp_out", "before_gelu", "after_gelu"},
                                   "What the autoencoder reads: the MLP's output (768 wide in GPT-2 small, the "
                                   "document's number), or its neurons (3072) on either side of GELU (the notebook: "
                                   "before)."),
                  "before_gelu"s, "mlp_out"s),
      integer_parameter("layer", -1, -1, 1000, "",
                        "Block whose MLP is read, from 0; -1: n_layers / 2, as the notebook. The document does not "
                        "say."),
      by_protocol(boolean_parameter("first_position", false,
                                    "Whether position 0 is trained on and counted; GPT-2's values there are extreme."),
                  true, true),
      integer_parameter("n_latents", 0, 0, 65536, "latents",
                        "Latent units; 0: eight times the model's width, the document's and the notebook's 6144 in "
                        "GPT-2 small."),
      boolean_parameter("tied", true, "Whether the decoder is the encoder's transpose."),
      by_protocol(
          boolean_parameter("biases", true, "Of encoder and decoder; the notebook has none, the document names none."),
          false, false),
      by_protocol(real_parameter("top_k_share", 0.5, 0.0001, 1, "share", "Of each token's latents, kept by Top-K."),
                  1.0 / 3, 0.5),
      by_protocol(choice_parameter("top_k_of", "latents", {"latents", "inputs"},
                                   "What that is a share of: the latents, or the width of the input, as the notebook's "
                                   "3072 // 3."),
                  "inputs"s, "latents"s),
      integer_parameter("top_k", 0, 0, 65536, "latents", "Top-K as a number; 0: by the share."),
      integer_parameter("small_k", 32, 1, 65536, "latents", "Of the network with a small k that is trained beside."),
      by_protocol(real_parameter("l1_weight", 0.0, 0, 100, "",
                                 "Times mean |z|. The document: Top-K in its place; the notebook adds both."),
                  1.0, 0.0),
      by_protocol(real_parameter("decorrelation_weight", 0.0, 0, 100, "",
                                 "Times the summed squares of the latents' off-diagonal covariances."),
                  0.0005, 0.0),
      real_parameter("learning_rate", 1e-4, 0, 1, "", "Adam's."),
      integer_parameter("epochs", 100, 1, 20000, "epochs", "Full-batch steps."),
      boolean_parameter("variants", true,
                        "Whether three more networks are trained: with the small k, with position 0 the other way, "
                        "and with an untied decoder (or a tied one)."),
      integer_parameter("n_untrained", 20, 1, 1000, "networks", "Untrained networks, as the control."),
      keep_initial_parameter(),
  };
}

std::vector<ParameterSpec> text_parameters() {
  return {
      text_parameter("passage", "What is trained on: a text, or token ids after ids:; empty: the lesson's."),
      text_parameter("held_out", "A passage that is not trained on, in the same form; empty: the lesson's."),
      by_protocol(choice_parameter("word_set", "thirteen", {"thirteen", "three"},
                                   "Geography words: the notebook's thirteen, or the document's three."),
                  "thirteen"s, "three"s),
      text_parameter("words", "Other words, one a line (a word, or ids: and its tokens)."),
      by_protocol(choice_parameter("against", "all", {"all", "fillers"},
                                   "What the words are compared with: all other tokens, or the filler words."),
                  "all"s, "fillers"s),
      text_parameter("fillers", "Filler words, in the same form; empty: fruit, alcohol."),
      text_parameter("test_words", "Where the chosen latents are looked at; empty: Czech Republic, Union."),
      by_protocol(boolean_parameter("hold_out_test_words", true,
                                    "Whether these are left out of the score, so that looking there is a test."),
                  false, true),
      text_parameter("other_words", "What else the chosen latents may fire on; empty: brackets, commas, naught."),
      text_parameter("held_out_words", "Geography words of the held-out passage; empty: the lesson's."),
      text_parameter("single_word", "The word whose active latents are counted; empty: Romania."),
      by_protocol(
          choice_parameter("score", "standardized", {"standardized", "contrast", "ratio", "ratio_of_active"},
                           "Selectivity: (g - n) / standard deviation, (g - n) / (g + n), the document's g / n, "
                           "or the notebook's ratio of the means of active values."),
          "ratio_of_active"s, "ratio"s),
      integer_parameter("n_top", 12, 1, 1000, "latents", "Latents with the highest scores that are looked at."),
      integer_parameter("n_permutations", 200, 1, 10000, "moves", "Of the labels, for the scores' null."),
  };
}

}  // namespace

std::vector<ParameterSpec> sae_palinka_parameters() {
  std::vector<ParameterSpec> specs = network_parameters();
  for (ParameterSpec& spec : text_parameters()) specs.push_back(std::move(spec));
  return specs;
}

}  // namespace soi
