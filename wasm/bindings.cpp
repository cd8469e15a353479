#include <emscripten/bind.h>

#include "wasm/job.h"
#include "wasm/session.h"

EMSCRIPTEN_BINDINGS(soi) {
  using soi::wasm::Job;
  using soi::wasm::Session;
  emscripten::class_<Job>("Job")
      .smart_ptr<std::shared_ptr<Job>>("JobPointer")
      .function("advance", &Job::advance)
      .function("takeResult", &Job::take_result)
      .function("cancel", &Job::cancel);
  emscripten::class_<Session>("Session")
      .constructor<int>()
      .function("load", &Session::load)
      .function("start", &Session::start);
}
