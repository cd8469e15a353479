#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>

#include "core/kernels/thread_pool.h"
#include "core/tensor/tensor.h"

namespace soi {

/// Calls body(task, scratch) once for each task in [0, n_tasks), on all threads; `scratch` points to `scratch_size`
/// floats that nobody else uses meanwhile. Their number is that of the threads, not of the tasks. `body` must not
/// throw. Throws Error{out_of_memory}.
template <typename Body>
void loop_with_scratch(std::size_t n_tasks, std::size_t scratch_size, ThreadPool& pool, const Body& body) {
  const std::size_t n_slots = std::min(static_cast<std::size_t>(pool.n_threads()), n_tasks);
  Tensor scratch = Tensor::uninitialized({n_slots, scratch_size});
  std::atomic<std::size_t> next = 0;
  pool.parallel_for(n_slots, [&](std::size_t slot) {
    for (std::size_t task = next.fetch_add(1); task < n_tasks; task = next.fetch_add(1)) {
      body(task, scratch.data() + slot * scratch_size);
    }
  });
}

}  // namespace soi
