#include "core/experiments/edited_runs.h"

#include <algorithm>

namespace soi {

bool EditedRuns::skips_first(EditKind kind) const {
  return kind == EditKind::other_first_position ? first_position : !first_position;
}

std::vector<double> EditedRuns::counted_drops(const BlockEdit& edit) const {
  std::vector<double> values = edit.drop;
  if (skips_first(edit.kind)) values.erase(values.begin());
  if (spurious_zero) values.insert(values.begin(), 0.0);
  return values;
}

std::vector<const BlockEdit*> EditedRuns::of_kind(EditKind kind, std::size_t repetition) const {
  std::vector<const BlockEdit*> chosen;
  for (const BlockEdit& edit : edits) {
    if (edit.kind == kind && edit.repetition == repetition) chosen.push_back(&edit);
  }
  return chosen;
}

const BlockEdit& EditedRuns::of_layer(EditKind kind, std::size_t repetition) const {
  return *std::ranges::find_if(edits, [&](const BlockEdit& edit) {
    return edit.kind == kind && edit.repetition == repetition && edit.layer == layer;
  });
}

std::string figure_suffix(EditKind kind) { return kind == EditKind::removal ? "" : "." + edit_name(kind); }

}  // namespace soi
