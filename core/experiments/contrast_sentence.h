#pragma once

#include <string>
#include <vector>

#include "core/analysis/matrix.h"
#include "core/experiments/result.h"
#include "core/experiments/word_pairs.h"

namespace soi {

/// The activations of one sentence with each of two words, at every token.
struct SentenceRows {
  Matrix a, b;                         // [T_a, r], [T_b, r], in the coordinates of some space
  std::size_t slot_a = 0, slot_b = 0;  // position of each word's last token
  std::size_t size_a = 1, size_b = 1;  // tokens of each word
  bool skip_first = false;  // position 0, whose activations are like no other's in GPT-2, is left out of all statistics
};

/// Runs both versions in full. `space` [d, r] has orthonormal columns.
SentenceRows sentence_rows(const Gpt2& model, const WordPair& sentence, Hook hook, const Matrix& space);

/// Projections on one direction, one a token.
struct SentenceScores {
  Vector a, b;  // [T_a], [T_b]
};

/// direction [r]; `offset` is taken off every score.
SentenceScores score_sentence(const SentenceRows& rows, const Vector& direction, double offset);

/// Whether two versions part at the slot, and there alone.
struct SentenceSplit {
  double in_spreads = 0;  // score of a minus score of b at the slot, in standard deviations of the scores elsewhere
  double before = 0;      // largest |difference| before the words, over that at the slot: 0 in a causal model
  double elsewhere = 0;   // the same of all tokens that are no part of the words
  double level = 0;       // largest |score| of a token that counts, over the larger of the two at the slot
  bool flips = false;     // a's score at the slot is the highest of its version, b's the lowest of its own
};
SentenceSplit split_of(const SentenceRows& rows, const SentenceScores& scores);

}  // namespace soi
