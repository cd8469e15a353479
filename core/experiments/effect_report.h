#pragma once

#include <vector>

#include "core/experiments/edited_runs.h"
#include "core/experiments/result.h"

namespace soi {

/// The tests of one kind of edit, over all blocks: is the next token's readout lower?
struct EffectTests {
  std::vector<double> mean, t, log_p;
  double lowered = 0;     // share of the blocks where the mean falls and p < 0.05
  double bonferroni = 0;  // the same with p times the number of blocks
  double raised = 0;      // where it rises and p < 0.05
};
EffectTests test_effects(const EditedRuns& runs, EditKind kind, std::size_t repetition = 0);

/// What the edits do to the correct next token, every block in turn, beside the controls. Figures effect.*, lowered.*,
/// layers.effect, layers.t and the like.
void report_effects(const EditedRuns& runs, ExperimentResult& result);

}  // namespace soi
