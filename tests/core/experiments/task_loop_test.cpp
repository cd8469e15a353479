#include "core/experiments/task_loop.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

namespace soi {
namespace {

TEST(TaskLoop, RunsEachTaskOnceAndReportsUpToOne) {
  for (int n_threads : {1, 3}) {
    ThreadPool pool(n_threads);
    std::vector<int> runs(7);
    std::vector<double> fractions;
    run_tasks(pool, runs.size(), [&](std::size_t i) { ++runs[i]; }, [&](double f) { fractions.push_back(f); });
    EXPECT_EQ(runs, std::vector<int>(7, 1));
    EXPECT_EQ(fractions.back(), 1.0);
    EXPECT_TRUE(std::is_sorted(fractions.begin(), fractions.end()));
  }
}

TEST(TaskLoop, ThrowsTheFirstFailureOfABatch) {
  ThreadPool pool(4);
  const auto run = [&] {
    run_tasks(
        pool, 8,
        [](std::size_t i) {
          if (i >= 2) throw std::out_of_range(std::to_string(i));
        },
        [](double) {});
  };
  try {
    run();
    FAIL() << "nothing was thrown";
  } catch (const std::out_of_range& failure) {
    EXPECT_STREQ(failure.what(), "2");
  }
}

TEST(TaskLoop, StopsWhereProgressThrows) {
  ThreadPool pool(2);
  std::vector<int> runs(10);
  const auto stop = [](double) { throw std::runtime_error("stop"); };
  EXPECT_THROW(run_tasks(pool, runs.size(), [&](std::size_t i) { ++runs[i]; }, stop), std::runtime_error);
  EXPECT_EQ(runs, (std::vector<int>{1, 1, 0, 0, 0, 0, 0, 0, 0, 0}));
}

}  // namespace
}  // namespace soi
