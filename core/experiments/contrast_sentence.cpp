#include "core/experiments/contrast_sentence.h"

#include <algorithm>
#include <cmath>

#include "core/analysis/descriptive.h"
#include "core/tensor/error.h"

namespace soi {
namespace {

/// Scores of the tokens that count, without those of the word that ends at `slot`.
std::vector<double> other_scores(const Vector& scores, std::size_t slot, std::size_t size, bool skip_first) {
  std::vector<double> others;
  for (std::size_t t = skip_first ? 1 : 0; t < static_cast<std::size_t>(scores.size()); ++t) {
    if (t + size <= slot || t > slot) others.push_back(scores(static_cast<Eigen::Index>(t)));
  }
  return others;
}

/// The largest |difference| of n tokens, from token a and token b on.
double largest_difference(const SentenceScores& scores, std::size_t from_a, std::size_t from_b, std::size_t n) {
  double largest = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double difference =
        scores.a(static_cast<Eigen::Index>(from_a + i)) - scores.b(static_cast<Eigen::Index>(from_b + i));
    largest = std::max(largest, std::abs(difference));
  }
  return largest;
}

}  // namespace

SentenceRows sentence_rows(const Gpt2& model, const WordPair& sentence, Hook hook, const Matrix& space) {
  std::vector<Lane> lanes(2);
  lanes[0].tokens = sentence.a.tokens;
  lanes[1].tokens = sentence.b.tokens;
  for (Lane& lane : lanes) {
    lane.captures = {hook};
    lane.logits = LogitPositions::none();
  }
  const std::vector<LaneResult> results = model.run(lanes);
  const auto& [a, b] = sentence;
  return {to_matrix(results[0].captured.at(hook).matrix()) * space,
          to_matrix(results[1].captured.at(hook).matrix()) * space,
          a.slot,
          b.slot,
          a.slot_size,
          b.slot_size,
          false};
}

SentenceScores score_sentence(const SentenceRows& rows, const Vector& direction, double offset) {
  return {(rows.a * direction).array() - offset, (rows.b * direction).array() - offset};
}

SentenceSplit split_of(const SentenceRows& rows, const SentenceScores& scores) {
  const double at_a = scores.a(static_cast<Eigen::Index>(rows.slot_a));
  const double at_b = scores.b(static_cast<Eigen::Index>(rows.slot_b));
  const std::vector<double> others_a = other_scores(scores.a, rows.slot_a, rows.size_a, rows.skip_first);
  const std::vector<double> others_b = other_scores(scores.b, rows.slot_b, rows.size_b, rows.skip_first);
  std::vector<double> others = others_a;
  others.insert(others.end(), others_b.begin(), others_b.end());
  const std::size_t n_before = std::min(rows.slot_a + 1 - rows.size_a, rows.slot_b + 1 - rows.size_b);
  const std::size_t n_after = std::min(static_cast<std::size_t>(scores.a.size()) - rows.slot_a,
                                       static_cast<std::size_t>(scores.b.size()) - rows.slot_b) -
                              1;
  const double at_slot = std::abs(at_a - at_b);
  SentenceSplit split;
  split.in_spreads = (at_a - at_b) / standard_deviation(others);
  split.before = largest_difference(scores, 0, 0, n_before) / at_slot;
  split.elsewhere =
      std::max(split.before, largest_difference(scores, rows.slot_a + 1, rows.slot_b + 1, n_after) / at_slot);
  const auto size = [](double score) { return std::abs(score); };
  split.level =
      others.empty() ? std::nan("") : size(std::ranges::max(others, {}, size)) / std::max(size(at_a), size(at_b));
  split.flips = std::ranges::all_of(others_a, [at_a](double score) { return score < at_a; }) &&
                std::ranges::all_of(others_b, [at_b](double score) { return score > at_b; });
  return split;
}

}  // namespace soi
