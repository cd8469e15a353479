#pragma once

#include "core/kernels/thread_pool.h"
#include "core/tensor/tensor.h"

namespace soi {

/// LayerNorm over each row: y = (x - mean) / scale * gain + bias, scale = sqrt(var + epsilon), var with 1/n.
/// x, y [n, d]; gain, bias [d]; scale [n] or null. y may be x.
/// Two of GPT-2's hooks come from here: `hook_scale` is the divisor `scale`; `hook_normalized` is y, after gain and
/// bias.
void layer_norm(ConstMatrixView x, const float* gain, const float* bias, float epsilon, MatrixView y, float* scale,
                ThreadPool& pool) noexcept;

/// dx of the same.  x, dy, dx [n, d]; gain [d]. dx may be dy.
void layer_norm_backward(ConstMatrixView x, const float* gain, float epsilon, ConstMatrixView dy, MatrixView dx,
                         ThreadPool& pool) noexcept;

}  // namespace soi
