#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/kernels/thread_pool.h"
#include "core/model/gpt2.h"
#include "wasm/protocol.h"

namespace soi::wasm {

/// An experiment, which is one call that lasts seconds or minutes. With threads it runs on a thread of its own, and a
/// step waits some milliseconds for it: the worker hears "cancel" and answers others meanwhile. Without threads the
/// first step is the whole run, and reports on its way; it cannot be cancelled but by ending the worker.
class LessonRun {
 public:
  /// `model` may be null for a simulation. Throws Error{invalid_argument} for an unknown lesson or seed,
  /// Error{model_missing}; what the experiment refuses is thrown by `advance`.
  LessonRun(std::shared_ptr<const Gpt2> model, std::string model_name, std::shared_ptr<ThreadPool> pool,
            LessonRequest request);
  /// Stops the run and waits for it: no longer than it takes to its next report of progress.
  ~LessonRun();
  LessonRun(const LessonRun&) = delete;
  LessonRun& operator=(const LessonRun&) = delete;

  bool done() const;
  double fraction() const;
  /// `report` is called now and then on the way of a step that is the whole run.
  void advance(const std::function<void()>& report);
  /// What has been observed since the last call, if anything.
  std::optional<LessonPoints> take_event();
  LessonOutcome take_result();

 private:
  void start();

  struct State;
  std::unique_ptr<State> state_;
};

/// The lessons and their parameters, in one step.
class LessonsRun {
 public:
  bool done() const { return !result_.json.empty(); }
  double fraction() const { return done() ? 1.0 : 0.0; }
  void advance();
  Lessons take_result() { return std::move(result_); }

 private:
  Lessons result_;
};

}  // namespace soi::wasm
