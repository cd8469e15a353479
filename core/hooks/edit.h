#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

#include "core/hooks/hook_name.h"
#include "core/tensor/tensor.h"

namespace soi {

/// Which positions of a lane an edit touches, counted from the first new position of the run (a lane that continues a
/// key-value cache starts at 0 again). For attn_scores and pattern, whose rows are [head, query], the positions are
/// those of the query.
class PositionMask {
 public:
  /// All positions.
  PositionMask() = default;
  /// These positions; duplicates are ignored. Positions beyond the lane's length are an error when the edit is applied.
  explicit PositionMask(std::vector<std::size_t> positions);

  bool is_all() const { return all_; }
  bool contains(std::size_t position) const;
  const std::vector<std::size_t>& positions() const { return positions_; }  // sorted; empty where is_all()

 private:
  bool all_ = true;
  std::vector<std::size_t> positions_;
};

/// One operation on the chosen rows. A row is all that a position holds: of [T, d] its d numbers, of [T, n_heads,
/// d_head] those of all heads, and of attn_scores and pattern [n_heads, T, T] the row of the query in every head.
///
/// A `values` holds one number, one row, or one row for each chosen position in ascending order: of shape [1], [d] or
/// [n_chosen, d]; a row of several heads as [n_heads, d_head] or flat. For attn_scores and pattern a row is [n_keys],
/// the same in every head, or the values are [n_heads, n_chosen, n_keys].
struct SetTo {
  Tensor values;
};
struct AddTo {
  Tensor values;
};
struct ScaleBy {
  float factor = 1.0f;
};
struct SetZero {};
/// Each chosen row becomes the mean of the chosen rows (attn_scores, pattern: in each head alone). A key that one of
/// the chosen queries may not see has the mean score -infinity.
struct SetMean {};
/// Called with the whole activation of the lane, in the hook's shape, to be changed in place. The mask is not applied:
/// the callback gets it, and may write what it likes but not change the shape. Runs on the thread that runs the model;
/// what it throws ends the run.
struct Replace {
  std::function<void(Tensor& activation, const PositionMask& mask)> callback;
};

using Operation = std::variant<SetTo, AddTo, ScaleBy, SetZero, SetMean, Replace>;

/// A write at one hook. Copies share their operation's values.
struct Edit {
  Hook hook;
  PositionMask positions;
  std::shared_ptr<const Operation> operation;
};

template <typename Op>
Edit make_edit(Hook hook, Op operation, PositionMask positions = {}) {
  return {hook, std::move(positions), std::make_shared<const Operation>(std::move(operation))};
}

/// Throws Error{invalid_argument}, naming the hook and both shapes, where the values' shape or the positions do not fit
/// an activation of that shape, or where there is no operation.
void check_edit(const Edit& edit, const Shape& activation);

/// Applies one edit to the activation of one lane, in the hook's shape (see hook_shape). Columns that hold no number
/// (pattern beyond the query) are the model's business: it keeps the mask causal after an edit.
/// Throws Error{invalid_argument} as check_edit does, and where a callback changed the shape.
void apply_edit(const Edit& edit, Tensor& activation);

}  // namespace soi
