#include "wasm/capture_run.h"

#include <algorithm>

#include "core/tensor/error.h"

namespace soi::wasm {
namespace {

Lane capturing_lane(const Config& config, CaptureRequest request) {
  Lane lane;
  lane.tokens = std::move(request.ids);
  lane.logits = LogitPositions::none();
  for (const std::string& name : request.hooks) {
    const Hook hook = parse_hook(name, config.n_layers);
    if (std::ranges::find(lane.captures, hook) != lane.captures.end()) {
      throw Error(ErrorCode::invalid_argument, "The hook " + name + " is named twice.", "Name each hook once.",
                  {{"name", "hooks"}, {"value", name}});
    }
    lane.captures.push_back(hook);
  }
  return lane;
}

}  // namespace

CaptureRun::CaptureRun(std::shared_ptr<const Gpt2> model, CaptureRequest request)
    : model_(std::move(model)),
      lane_(capturing_lane(model_->config(), std::move(request))),
      forward_(*model_, {&lane_, 1}) {}

CapturedValues CaptureRun::take_result() {
  LaneResult result = std::move(forward_.take_results().front());
  CapturedValues captured;
  for (Hook hook : lane_.captures) {
    Tensor& tensor = result.captured.at(hook);
    captured.values.push_back({tensor.shape(), {std::move(tensor)}});
  }
  return captured;
}

}  // namespace soi::wasm
