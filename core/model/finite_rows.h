#pragma once

#include "core/tensor/tensor.h"

namespace soi {

/// Judges activations, logits or gradients that are about to be read. Finite weights may still be so large that they
/// are NaN or infinity. (A run itself does not judge: a lane of NaN is no matter of the others.) Throws
/// Error{activation_not_finite}.
void require_finite_rows(ConstMatrixView rows);

}  // namespace soi
