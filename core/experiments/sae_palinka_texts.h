#pragma once

#include <cstddef>
#include <vector>

#include "core/experiments/parameters.h"
#include "core/experiments/passage.h"

namespace soi {

/// The passages of the lesson on palinka, and where in them its words stand: positions are those of a word's last
/// token, ascending.
struct PalinkaTexts {
  Passage passage, held_out;
  std::size_t first_used = 0;  // position 0 is left out: 1
  std::vector<std::size_t> words;
  std::vector<std::size_t> others;  // what they are compared with
  std::vector<std::size_t> test_words;
  std::vector<std::size_t> other_words;
  std::vector<std::size_t> fillers;
  std::vector<std::size_t> document_words;  // the document's three, where they stand
  std::size_t single_word = 0;
  std::vector<std::size_t> held_out_words;
  std::vector<std::size_t> held_out_others;
};

/// The reader's own words must be in the passage; of the lesson's, those are taken that are. Throws
/// Error{invalid_argument} naming the parameter: a word that is not in its passage, no geography word at all, nothing
/// to compare with, a passage that is too short.
PalinkaTexts palinka_texts(const Parameters& parameters);

/// For plots, of each token: 0, or 1 a geography word, 2 a test word, 3 one of the other words, 4 a filler.
std::vector<float> token_roles(const PalinkaTexts& texts);

}  // namespace soi
