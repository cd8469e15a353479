#include "core/model/hook_table.h"

#include <algorithm>
#include <tuple>

namespace soi {
namespace {

/// What the embeddings, the blocks and the head are in the order of a run.
std::size_t part_of_run(HookPoint point) {
  if (in_block(point)) return 1;
  return point == HookPoint::embed || point == HookPoint::pos_embed ? 0 : 2;
}

LaneHook& entry_of(std::map<Hook, std::vector<LaneHook>>& entries, Hook hook, std::size_t lane) {
  std::vector<LaneHook>& of_hook = entries[hook];
  if (of_hook.empty() || of_hook.back().lane != lane) of_hook.push_back({lane, {}, false});
  return of_hook.back();
}

}  // namespace

bool runs_before(Hook hook, Hook other) {
  return std::tuple(part_of_run(hook.point), hook.layer, hook.point) <
         std::tuple(part_of_run(other.point), other.layer, other.point);
}

Shape activation_shape(Hook hook, const LaneRows& rows, const Config& config) {
  const std::size_t n_positions = rows.n_new;
  switch (hook.point) {
    case HookPoint::ln1_scale:
    case HookPoint::ln2_scale:
    case HookPoint::ln_final_scale:
      return {n_positions, 1};
    case HookPoint::q:
    case HookPoint::k:
    case HookPoint::v:
    case HookPoint::z:
      return {n_positions, config.n_heads, config.d_head};
    case HookPoint::attn_scores:
    case HookPoint::pattern:
      return {config.n_heads, n_positions, rows.n_keys()};
    case HookPoint::mlp_pre:
    case HookPoint::mlp_post:
      return {n_positions, config.d_mlp};
    case HookPoint::logits:
      return {n_positions, config.n_vocab};
    default:
      return {n_positions, config.d_model};
  }
}

HookTable::HookTable(std::span<const Lane> lanes, std::span<const LaneRows> rows, const Config& config) {
  const auto need = [this](Hook hook) {
    if (runs_before(last_needed_, hook)) last_needed_ = hook;
  };
  for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
    for (const Edit& edit : lanes[lane].edits) {
      check_hook(edit.hook, config.n_layers);
      check_edit(edit, activation_shape(edit.hook, rows[lane], config));
      entry_of(entries_, edit.hook, lane).edits.push_back(&edit);
      if (std::holds_alternative<Replace>(*edit.operation)) need(edit.hook);
    }
    for (Hook hook : lanes[lane].captures) {
      check_hook(hook, config.n_layers);
      entry_of(entries_, hook, lane).is_captured = true;
      need(hook);
    }
    if (lanes[lane].logits.kind != LogitPositions::Kind::none) need({HookPoint::logits});
    if (lanes[lane].cache != nullptr) need({HookPoint::v, config.n_layers - 1});
  }
}

std::span<const LaneHook> HookTable::at(Hook hook) const {
  const auto found = entries_.find(hook);
  if (found == entries_.end()) return {};
  return found->second;
}

const LaneHook* HookTable::find(Hook hook, std::size_t lane) const {
  const std::span<const LaneHook> of_hook = at(hook);
  const auto found = std::ranges::lower_bound(of_hook, lane, {}, &LaneHook::lane);
  return found != of_hook.end() && found->lane == lane ? &*found : nullptr;
}

}  // namespace soi
