#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/hooks/hook_name.h"
#include "core/model/gpt2.h"
#include "core/tensor/tensor.h"

namespace soi {

/// A sentence with a word in its slot.
struct SlotSentence {
  std::vector<std::int32_t> tokens;
  std::size_t slot = 0;       // position of the word's last token
  std::size_t slot_size = 1;  // tokens of the word
};

/// The same sentence with each of two words.
struct WordPair {
  SlotSentence a, b;
};

/// One pair a line, its slot written [him|her]; empty lines are passed over. A line that starts with "ids:" holds token
/// ids instead: ids: 464 3290 [683|607] 13. The two words of a slot have at least one token each. `parameter` names
/// where the text came from. Throws Error{invalid_argument} naming it and the line: no slot or more than one, a word
/// that is missing, twice the same word, a word that runs into the letters after it, an id that is no number.
std::vector<WordPair> read_word_pairs(std::string_view text, const std::string& parameter);

/// Pairs by what stands before their slot: pairs of one group have the same tokens up to each of the two words, so that
/// a causal model gives them the same activations there. Numbered in the order of their first pair.
std::vector<std::size_t> prefix_groups(std::span<const WordPair> pairs);

/// The activation at the slot, of all pairs with their first word, then of all with their second: [2 n, d] for each
/// layer, all as lanes of one run. What comes after the slot is not run: the model is causal, so it changes nothing.
std::vector<Tensor> slot_activations(const Gpt2& model, std::span<const WordPair> pairs, HookPoint point,
                                     const std::vector<std::size_t>& layers,
                                     const std::function<void(double)>& progress);

}  // namespace soi
