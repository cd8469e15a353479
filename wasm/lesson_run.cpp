#include "wasm/lesson_run.h"

#include <mutex>
#include <utility>

#include "core/experiments/describe.h"
#include "core/experiments/experiment.h"
#include "core/tensor/error.h"
#include "wasm/clock.h"
#include "wasm/seed.h"

#ifdef SOI_THREADS
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <thread>
#endif

namespace soi::wasm {
namespace {

#ifdef SOI_THREADS
/// How long a step waits for news: the worker's slice of time.
constexpr std::chrono::milliseconds kWait(16);
#else
/// How far reports lie apart: often enough for a bar that moves smoothly.
constexpr double kSecondsBetweenReports = 0.04;
#endif

const Experiment& checked_experiment(const std::string& name, bool has_model) {
  const Experiment& experiment = find_experiment(name);
  if (experiment.needs_model && !has_model) {
    throw Error(ErrorCode::model_missing, "No model is loaded.", "Load a model first.");
  }
  return experiment;
}

LessonOutcome outcome_of(ExperimentResult result) {
  LessonOutcome outcome;
  outcome.json = to_json(result);
  for (auto& [name, array] : result.arrays) {
    outcome.names.push_back(name);
    outcome.arrays.push_back({array.shape(), {std::move(array)}});
  }
  return outcome;
}

}  // namespace

/// What the run and its steps share.
struct LessonRun::State {
  State(std::shared_ptr<const Gpt2> run_model, std::string model_name, std::shared_ptr<ThreadPool> run_pool,
        LessonRequest run_request)
      : model(std::move(run_model)),
        pool(std::move(run_pool)),
        request(std::move(run_request)),
        experiment(checked_experiment(request.name, model != nullptr)) {
    context.model = model.get();
    context.model_name = std::move(model_name);
    context.pool = pool.get();
    context.seed = seed_of(request.seed);
    context.observe = [this](std::string_view series, double step, double value) {
      const std::lock_guard lock(mutex);
      points.series.emplace_back(series);
      points.steps.values.push_back(step);
      points.values.values.push_back(value);
    };
  }

  void set_fraction(double value) {
    const std::lock_guard lock(mutex);
    fraction = value;
  }

  void run() {
    LessonOutcome whole = outcome_of(run_experiment(experiment, request.protocol, request.settings, context));
    const std::lock_guard lock(mutex);
    outcome = std::move(whole);
    done = true;
  }

  std::shared_ptr<const Gpt2> model;
  std::shared_ptr<ThreadPool> pool;
  LessonRequest request;
  const Experiment& experiment;
  ExperimentContext context;

  std::mutex mutex;  // of the next four
  LessonOutcome outcome;
  LessonPoints points;
  double fraction = 0.0;
  bool done = false;
#ifdef SOI_THREADS
  std::exception_ptr failure;  // under the mutex too
  std::condition_variable ended;
  std::atomic<bool> stopping{false};
  std::thread thread;
#endif
};

LessonRun::LessonRun(std::shared_ptr<const Gpt2> model, std::string model_name, std::shared_ptr<ThreadPool> pool,
                     LessonRequest request)
    : state_(std::make_unique<State>(std::move(model), std::move(model_name), std::move(pool), std::move(request))) {}

bool LessonRun::done() const {
  const std::lock_guard lock(state_->mutex);
  return state_->done;
}

double LessonRun::fraction() const {
  const std::lock_guard lock(state_->mutex);
  return state_->fraction;
}

std::optional<LessonPoints> LessonRun::take_event() {
  const std::lock_guard lock(state_->mutex);
  if (state_->points.series.empty()) return std::nullopt;
  return std::exchange(state_->points, {});
}

LessonOutcome LessonRun::take_result() { return std::move(state_->outcome); }

#ifdef SOI_THREADS

LessonRun::~LessonRun() {
  state_->stopping = true;
  if (state_->thread.joinable()) state_->thread.join();
}

void LessonRun::advance(const std::function<void()>&) {
  State& state = *state_;
  if (!state.thread.joinable()) start();
  std::unique_lock lock(state.mutex);
  const auto has_ended = [&state] { return state.done || state.failure; };
  state.ended.wait_for(lock, kWait, has_ended);
  if (state.failure) std::rethrow_exception(state.failure);
}

void LessonRun::start() {
  State& state = *state_;
  state.context.progress = [&state](double fraction) {
    if (state.stopping) throw Error(ErrorCode::cancelled, "Cancelled.");
    state.set_fraction(fraction);
  };
  state.thread = std::thread([&state] {
    std::exception_ptr failure;
    try {
      state.run();
    } catch (...) {
      failure = std::current_exception();
    }
    const std::lock_guard lock(state.mutex);
    state.failure = failure;
    state.ended.notify_one();
  });
}

#else

LessonRun::~LessonRun() = default;

void LessonRun::advance(const std::function<void()>& report) {
  double reported = seconds_now();
  state_->context.progress = [&](double fraction) {
    state_->set_fraction(fraction);
    if (seconds_now() - reported < kSecondsBetweenReports) return;
    report();
    reported = seconds_now();
  };
  state_->run();
}

#endif

void LessonsRun::advance() { result_.json = describe_experiments(); }

}  // namespace soi::wasm
