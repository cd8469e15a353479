#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "core/experiments/removal.h"

namespace soi {

/// What is done to the neurons of a block.
enum class EditKind : std::uint8_t {
  removal,               // as the parameters have it
  other_first_position,  // the same with position 0 in where it is out, and out where it is in
  other_fit,             // the same fitted on the sentence where it is on the reference text, and the other way round
  other_component,       // the same of another component
  random,                // random directions in place of the components
  matched_norm,          // a push of the same size along a random direction
  identity,              // nothing: a check
};

/// Controls that there is one of, and those that are repeated with other random numbers.
inline constexpr std::array kSingleControls = {EditKind::other_first_position, EditKind::other_fit,
                                               EditKind::other_component};
inline constexpr std::array kRepeatedControls = {EditKind::random, EditKind::matched_norm};

/// As figures and controls are named: "matched_norm".
std::string edit_name(EditKind kind);

/// The edits of one block.
struct BlockRemovals {
  std::size_t layer = 0;
  std::uint64_t seed = 0;
  Removal removal, other_first_position, other_fit, other_component;
};

/// The removal with random directions in place of its own: those of the block and the repetition, whatever else is run.
Removal random_removal(const BlockRemovals& block, std::size_t repetition);

/// x [T, d_mlp] as the edit leaves it.
Matrix edited_activations(const BlockRemovals& block, EditKind kind, std::size_t repetition, const Matrix& x);

}  // namespace soi
