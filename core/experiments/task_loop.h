#pragma once

#include <cstddef>
#include <functional>

#include "core/kernels/thread_pool.h"

namespace soi {

/// Calls task(i) for each i in [0, n_tasks) on all threads, a batch of one for each thread at a time, and reports the
/// fraction done between batches. Tasks write to places of their own, so the numbers do not depend on the threads.
/// What a task throws is thrown here once its batch is done: of several, the first by index; so is what `progress`
/// throws.
void run_tasks(ThreadPool& pool, std::size_t n_tasks, const std::function<void(std::size_t)>& task,
               const std::function<void(double)>& progress);

}  // namespace soi
