#pragma once

#include <emscripten/val.h>

#include <memory>
#include <utility>

#include "wasm/boundary.h"
#include "wasm/convert.h"

namespace soi::wasm {

/// A request that is being answered, in steps of bounded length, so that the worker can look for "cancel" between them.
/// What JavaScript gets is guarded: {value} or {error}.
class Job {
 public:
  virtual ~Job() = default;
  /// One step. value: {done, fraction in [0, 1], event or undefined}. A step that cannot be short calls `on_step` on
  /// its way with such values.
  virtual val advance(const val& on_step) = 0;
  /// When done: value: the result, once.
  virtual val take_result() = 0;
  /// Ends it. value: the result so far, where the request has one; else Error{cancelled}.
  virtual val cancel() = 0;
};

/// `Run` has done(), fraction(), advance(), take_result(); and, where it has them, take_event() and cancel().
template <typename Run>
class JobOf : public Job {
 public:
  template <typename... Arguments>
  explicit JobOf(Arguments&&... arguments) : run_(std::forward<Arguments>(arguments)...) {}

  val advance(const val& on_step) override {
    return guarded([&] {
      if constexpr (requires { run_.advance([] {}); }) {
        run_.advance([&] { on_step(step()); });
      } else {
        run_.advance();
      }
      return step();
    });
  }

  val take_result() override {
    return guarded([this] { return to_js(run_.take_result()); });
  }

  val cancel() override {
    return guarded([&]() -> val {
      if constexpr (requires { run_.cancel(); }) {
        run_.cancel();
        return to_js(run_.take_result());
      } else {
        throw Error(ErrorCode::cancelled, "Cancelled.");
      }
    });
  }

 private:
  val step() {
    val step = val::object();
    step.set("done", run_.done());
    step.set("fraction", run_.fraction());
    if constexpr (requires { run_.take_event(); }) {
      if (const auto event = run_.take_event()) step.set("event", to_js(*event));
    }
    return step;
  }

  Run run_;
};

}  // namespace soi::wasm
