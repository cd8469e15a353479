#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/experiments/block_edits.h"
#include "core/experiments/deviation.h"

namespace soi {

/// One block edited, and what came of it.
struct BlockEdit {
  std::size_t layer = 0;
  EditKind kind = EditKind::removal;
  std::size_t repetition = 0;
  Deviation deviation;
  std::vector<double> drop;        // of what the tests read, clean less edited, of token t + 1 at t
  std::vector<double> logit_drop;  // the same of the logit, whatever they read
};

/// All runs with an edit, and what of them counts.
struct EditedRuns {
  std::vector<BlockEdit> edits;
  std::vector<std::size_t> layers;  // the blocks that are edited
  std::size_t layer = 0;            // the one among them whose deviation is followed
  std::size_t n_layers = 0;
  std::size_t n_random = 0;  // repetitions of the controls that are repeated
  bool first_position = false;
  bool spurious_zero = false;  // counted as one more token
  std::string readout_unit;    // of `drop`

  /// Whether an edit leaves position 0 alone.
  bool skips_first(EditKind kind) const;
  std::vector<double> counted_drops(const BlockEdit& edit) const;
  /// One for each of `layers`.
  std::vector<const BlockEdit*> of_kind(EditKind kind, std::size_t repetition = 0) const;
  /// That of `layer`.
  const BlockEdit& of_layer(EditKind kind, std::size_t repetition = 0) const;
};

/// The first third of the blocks.
inline std::size_t n_early_blocks(std::size_t n_blocks) { return (n_blocks + 2) / 3; }

/// "" for the removal itself: its figures carry the plain names.
std::string figure_suffix(EditKind kind);

}  // namespace soi
