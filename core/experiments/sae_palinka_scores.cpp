#include "core/experiments/sae_palinka_scores.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace soi {
namespace {

std::vector<std::size_t> joined(std::vector<std::size_t> a, const std::vector<std::size_t>& b) {
  a.insert(a.end(), b.begin(), b.end());
  std::ranges::sort(a);
  return a;
}

/// Share of the positions on which a latent is not 0; NaN for none.
double active_share(const Tensor& z, const std::vector<std::size_t>& positions, std::size_t latent) {
  if (positions.empty()) return std::nan("");
  const auto n = std::ranges::count_if(positions, [&](std::size_t t) { return z(t, latent) != 0.0f; });
  return static_cast<double>(n) / static_cast<double>(positions.size());
}

/// Share of a set of latents' activation, from position `first` on, that falls outside the target.
double outside_share(const Tensor& z, const std::vector<std::size_t>& latents, const std::vector<std::size_t>& target,
                     std::size_t first) {
  double inside = 0;
  double everywhere = 0;
  for (std::size_t latent : latents) {
    for (std::size_t t : target) inside += static_cast<double>(z(t, latent));
    for (std::size_t t = first; t < z.dim(0); ++t) everywhere += static_cast<double>(z(t, latent));
  }
  return everywhere > 0 ? 1 - inside / everywhere : std::nan("");
}

/// Positions, by their places on a ring of positions in order, moved on by a part of its length. Those that are not on
/// the ring are left out.
std::vector<std::size_t> moved(const std::vector<std::size_t>& positions, const std::vector<std::size_t>& ring,
                               double part) {
  const auto distance = static_cast<std::size_t>(part * static_cast<double>(ring.size()));
  std::vector<std::size_t> target;
  for (std::size_t position : positions) {
    const auto place = std::ranges::lower_bound(ring, position);
    if (place == ring.end() || *place != position) continue;
    target.push_back(ring[(static_cast<std::size_t>(place - ring.begin()) + distance) % ring.size()]);
  }
  return target;
}

}  // namespace

PalinkaScores::PalinkaScores(const PalinkaLatents& latents, const PalinkaTexts& texts, SelectivityScore score,
                             std::size_t n_top)
    : latents_(latents),
      texts_(texts),
      score_(score),
      n_top_(n_top),
      passage_(latents.passage.matrix(), joined(texts.words, texts.others)) {
  const Selectivity held_out(latents.held_out.matrix(), joined(texts.held_out_words, texts.held_out_others));
  held_out_contrasts_ = held_out.scores(texts.held_out_words, SelectivityScore::contrast);
}

ScoredLatents PalinkaScores::score(const std::vector<std::size_t>& target) const {
  ScoredLatents scored;
  scored.scores = passage_.scores(target, score_);
  scored.top = highest(scored.scores, n_top_);
  scored.best = scored.scores[scored.top.front()];
  const double threshold = high_selectivity(score_);
  const auto n_high = std::ranges::count_if(scored.scores, [&](double s) { return s >= threshold; });
  scored.high_share = static_cast<double>(n_high) / static_cast<double>(scored.scores.size());
  for (std::size_t latent : scored.top) {
    scored.fires_at_test_words += active_share(latents_.passage, texts_.test_words, latent);
    scored.held_out_contrast += held_out_contrasts_[latent];
  }
  const auto n = static_cast<double>(scored.top.size());
  scored.fires_at_test_words /= n;
  scored.fires_at_other_words = share_at_other_words(scored.top);
  scored.held_out_contrast /= n;
  scored.outside_share = outside_share(latents_.passage, scored.top, target, texts_.first_used);
  return scored;
}

ScoredLatents PalinkaScores::of_words() const { return score(texts_.words); }

double PalinkaScores::share_at_other_words(const std::vector<std::size_t>& latents) const {
  if (texts_.other_words.empty()) return std::nan("");
  const auto fires = [&](std::size_t latent) { return active_share(latents_.passage, texts_.other_words, latent) > 0; };
  return static_cast<double>(std::ranges::count_if(latents, fires)) / static_cast<double>(latents.size());
}

ScoredLatents PalinkaScores::of_moved(double distance) const {
  ScoredLatents scored = score(moved(texts_.words, passage_.samples(), distance));
  std::vector<std::size_t> elsewhere;
  std::ranges::set_difference(passage_.samples(), texts_.other_words, std::back_inserter(elsewhere));
  const std::vector<std::size_t> target = moved(texts_.words, elsewhere, distance);
  const bool has_others = !target.empty() && target.size() < elsewhere.size();
  scored.fires_at_other_words =
      has_others ? share_at_other_words(highest(passage_.scores(target, score_), n_top_)) : std::nan("");
  return scored;
}

std::vector<double> PalinkaScores::document_ratios() const {
  std::vector<std::size_t> fillers;
  std::ranges::set_difference(texts_.fillers, texts_.document_words, std::back_inserter(fillers));
  return Selectivity(latents_.passage.matrix(), joined(texts_.document_words, fillers))
      .scores(texts_.document_words, SelectivityScore::ratio);
}

}  // namespace soi
