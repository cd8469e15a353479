// GPT-2 small as a whole: how long a checkpoint takes to load and how much memory it takes, a 220-token prefill with
// all logits, and one more token at context 220, in each number format. The weights are random: time does not depend on
// them.

#include <algorithm>
#include <fstream>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#ifdef __EMSCRIPTEN__
#include <emscripten/heap.h>
#endif

#include "core/kernels/random.h"
#include "core/model/gpt2.h"
#include "tools/bench/measure.h"
#include "tools/bench/small_checkpoint.h"

namespace soi::bench {
namespace {

constexpr std::size_t kTokens = 220;
constexpr double kMilli = 1e3;

/// The most memory that the process has held so far, in bytes: resident natively, WASM's own memory there. 0 where
/// unknown.
double peak_memory_bytes() {
#ifdef __EMSCRIPTEN__
  return static_cast<double>(emscripten_get_heap_size());
#else
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) * 1024;
  }
  return 0;
#endif
}

std::string format_name(NumberFormat format) {
  return format == NumberFormat::f32 ? "f32" : format == NumberFormat::f16 ? "f16" : "int8";
}

std::shared_ptr<WeightSource> load(NumberFormat format) {
  LoadOptions options;
  options.format = format;
  return load_resident(SmallCheckpoint(), options);
}

/// Load time and memory. Peaks only grow: each format runs in a process of its own (`model_bench load_f16`).
void bench_load(NumberFormat format) {
  const double before = peak_memory_bytes();
  std::vector<double> seconds;
  for (int sample = 0; sample < 3; ++sample) {
    const double start = now();
    const auto weights = load(format);
    seconds.push_back(kMilli * (now() - start));
    if (sample > 0) continue;
    const auto bytes = static_cast<double>(weights->memory_bytes());
    report("load.weights." + format_name(format), {bytes}, "bytes", 1);
    report("load.peak_over_weights." + format_name(format), {(peak_memory_bytes() - before) / bytes}, "ratio", 1);
  }
  report("load." + format_name(format), seconds, "ms", 1);
}

std::vector<std::int32_t> some_tokens(std::size_t count) {
  std::vector<std::int32_t> tokens(count);
  for (std::size_t i = 0; i < count; ++i) tokens[i] = static_cast<std::int32_t>(uniform(1, 2, i) * 50257);
  return tokens;
}

void bench_run(NumberFormat format) {
  const std::shared_ptr<WeightSource> weights = load(format);
  for (int n_threads : thread_counts()) {
    const Gpt2 model(weights, std::make_shared<ThreadPool>(n_threads));
    Lane prefill;
    prefill.tokens = some_tokens(kTokens);
    const Effort effort{.seconds = 3.0, .warm_up_seconds = 0.5};
    std::vector<double> seconds = measure([&] { keep(model.run(prefill)); }, effort);
    for (double& s : seconds) s *= kMilli;
    report("prefill.220_tokens_all_logits." + format_name(format), seconds, "ms", n_threads);

    KeyValueCache cache(model.config());
    Lane past = prefill;
    past.logits = LogitPositions::none();
    past.cache = &cache;
    model.run(past);
    Lane next;
    next.tokens = {262};
    next.logits = LogitPositions::last();
    next.cache = &cache;
    seconds = measure(
        [&] {
          keep(model.run(next));
          cache.truncate(kTokens);
        },
        effort);
    for (double& s : seconds) s *= kMilli;
    report("decode.at_220." + format_name(format), seconds, "ms", n_threads);
  }
}

void run(const std::string& section) {
  for (NumberFormat format : {NumberFormat::f32, NumberFormat::f16, NumberFormat::int8}) {
    if (section == "load_" + format_name(format)) bench_load(format);
    if (section == "run_" + format_name(format) || section == "run") bench_run(format);
  }
}

}  // namespace
}  // namespace soi::bench

int main(int argc, char** argv) { soi::bench::run(argc > 1 ? argv[1] : "run"); }
