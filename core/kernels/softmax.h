#pragma once

#include <cstddef>
#include <span>

namespace soi {

/// In place: values become probabilities; -infinity becomes exactly 0. The maximum is subtracted first. An empty row,
/// or one of -infinity alone, is left as zeros. NaN or +infinity anywhere makes the whole row NaN.
void softmax(std::span<float> row) noexcept;

/// In place: logits become log-probabilities (nats). A row of -infinity alone stays; NaN or +infinity anywhere makes
/// the whole row NaN.
void log_softmax(std::span<float> row) noexcept;

/// d_scores = p * (d_p - sum(p * d_p)), for one row of probabilities. d_scores may be d_p.
void softmax_backward(std::span<const float> p, std::span<const float> d_p, std::span<float> d_scores) noexcept;

}  // namespace soi
