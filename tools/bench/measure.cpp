#include "tools/bench/measure.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "core/kernels/thread_pool.h"

#ifdef __EMSCRIPTEN__
#include <emscripten.h>
#endif

namespace soi::bench {
namespace {

#ifdef __EMSCRIPTEN__

EM_JS_DEPS(describe_engine, "$stringToUTF8");
// clang-format off
EM_JS(void, describe_engine, (char* text, int size), {
  const is_node = typeof process === "object" && process.versions;
  const is_browser = (word) => /^(Chrome|HeadlessChrome|Firefox|Version).[0-9]/.test(word);
  const name = is_node ? "Node " + process.versions.node : navigator.userAgent.split(" ").find(is_browser);
  stringToUTF8(name || "a browser", text, size);
});
// clang-format on

std::string where() {
  char text[64];
  describe_engine(text, sizeof(text));
  return text;
}

#ifdef SOI_RELAXED_SIMD
constexpr const char* kBuild = "wasm-relaxed-threads";
#elif defined(SOI_THREADS)
constexpr const char* kBuild = "wasm-simd-threads";
#else
constexpr const char* kBuild = "wasm-simd";
#endif

#else

std::string where() { return "native"; }

#ifdef NDEBUG
constexpr const char* kBuild = "native-release";
#else
constexpr const char* kBuild = "native-debug";
#endif

#endif  // __EMSCRIPTEN__

double seconds_of(const std::function<void()>& body, std::size_t n_calls) {
  const double begin = now();
  for (std::size_t call = 0; call < n_calls; ++call) body();
  return (now() - begin) / static_cast<double>(n_calls);
}

/// Calls of `body` that fill a sample. Warms up on the way: engines compile WASM anew while it runs.
std::size_t calls_of_a_sample(const std::function<void()>& body, const Effort& effort) {
  const double begin = now();
  std::size_t n_calls = 1;
  double seconds = seconds_of(body, 1);
  while (now() - begin < effort.warm_up_seconds || seconds * static_cast<double>(n_calls) < effort.sample_seconds) {
    if (seconds * static_cast<double>(n_calls) < effort.sample_seconds) n_calls *= 2;
    seconds = seconds_of(body, n_calls);
  }
  return n_calls;
}

}  // namespace

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

void report(const std::string& name, std::vector<double> samples, const std::string& unit, int threads) {
  static const std::string engine = where();
  std::ranges::sort(samples);
  const std::size_t n = samples.size();
  const double median = n == 0 ? 0.0 : (samples[(n - 1) / 2] + samples[n / 2]) / 2.0;
  std::printf(
      "{\"name\":\"%s\",\"median\":%.5g,\"min\":%.5g,\"max\":%.5g,\"n\":%zu,\"unit\":\"%s\",\"threads\":%d,"
      "\"build\":\"%s\",\"where\":\"%s\"}\n",
      name.c_str(), median, n == 0 ? 0.0 : samples.front(), n == 0 ? 0.0 : samples.back(), n, unit.c_str(), threads,
      kBuild, engine.c_str());
  std::fflush(stdout);
}

std::vector<double> measure(const std::function<void()>& body, const Effort& effort) {
  const std::size_t n_calls = calls_of_a_sample(body, effort);
  std::vector<double> samples;
  const double begin = now();
  while (samples.size() < effort.min_samples || now() - begin < effort.seconds) {
    samples.push_back(seconds_of(body, n_calls));
  }
  return samples;
}

Pair measure_pair(const std::function<void()>& first, const std::function<void()>& second, const Effort& effort) {
  const std::size_t first_calls = calls_of_a_sample(first, effort);
  const std::size_t second_calls = calls_of_a_sample(second, effort);
  Pair pair;
  const double begin = now();
  while (pair.first.size() < effort.min_samples || now() - begin < effort.seconds) {
    pair.first.push_back(seconds_of(first, first_calls));
    pair.second.push_back(seconds_of(second, second_calls));
  }
  return pair;
}

std::vector<double> rates(const std::vector<double>& seconds, double work) {
  std::vector<double> all;
  for (double s : seconds) all.push_back(work / s);
  return all;
}

std::vector<double> ratios(const std::vector<double>& over, const std::vector<double>& under) {
  std::vector<double> all;
  for (std::size_t i = 0; i < over.size(); ++i) all.push_back(over[i] / under[i]);
  return all;
}

std::vector<int> thread_counts() {
  const int all = ThreadPool::default_n_threads();
  return all == 1 ? std::vector<int>{1} : std::vector<int>{1, all};
}

}  // namespace soi::bench
