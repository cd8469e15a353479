#pragma once

#include "core/tensor/tensor.h"

namespace soi {

/// Judges rows of numbers that are about to be read as a distribution, or to become one. Finite weights may still be so
/// large that activations are NaN or infinity. (A run itself does not judge: a lane of NaN is no matter of the others.)
/// Throws Error{activation_not_finite}.
void require_finite_rows(ConstMatrixView rows);

}  // namespace soi
