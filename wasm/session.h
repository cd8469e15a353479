#pragma once

#include <emscripten/val.h>

#include <memory>
#include <string>

#include "core/kernels/thread_pool.h"
#include "core/model/gpt2.h"
#include "wasm/job.h"

namespace soi::wasm {

/// One model on one pool of threads, as JavaScript sees it. What it returns is guarded: {value} or {error}.
class Session {
 public:
  /// `n_threads` counts the calling thread.
  explicit Session(int n_threads);

  /// `request`: LoadRequest; `file_bytes`: the file's size; `read_slice(offset, length)`: see SliceSource;
  /// `on_progress(fraction)` is called on the way. value: ModelInfo. A model that is there is replaced at the end.
  val load(const val& request, double file_bytes, const val& read_slice, const val& on_progress);

  /// `name` and `request`: one of SOI_REQUESTS. value: a Job, which JavaScript must `delete()`.
  /// Errors: model_missing, and those of the request.
  val start(const std::string& name, const val& request) const;

 private:
  std::shared_ptr<const Gpt2> model() const;
  std::shared_ptr<Job> job(VocabularyRequest request) const;
  std::shared_ptr<Job> job(TokenizeRequest request) const;
  std::shared_ptr<Job> job(InspectRequest request) const;
  std::shared_ptr<Job> job(GenerateRequest request) const;
  std::shared_ptr<Job> job(CaptureRequest request) const;
  std::shared_ptr<Job> job(LessonsRequest request) const;
  std::shared_ptr<Job> job(LessonRequest request) const;

  std::shared_ptr<ThreadPool> pool_;
  std::shared_ptr<const Gpt2> model_;
  std::string model_name_;
};

}  // namespace soi::wasm
