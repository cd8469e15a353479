#include "core/experiments/task_loop.h"

#include <algorithm>
#include <exception>
#include <vector>

namespace soi {

void run_tasks(ThreadPool& pool, std::size_t n_tasks, const std::function<void(std::size_t)>& task,
               const std::function<void(double)>& progress) {
  const auto batch = static_cast<std::size_t>(std::max(pool.n_threads(), 1));
  for (std::size_t begin = 0; begin < n_tasks; begin += batch) {
    const std::size_t n = std::min(batch, n_tasks - begin);
    std::vector<std::exception_ptr> failures(n);
    pool.parallel_for(n, [&](std::size_t i) {
      try {
        task(begin + i);
      } catch (...) {
        failures[i] = std::current_exception();
      }
    });
    for (const std::exception_ptr& failure : failures) {
      if (failure) std::rethrow_exception(failure);
    }
    progress(static_cast<double>(begin + n) / static_cast<double>(n_tasks));
  }
}

}  // namespace soi
