#include "wasm/session.h"

#include <emscripten/heap.h>

#include "wasm/capture_run.h"
#include "wasm/clock.h"
#include "wasm/generate_run.h"
#include "wasm/inspect_run.h"
#include "wasm/lesson_run.h"
#include "wasm/memory_budget.h"
#include "wasm/slice_source.h"
#include "wasm/tokenizer_runs.h"

namespace soi::wasm {
namespace {

ModelConfig model_config(const Config& config) {
  return {config.n_layers, config.n_heads, config.d_model, config.d_head, config.d_mlp, config.n_ctx, config.n_vocab};
}

LoadOptions load_options(const LoadRequest& request, const val& on_progress) {
  return {request.format, request.config_json, [on_progress](double fraction) { on_progress(fraction); }};
}

}  // namespace

Session::Session(int n_threads) : pool_(std::make_shared<ThreadPool>(n_threads)) {}

val Session::load(const val& request, double file_bytes, const val& read_slice, const val& on_progress) {
  return guarded([&] {
    const double start = seconds_now();
    const auto load_request = from_js<LoadRequest>(request);
    const SliceSource source(load_request.name, static_cast<std::uint64_t>(file_bytes), read_slice);
    const LoadOptions options = load_options(load_request, on_progress);
    require_room(open_checkpoint(source, options));
    const std::shared_ptr<WeightSource> weights = load_resident(source, options);
    model_ = std::make_shared<const Gpt2>(weights, pool_);
    model_name_ = load_request.name;
    return to_js(ModelInfo{load_request.name, model_config(weights->config()), weights->format(), file_bytes,
                           static_cast<double>(weights->memory_bytes()),
                           static_cast<double>(emscripten_get_heap_size()), seconds_now() - start});
  });
}

std::shared_ptr<const Gpt2> Session::model() const {
  if (!model_) throw Error(ErrorCode::model_missing, "No model is loaded.", "Load a model first.");
  return model_;
}

std::shared_ptr<Job> Session::job(VocabularyRequest) const { return std::make_shared<JobOf<VocabularyRun>>(); }

std::shared_ptr<Job> Session::job(TokenizeRequest request) const {
  return std::make_shared<JobOf<TokenizeRun>>(std::move(request));
}

std::shared_ptr<Job> Session::job(InspectRequest request) const {
  return std::make_shared<JobOf<InspectRun>>(model(), std::move(request));
}

std::shared_ptr<Job> Session::job(GenerateRequest request) const {
  return std::make_shared<JobOf<GenerateRun>>(model(), std::move(request));
}

std::shared_ptr<Job> Session::job(CaptureRequest request) const {
  return std::make_shared<JobOf<CaptureRun>>(model(), std::move(request));
}

std::shared_ptr<Job> Session::job(LessonsRequest) const { return std::make_shared<JobOf<LessonsRun>>(); }

std::shared_ptr<Job> Session::job(LessonRequest request) const {
  return std::make_shared<JobOf<LessonRun>>(model_, model_name_, pool_, std::move(request));
}

val Session::start(const std::string& name, const val& request) const {
  return guarded([&] {
#define SOI_START(spelled, Request, Event, Result) \
  if (name == camel_case(#spelled)) return val(job(from_js<Request>(request)));
    SOI_REQUESTS(SOI_START)
#undef SOI_START
    throw Error(ErrorCode::invalid_argument, "There is no request " + name + ".", {}, {{"name", "request"}});
  });
}

}  // namespace soi::wasm
