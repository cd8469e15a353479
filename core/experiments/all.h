#pragma once

#include "core/experiments/experiment.h"

namespace soi {

// One lesson, one file of the same name.
extern const Experiment sae_simulation_experiment;
extern const Experiment sae_palinka_experiment;
extern const Experiment activation_maximization_experiment;
extern const Experiment ged_him_her_experiment;
extern const Experiment subspace_removal_experiment;

}  // namespace soi
