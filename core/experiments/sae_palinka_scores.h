#pragma once

#include <functional>
#include <vector>

#include "core/analysis/selectivity.h"
#include "core/experiments/sae_palinka_texts.h"
#include "core/kernels/thread_pool.h"

namespace soi {

/// Latents of both passages, and how they are scored.
struct PalinkaLatents {
  Tensor passage;   // [T, m], every position
  Tensor held_out;  // [T', m]
};

/// What the scores of one labelling say: which latents come out on top, and what these do elsewhere.
struct ScoredLatents {
  std::vector<double> scores;       // [m]
  std::vector<std::size_t> top;     // the highest, highest first
  double best = 0;                  // the highest score
  double high_share = 0;            // share of latents with a score that counts as very high
  double fires_at_test_words = 0;   // mean over the top ones of the share of test words on which they are not 0
  double fires_at_other_words = 0;  // share of the top ones that are not 0 on at least one of the other words
  double outside_share = 0;         // share of the top ones' activation that falls outside the target
  double held_out_contrast = 0;     // mean (g - n) / (g + n) of the top ones on the held-out passage's words
};

/// Scores for the true words, and for others as many places apart among the tokens that are compared. Words of one kind
/// stand together (a list of countries), and so do high activations: tokens drawn one by one, scattered over the
/// passage, would rarely share any, and make the true words seem special.
class PalinkaScores {
 public:
  PalinkaScores(const PalinkaLatents& latents, const PalinkaTexts& texts, SelectivityScore score, std::size_t n_top);

  ScoredLatents of_words() const;
  /// The words' places among the tokens that are compared, all moved on by a distance in [0, 1) of their number, round
  /// the end to the beginning: 0 is among the moves, as the identity is among permutations. For `fires_at_other_words`
  /// the other words are no places to move to: the true ones are never there.
  ScoredLatents of_moved(double distance) const;
  /// The document's ratio, g / n, of its words against its fillers.
  std::vector<double> document_ratios() const;

 private:
  ScoredLatents score(const std::vector<std::size_t>& target) const;
  double share_at_other_words(const std::vector<std::size_t>& latents) const;

  const PalinkaLatents& latents_;
  const PalinkaTexts& texts_;
  SelectivityScore score_;
  std::size_t n_top_;
  Selectivity passage_;
  std::vector<double> held_out_contrasts_;  // [m]
};

}  // namespace soi
