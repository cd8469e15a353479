#pragma once

#include "core/experiments/edited_runs.h"
#include "core/experiments/result.h"

namespace soi {

/// How far the edited runs are from the clean one, by depth: curves and growth of the followed block beside its
/// controls, and the removal in every block. Figures deviation.*, clean.*, check.*, sweep.*.
void report_deviation(const EditedRuns& runs, ExperimentResult& result);

}  // namespace soi
