#include "core/kernels/thread_pool.h"

#include <algorithm>

#ifdef SOI_THREADS
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>
#endif

#include "core/tensor/buffer.h"

namespace soi {
namespace {

thread_local std::byte* current_workspace = nullptr;  // not null: this thread is inside a task

#ifdef SOI_THREADS

// Long enough to bridge the gap between two loops of one run (some ten microseconds), short enough that an idle pool
// costs nothing.
constexpr int kSpins = 4000;

void spin_pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

template <typename Condition>
bool spin_until(const Condition& condition) {
  for (int spin = 0; spin < kSpins; ++spin) {
    if (condition()) return true;
    spin_pause();
  }
  return false;
}

/// Serves in the order in which it was asked. A caller of one loop after another would take a std::mutex again before a
/// thread that waits for it has woken up.
class FairMutex {
 public:
  void lock() {
    std::unique_lock lock(mutex_);
    const std::uint64_t ticket = n_asked_++;
    turn_.wait(lock, [&] { return n_served_ == ticket; });
  }
  void unlock() {
    {
      const std::lock_guard lock(mutex_);
      ++n_served_;
    }
    turn_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable turn_;
  std::uint64_t n_asked_ = 0;
  std::uint64_t n_served_ = 0;
};

#endif  // SOI_THREADS

}  // namespace

std::byte* ThreadPool::workspace() { return current_workspace; }

#ifdef SOI_THREADS

struct ThreadPool::State {
  FairMutex caller;  // held by the one caller whose loop runs

  // The loop that runs. Written before `n_unclaimed` rises from 0; read only by a thread that has claimed a task, and
  // the loop ends only when all claimed tasks are finished: so no reader can see them change.
  TaskFunction function = nullptr;
  const void* context = nullptr;
  std::size_t n_tasks = 0;
  std::atomic<std::size_t> n_unclaimed{0};
  std::atomic<std::size_t> n_finished{0};

  std::mutex sleep;
  std::condition_variable work_came;
  std::condition_variable work_done;
  std::atomic<bool> stopping{false};

  std::vector<Buffer> workspaces;  // [n_threads]; the first is the caller's
  std::vector<std::thread> workers;

  bool has_work() const { return n_unclaimed.load(std::memory_order_relaxed) > 0 || stopping.load(); }

  void work(std::byte* workspace) {
    current_workspace = workspace;
    std::size_t unclaimed = n_unclaimed.load(std::memory_order_relaxed);
    while (unclaimed > 0) {
      if (!n_unclaimed.compare_exchange_weak(unclaimed, unclaimed - 1, std::memory_order_acquire,
                                             std::memory_order_relaxed)) {
        continue;
      }
      const std::size_t total = n_tasks;
      function(context, total - unclaimed);
      if (n_finished.fetch_add(1, std::memory_order_acq_rel) + 1 == total) {
        const std::lock_guard lock(sleep);
        work_done.notify_one();
      }
      unclaimed = n_unclaimed.load(std::memory_order_relaxed);
    }
    current_workspace = nullptr;
  }

  void worker(std::byte* workspace) {
    while (!stopping.load()) {
      if (!spin_until([this] { return has_work(); })) {
        std::unique_lock lock(sleep);
        work_came.wait(lock, [this] { return has_work(); });
      }
      work(workspace);
    }
  }
};

ThreadPool::ThreadPool(int n_threads) : state_(std::make_unique<State>()) {
  if (n_threads <= 0) n_threads = default_n_threads();
  for (int thread = 0; thread < n_threads; ++thread) state_->workspaces.emplace_back(kWorkspaceBytes);
  for (int thread = 1; thread < n_threads; ++thread) {
    try {
      state_->workers.emplace_back(&State::worker, state_.get(), state_->workspaces[thread].data());
    } catch (const std::system_error&) {
      break;  // the system gives no more threads: the ones there are do the work
    }
  }
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock(state_->sleep);
    state_->stopping.store(true);
  }
  state_->work_came.notify_all();
  for (std::thread& worker : state_->workers) worker.join();
}

int ThreadPool::n_threads() const { return static_cast<int>(state_->workers.size()) + 1; }

int ThreadPool::default_n_threads() { return std::max(1, static_cast<int>(std::thread::hardware_concurrency())); }

void ThreadPool::run(std::size_t n_tasks, TaskFunction function, const void* context) {
  if (n_tasks == 0) return;
  if (current_workspace != nullptr) {
    for (std::size_t task = 0; task < n_tasks; ++task) function(context, task);
    return;
  }
  const std::lock_guard one_at_a_time(state_->caller);
  state_->function = function;
  state_->context = context;
  state_->n_tasks = n_tasks;
  state_->n_finished.store(0, std::memory_order_relaxed);
  {
    const std::lock_guard lock(state_->sleep);
    state_->n_unclaimed.store(n_tasks, std::memory_order_release);
  }
  if (n_tasks > 1) state_->work_came.notify_all();
  state_->work(state_->workspaces[0].data());

  const auto finished = [&] { return state_->n_finished.load(std::memory_order_acquire) == n_tasks; };
  if (!spin_until(finished)) {
    std::unique_lock lock(state_->sleep);
    state_->work_done.wait(lock, finished);
  }
}

#else  // one thread

struct ThreadPool::State {
  Buffer workspace{kWorkspaceBytes};
};

ThreadPool::ThreadPool(int) : state_(std::make_unique<State>()) {}
ThreadPool::~ThreadPool() = default;
int ThreadPool::n_threads() const { return 1; }
int ThreadPool::default_n_threads() { return 1; }

void ThreadPool::run(std::size_t n_tasks, TaskFunction function, const void* context) {
  std::byte* const outer = current_workspace;
  if (outer == nullptr) current_workspace = state_->workspace.data();
  for (std::size_t task = 0; task < n_tasks; ++task) function(context, task);
  current_workspace = outer;
}

#endif

}  // namespace soi
