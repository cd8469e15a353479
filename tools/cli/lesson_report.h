#pragma once

#include <iosfwd>

#include "core/experiments/experiment.h"

namespace soi::cli {

/// A lesson's result for people: parameters, figures with their controls beside them, the ledger of claims.
void print_result(std::ostream& out, const ExperimentResult& result);

/// An experiment and its parameters for people: name, value by protocol, range, meaning.
void print_experiment(std::ostream& out, const Experiment& experiment);

}  // namespace soi::cli
