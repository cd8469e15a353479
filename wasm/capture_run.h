#pragma once

#include <memory>
#include <vector>

#include "core/model/gpt2.h"
#include "wasm/protocol.h"

namespace soi::wasm {

/// Values at named hooks. Throws Error{hook_unknown | hook_layer | invalid_argument (a hook named twice)} and what
/// ForwardRun throws.
class CaptureRun {
 public:
  CaptureRun(std::shared_ptr<const Gpt2> model, CaptureRequest request);

  bool done() const { return forward_.done(); }
  double fraction() const { return forward_.fraction(); }
  void advance() { forward_.advance(); }
  CapturedValues take_result();

 private:
  std::shared_ptr<const Gpt2> model_;
  Lane lane_;
  ForwardRun forward_;
};

}  // namespace soi::wasm
