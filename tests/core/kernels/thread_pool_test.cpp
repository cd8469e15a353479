#include "core/kernels/thread_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace soi {
namespace {

TEST(ThreadPool, CallsEachTaskOnce) {
  for (int n_threads : {1, 2, 4}) {
    ThreadPool pool(n_threads);
    for (std::size_t n_tasks : {0, 1, 2, 3, 17, 1000}) {
      std::vector<std::atomic<int>> calls(n_tasks);
      pool.parallel_for(n_tasks, [&](std::size_t task) { ++calls[task]; });
      for (std::size_t task = 0; task < n_tasks; ++task) EXPECT_EQ(calls[task], 1) << task << " of " << n_tasks;
    }
  }
}

TEST(ThreadPool, ManyShortLoopsInARow) {
  ThreadPool pool(4);
  std::atomic<std::size_t> sum{0};
  std::size_t expected = 0;
  for (std::size_t loop = 0; loop < 3000; ++loop) {
    pool.parallel_for(loop % 7, [&](std::size_t task) { sum += task + loop; });
    for (std::size_t task = 0; task < loop % 7; ++task) expected += task + loop;
  }
  EXPECT_EQ(sum, expected);
}

// What the tasks wrote, in plain memory, is seen after the loop; what was written before it is seen in the tasks.
TEST(ThreadPool, LoopIsABarrier) {
  ThreadPool pool(3);
  std::vector<int> values(64, 0);
  for (int loop = 1; loop <= 200; ++loop) {
    pool.parallel_for(values.size(), [&](std::size_t task) { values[task] += 1; });
    for (int value : values) ASSERT_EQ(value, loop);
  }
}

TEST(ThreadPool, NestedLoopRunsOnTheThreadOfItsTask) {
  ThreadPool pool(3);
  std::atomic<int> calls{0};
  std::atomic<int> elsewhere{0};
  pool.parallel_for(8, [&](std::size_t) {
    const auto here = std::this_thread::get_id();
    pool.parallel_for(5, [&](std::size_t) {
      ++calls;
      if (std::this_thread::get_id() != here) ++elsewhere;
    });
  });
  EXPECT_EQ(calls, 40);
  EXPECT_EQ(elsewhere, 0);
}

TEST(ThreadPool, EachThreadHasItsOwnWorkspace) {
  EXPECT_EQ(ThreadPool::workspace(), nullptr);
  ThreadPool pool(3);
  std::atomic<int> clashes{0};
  pool.parallel_for(100, [&](std::size_t task) {
    auto* const bytes = reinterpret_cast<std::uint64_t*>(ThreadPool::workspace());
    if (reinterpret_cast<std::uintptr_t>(bytes) % 64 != 0) ++clashes;
    for (std::size_t i = 0; i < ThreadPool::kWorkspaceBytes / 8; i += 64) bytes[i] = task;
    for (std::size_t i = 0; i < ThreadPool::kWorkspaceBytes / 8; i += 64) clashes += bytes[i] != task;
  });
  EXPECT_EQ(clashes, 0);
  EXPECT_EQ(ThreadPool::workspace(), nullptr);
}

TEST(ThreadPool, CountsItsThreads) {
  EXPECT_GE(ThreadPool::default_n_threads(), 1);
  EXPECT_EQ(ThreadPool(1).n_threads(), 1);
#ifdef SOI_THREADS
  EXPECT_EQ(ThreadPool(3).n_threads(), 3);
#else
  EXPECT_EQ(ThreadPool(3).n_threads(), 1);
  EXPECT_EQ(ThreadPool::default_n_threads(), 1);
#endif
}

#ifdef SOI_THREADS

TEST(ThreadPool, SharesTheWork) {
  ThreadPool pool(2);
  // Each of two tasks waits for the other to begin: one thread alone would wait for ever.
  std::atomic<int> begun{0};
  std::atomic<bool> met{true};
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  pool.parallel_for(2, [&](std::size_t) {
    ++begun;
    while (begun < 2 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
    if (begun < 2) met = false;
  });
  EXPECT_TRUE(met);
}

TEST(ThreadPool, SleepingThreadsWakeUp) {
  ThreadPool pool(3);
  for (int loop = 0; loop < 5; ++loop) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));  // far longer than they spin
    std::atomic<int> calls{0};
    pool.parallel_for(50, [&](std::size_t) { ++calls; });
    EXPECT_EQ(calls, 50);
  }
}

TEST(ThreadPool, TwoCallersTakeTurns) {
  ThreadPool pool(2);
  std::atomic<int> calls{0};
  const auto caller = [&] {
    for (int loop = 0; loop < 200; ++loop) pool.parallel_for(10, [&](std::size_t) { ++calls; });
  };
  std::thread other(caller);
  caller();
  other.join();
  EXPECT_EQ(calls, 4000);
}

TEST(ThreadPool, ServesCallersInTheOrderInWhichTheyAsked) {
  ThreadPool pool(2);
  for (int round = 0; round < 5; ++round) {
    std::atomic<bool> runs{false};
    std::atomic<bool> asks{false};
    std::vector<char> order;  // written by one loop at a time
    std::thread first([&] {
      pool.parallel_for(1, [&](std::size_t) {
        runs = true;
        while (!asks) std::this_thread::yield();
        // The other is about to ask: this is ample for it, and for no one to see from outside.
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
      });
      pool.parallel_for(1, [&](std::size_t) { order.push_back('1'); });
    });
    while (!runs) std::this_thread::yield();
    asks = true;
    pool.parallel_for(1, [&](std::size_t) { order.push_back('2'); });
    first.join();
    EXPECT_EQ(order, (std::vector<char>{'2', '1'}));
  }
}

TEST(ThreadPool, ManyPoolsComeAndGo) {
  for (int i = 0; i < 20; ++i) {
    ThreadPool pool(2);
    std::atomic<int> calls{0};
    if (i % 2 == 0) pool.parallel_for(4, [&](std::size_t) { ++calls; });
    EXPECT_EQ(calls, i % 2 == 0 ? 4 : 0);
  }
}

#endif

}  // namespace
}  // namespace soi
