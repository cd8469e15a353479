#include "core/model/gradient.h"

#include <string>
#include <utility>

#include "core/model/lane_rows.h"
#include "core/model/reverse_pass.h"
#include "core/tensor/error.h"

namespace soi {
namespace {

void check_differentiable(Hook hook) {
  switch (hook.point) {
    case HookPoint::embed:
    case HookPoint::pos_embed:
    case HookPoint::resid_pre:
    case HookPoint::attn_out:
    case HookPoint::resid_mid:
    case HookPoint::mlp_pre:
    case HookPoint::mlp_post:
    case HookPoint::mlp_out:
    case HookPoint::resid_post:
    case HookPoint::ln_final_normalized:
      return;
    default:
      break;
  }
  throw Error(ErrorCode::hook_not_differentiable, "No gradient is offered from " + hook_name(hook) + ".",
              "Choose hook_embed, hook_pos_embed, hook_resid_pre, hook_resid_mid, hook_resid_post, hook_attn_out, "
              "mlp.hook_pre, mlp.hook_post, hook_mlp_out or ln_final.hook_normalized.",
              {{"hook", hook_name(hook)}});
}

void check_plain(std::span<const Lane> lanes) {
  for (const Lane& lane : lanes) {
    if (lane.edits.empty() && lane.captures.empty() && lane.cache == nullptr) continue;
    throw Error(ErrorCode::invalid_argument, "A differentiable run takes no edits, captures or key-value caches.",
                "Leave them out of the lanes.", {{"name", "lanes"}});
  }
}

}  // namespace

struct DifferentiableRun::State {
  const Gpt2& model;
  Hook hook;
  std::vector<LaneRows> rows;
  std::vector<LaneResult> remembered;  // by lane: what remembered_hooks names
  std::vector<Tensor> activations;     // by lane
};

DifferentiableRun::DifferentiableRun(const Gpt2& model, std::span<const Lane> lanes, Hook hook) {
  check_hook(hook, model.config().n_layers);
  check_differentiable(hook);
  check_plain(lanes);
  std::vector<Lane> remembering(lanes.begin(), lanes.end());
  for (Lane& lane : remembering) {
    lane.logits = LogitPositions::none();
    lane.captures = remembered_hooks(hook, model.config());
    lane.captures.push_back(hook);
  }
  state_ = std::make_unique<State>(State{model, hook, lay_out_lanes(lanes, model.config()), {}, {}});
  state_->remembered = model.run(remembering);
  for (LaneResult& result : state_->remembered) state_->activations.push_back(std::move(result.captured.at(hook)));
}

DifferentiableRun::~DifferentiableRun() = default;
DifferentiableRun::DifferentiableRun(DifferentiableRun&&) noexcept = default;

const std::vector<Tensor>& DifferentiableRun::activations() const { return state_->activations; }

std::vector<Tensor> DifferentiableRun::backward(std::span<const Tensor> cotangents) const {
  const std::vector<Tensor>& activations = state_->activations;
  bool fits = cotangents.size() == activations.size();
  for (std::size_t lane = 0; fits && lane < activations.size(); ++lane) {
    fits = cotangents[lane].shape() == activations[lane].shape();
  }
  if (!fits) {
    throw Error(ErrorCode::invalid_argument,
                "The cotangents do not have the shapes of the activations at " + hook_name(state_->hook) + ".",
                "Give one [T, width] for each lane.", {{"name", "cotangents"}});
  }
  return ReversePass(state_->model, state_->rows, state_->remembered).run(state_->hook, cotangents);
}

}  // namespace soi
