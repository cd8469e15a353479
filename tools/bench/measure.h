#pragma once

#include <functional>
#include <string>
#include <vector>

/// What every benchmark shares: timing and the lines it prints.
namespace soi::bench {

/// Seconds of a clock that only goes forward.
double now();

/// One JSON line: name, median, min, max, n, unit, threads, build, where; n is the number of samples.
void report(const std::string& name, std::vector<double> samples, const std::string& unit, int threads);

struct Effort {
  double seconds = 1.0;  // of measuring, after the warm-up
  double warm_up_seconds = 0.3;
  std::size_t min_samples = 5;   // even where they take longer
  double sample_seconds = 2e-3;  // a sample repeats the body for so long: browsers' clocks are coarse
};

/// Seconds of one call of `body`, sample by sample.
std::vector<double> measure(const std::function<void()>& body, const Effort& effort = {});

/// Two bodies whose samples alternate, so that what else the machine does falls on both alike.
struct Pair {
  std::vector<double> first;
  std::vector<double> second;
};
Pair measure_pair(const std::function<void()>& first, const std::function<void()>& second, const Effort& effort = {});

/// work / seconds, for each sample: a rate.
std::vector<double> rates(const std::vector<double>& seconds, double work);

/// Each of `over` divided by its counterpart.
std::vector<double> ratios(const std::vector<double>& over, const std::vector<double>& under);

/// Keeps the compiler from dropping a computation whose result nobody reads.
template <typename T>
inline void keep(const T& value) {
  asm volatile("" : : "g"(&value) : "memory");
}

/// Thread counts worth measuring: 1 and, if more, those of the machine.
std::vector<int> thread_counts();

}  // namespace soi::bench
