#pragma once

#include <cstddef>
#include <memory>
#include <type_traits>

namespace soi {

/// A fixed set of threads that share the tasks of one loop at a time. Kernels cut their work so that no two tasks add
/// into one number and that the order of the operations behind a number does not depend on the cut: so results do not
/// depend on how many threads there are. Without SOI_THREADS everything runs on the calling thread.
class ThreadPool {
 public:
  /// `n_threads` counts the calling thread; 0 stands for `default_n_threads()`.
  explicit ThreadPool(int n_threads = 0);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int n_threads() const;

  /// Calls body(task) once for each task in [0, n_tasks), in any order, on all threads; returns when all are done.
  /// `body` must not throw: what it throws ends the program. A call from inside a task runs its loop on that thread
  /// alone.
  template <typename Body>
  void parallel_for(std::size_t n_tasks, const Body& body) {
    static_assert(std::is_invocable_v<const Body&, std::size_t>);
    const TaskFunction call = [](const void* context, std::size_t task) noexcept {
      (*static_cast<const Body*>(context))(task);
    };
    run(n_tasks, call, &body);
  }

  /// Logical processors; 1 without SOI_THREADS.
  static int default_n_threads();

  /// Scratch memory of the task that runs on this thread: kWorkspaceBytes, aligned to 64; null outside a task. Kernels
  /// pack their operands in it, so they need no allocation that could fail. What it holds lasts until the task ends or
  /// calls another kernel.
  static std::byte* workspace();
  static constexpr std::size_t kWorkspaceBytes = 512 * 1024;

 private:
  using TaskFunction = void (*)(const void* context, std::size_t task) noexcept;
  void run(std::size_t n_tasks, TaskFunction function, const void* context);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace soi
