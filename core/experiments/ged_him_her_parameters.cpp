#include "core/experiments/ged_him_her_parameters.h"

#include <string>
#include <utility>

namespace soi {
namespace {

ParameterSpec by_protocol(ParameterSpec spec, ParameterValue notebook, ParameterValue document) {
  spec.by_protocol = {{"notebook", std::move(notebook)}, {"document", std::move(document)}};
  return spec;
}

}  // namespace

std::vector<ParameterSpec> ged_him_her_parameters() {
  using namespace std::string_literals;
  constexpr std::int64_t kNotebookPairs = 54;
  return {
      integer_parameter("layer", -1, -1, 1000, "",
                        "Block whose MLP is read, from 0; -1: n_layers / 2, as the notebook."),
      choice_parameter(
          "hook", "before_gelu", {"before_gelu", "after_gelu"},
          "Side of GELU on which the MLP's neurons are read; the document does not say, the notebook: before."),
      choice_parameter(
          "centring", "class", {"class", "grand", "none"},
          "What covariances are taken about: each class's mean (the notebook; the document does not say), the "
          "mean of both, or zero."),
      real_parameter("variance_share", 0.99, 0.5, 1.0, "share", "Of the pooled variance, kept by the components."),
      by_protocol(
          choice_parameter("component_count", "enough", {"enough", "one_fewer"},
                           "As many components as reach the share, or one fewer, as the notebook's index has it."),
          "one_fewer"s, "enough"s),
      real_parameter("gamma", 0.01, 0.0, 1.0, "share", "Shrinkage towards the mean eigenvalue."),
      choice_parameter("shrink", "reference", {"reference", "both"}, "Which covariances are shrunk."),
      by_protocol(choice_parameter("pattern", "raw", {"raw", "shrunk"},
                                   "Signal covariance that gives the forward pattern; the notebook's is shrunk."),
                  "shrunk"s, "shrunk"s),
      by_protocol(
          integer_parameter("n_pairs", 0, 0, 100000, "pairs",
                            "The first so many pairs; 0: all. The notebook and the course's neighbours have 54."),
          kNotebookPairs, kNotebookPairs),
      text_parameter("pairs", "A sentence a line, its word as [him|her]; empty: the lesson's 60."),
      text_parameter("he_she", "Control with other pronouns, in the same form; empty: the lesson's."),
      text_parameter("names", "Control with names, in the same form; empty: the lesson's."),
      by_protocol(
          choice_parameter("null", "within_pairs", {"within_pairs", "all_labels"},
                           "Labels are swapped within pairs and all is fitted anew; or mixed over all sentences, with "
                           "the components of the true labels and both covariances shrunk, as the notebook does once."),
          "all_labels"s, "all_labels"s),
      integer_parameter("n_permutations", 200, 1, 10000, "shuffles",
                        "Label shuffles of the chosen layer; the notebook shows one."),
      integer_parameter("n_folds", 5, 2, 1000, "folds",
                        "Each part of the pairs is left out in turn; at most half as many as there are pairs."),
      by_protocol(choice_parameter(
                      "contrast_source", "lesson", {"lesson", "first_pair"},
                      "Sentence that is projected token by token: one that no filter was fitted on, or the first of "
                      "the pairs, as the notebook does."),
                  "first_pair"s, "first_pair"s),
      text_parameter("contrast", "Another such sentence, with its slot."),
      by_protocol(choice_parameter("projection", "centred", {"centred", "raw"},
                                   "Projections of that sentence about the mean of the two classes, or as they are."),
                  "raw"s, "raw"s),
      by_protocol(
          boolean_parameter("first_position", false, "Whether that sentence's position 0 counts in its statistics."),
          true, true),
      boolean_parameter("sweep", true, "Whether every layer is analysed."),
      integer_parameter("n_layer_permutations", 40, 1, 10000, "shuffles",
                        "Label shuffles of each layer of the sweep, and of each control with other words."),
  };
}

}  // namespace soi
