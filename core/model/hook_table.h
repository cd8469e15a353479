#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <vector>

#include "core/model/gpt2.h"
#include "core/model/lane_rows.h"

namespace soi {

/// What one lane reads and writes at one hook.
struct LaneHook {
  std::size_t lane = 0;
  std::vector<const Edit*> edits;  // in the lane's order
  bool is_captured = false;
};

/// The hooks of all lanes of a run, by hook; where nothing is asked, nothing is done.
class HookTable {
 public:
  /// Checks every hook, position and shape against the lanes; `lanes` must outlive the table.
  /// Throws Error{hook_layer | invalid_argument}.
  HookTable(std::span<const Lane> lanes, std::span<const LaneRows> rows, const Config& config);

  /// The lanes with something at this hook, in ascending order.
  std::span<const LaneHook> at(Hook hook) const;

  /// The entry of one lane, or null.
  const LaneHook* find(Hook hook, std::size_t lane) const;

  /// The last hook, in the order of a run, that has an observer: a capture, a callback, logits, or a cache, which wants
  /// the keys and values of every block.
  Hook last_needed() const { return last_needed_; }

 private:
  std::map<Hook, std::vector<LaneHook>> entries_;
  Hook last_needed_;
};

/// The shape of a hook's activation in one lane.
Shape activation_shape(Hook hook, const LaneRows& rows, const Config& config);

/// Whether a run comes to `hook` before `other`.
bool runs_before(Hook hook, Hook other);

}  // namespace soi
