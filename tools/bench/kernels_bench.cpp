// The kernels at GPT-2 small's sizes: how near the matrix product comes to what the processor's 128-bit units can do,
// and what each path and number format costs.

#include <cstdint>
#include <string>
#include <vector>

#include "core/kernels/gelu.h"
#include "core/kernels/gemm.h"
#include "core/kernels/half.h"
#include "core/kernels/layer_norm.h"
#include "core/kernels/linear.h"
#include "core/kernels/random.h"
#include "core/kernels/simd.h"
#include "core/kernels/softmax.h"
#include "tools/bench/measure.h"

namespace soi::bench {
namespace {

constexpr std::size_t kTokens = 220;
constexpr std::size_t kModel = 768;
constexpr std::size_t kMlp = 3072;
constexpr std::size_t kVocabulary = 50257;
constexpr double kGiga = 1e-9;
constexpr double kMilli = 1e3;
constexpr double kMicro = 1e6;

Tensor random_tensor(std::size_t n_rows, std::size_t n_cols) {
  Tensor tensor = Tensor::uninitialized({n_rows, n_cols});
  for (std::size_t i = 0; i < tensor.size(); ++i) tensor.data()[i] = static_cast<float>(uniform(1, n_cols, i) - 0.5);
  return tensor;
}

std::vector<double> scaled(std::vector<double> values, double factor) {
  for (double& value : values) value *= factor;
  return values;
}

constexpr std::size_t kPeakSteps = 20000;  // some 50 microseconds: far above the cost of a loop on many threads
constexpr std::size_t kPeakTasks = 8;      // for each thread
constexpr int kPeakSums = 12;
constexpr double kPeakFlops = 2.0 * 4.0 * kPeakSums * kPeakSteps;  // of a task

/// Multiplications and additions of 128-bit vectors from registers alone, in 12 independent chains: more than enough to
/// hide the latency, few enough for 15 registers. Fused where the build's multiply_add is.
void multiply_and_add_at_peak() {
  volatile float factor = 0.5f;
  volatile float addend = 1.0f;
  const auto x = simd::broadcast<simd::Float4>(factor);
  const auto y = simd::broadcast<simd::Float4>(addend);
  simd::Float4 sums[kPeakSums];
  for (int i = 0; i < kPeakSums; ++i) sums[i] = simd::broadcast<simd::Float4>(static_cast<float>(i) * addend);
#pragma GCC unroll 1
  for (std::size_t step = 0; step < kPeakSteps; ++step) {
#pragma GCC unroll 12
    for (int i = 0; i < kPeakSums; ++i) sums[i] = simd::multiply_add(sums[i], x, y);
  }
  for (int i = 1; i < kPeakSums; ++i) sums[0] += sums[i];
  keep(sums[0]);
}

struct FormattedWeights {
  NumberFormat format;
  const char* name;
};
constexpr FormattedWeights kFormats[] = {
    {NumberFormat::f32, "f32"}, {NumberFormat::f16, "f16"}, {NumberFormat::int8, "int8"}};

/// Several matrices of random weights, used in turn, so that they come from memory as a model's do.
class Weights {
 public:
  Weights(std::size_t n_in, std::size_t n_out, NumberFormat format, WeightLayout layout, std::size_t n_matrices)
      : scales_(n_out, 0.01f), view_{nullptr, nullptr, n_in, n_out, format, layout} {
    const Tensor values = random_tensor(n_in, n_out);
    for (std::size_t m = 0; m < n_matrices; ++m) {
      Buffer& buffer = matrices_.emplace_back(values.size() * n_bytes(format));
      fill(values, buffer);
    }
    if (format == NumberFormat::int8) view_.scales = scales_.data();
  }

  WeightMatrix next() {
    view_.values = matrices_[turn_++ % matrices_.size()].data();
    return view_;
  }

 private:
  void fill(const Tensor& values, Buffer& buffer) const {
    if (view_.format == NumberFormat::f32) {
      std::copy_n(values.data(), values.size(), reinterpret_cast<float*>(buffer.data()));
    } else if (view_.format == NumberFormat::f16) {
      f32_to_f16(values.values(), reinterpret_cast<std::uint16_t*>(buffer.data()));
    } else {
      auto* const bytes = reinterpret_cast<std::int8_t*>(buffer.data());
      for (std::size_t i = 0; i < values.size(); ++i) bytes[i] = static_cast<std::int8_t>(values.data()[i] * 254.0f);
    }
  }

  std::vector<Buffer> matrices_;
  std::vector<float> scales_;
  WeightMatrix view_;
  std::size_t turn_ = 0;
};

/// The first reference point: what the processor can do, beside the product that should come near it.
void bench_gemm_beside_peak(ThreadPool& pool) {
  const Tensor a = random_tensor(kTokens, kModel);
  const Tensor b = random_tensor(kModel, kMlp);
  Tensor c({kTokens, kMlp});
  const double flops = 2.0 * kTokens * kModel * kMlp;
  const int threads = pool.n_threads();
  const Pair pair =
      measure_pair([&] { gemm(a.matrix(), Transpose::no, b.matrix(), Transpose::no, c.matrix(), pool); },
                   [&] { pool.parallel_for(kPeakTasks * threads, [](std::size_t) { multiply_and_add_at_peak(); }); },
                   {.seconds = 3.0});
  const std::vector<double> gemm_rates = rates(pair.first, flops * kGiga);
  const std::vector<double> peak_rates = rates(pair.second, kPeakFlops * kPeakTasks * threads * kGiga);
  report("peak_multiply_add_128_bit", peak_rates, "GFLOP/s", threads);
  report("gemm_220x768x3072", gemm_rates, "GFLOP/s", threads);
  report("gemm_220x768x3072_share_of_128_bit_peak", ratios(gemm_rates, peak_rates), "1", threads);
}

void bench_gemm_reference() {
  const Tensor a = random_tensor(kTokens, kModel);
  const Tensor b = random_tensor(kModel, kMlp);
  Tensor c({kTokens, kMlp});
  const auto seconds = measure(
      [&] { gemm_reference(a.matrix(), Transpose::no, b.matrix(), Transpose::no, c.matrix()); }, {.min_samples = 3});
  report("gemm_reference_220x768x3072", rates(seconds, 2.0 * kTokens * kModel * kMlp * kGiga), "GFLOP/s", 1);
}

/// A head's scores q k^T and mixture p v.
void bench_attention_products(ThreadPool& pool) {
  constexpr std::size_t kHead = 64;
  const Tensor q = random_tensor(kTokens, kHead);
  const Tensor p = random_tensor(kTokens, kTokens);
  Tensor scores({kTokens, kTokens});
  Tensor mixture({kTokens, kHead});
  const double work = 2.0 * kTokens * kTokens * kHead * kGiga;
  const auto scores_seconds =
      measure([&] { gemm(q.matrix(), Transpose::no, q.matrix(), Transpose::yes, scores.matrix(), pool); });
  report("gemm_220x64x220_transposed", rates(scores_seconds, work), "GFLOP/s", pool.n_threads());
  const auto mixture_seconds =
      measure([&] { gemm(p.matrix(), Transpose::no, q.matrix(), Transpose::no, mixture.matrix(), pool); });
  report("gemm_220x220x64", rates(mixture_seconds, work), "GFLOP/s", pool.n_threads());
}

void bench_linear(ThreadPool& pool) {
  const Tensor x = random_tensor(kTokens, kModel);
  Tensor y({kTokens, kMlp});
  Tensor dx({kTokens, kModel});
  const std::vector<float> bias(kMlp, 0.5f);
  const double work = 2.0 * kTokens * kModel * kMlp * kGiga;
  for (const auto& [format, name] : kFormats) {
    Weights weights(kModel, kMlp, format, WeightLayout::in_out, 4);
    const auto forward = measure([&] { linear(x.matrix(), weights.next(), bias.data(), y.matrix(), pool); });
    report(std::string("linear_220x768x3072_") + name, rates(forward, work), "GFLOP/s", pool.n_threads());
    const auto backward = measure([&] { linear_backward(y.matrix(), weights.next(), dx.matrix(), pool); });
    report(std::string("linear_backward_220x3072x768_") + name, rates(backward, work), "GFLOP/s", pool.n_threads());
  }
}

/// Decoding: a row or a few, where the weights come from memory once for each. Also the bytes of weights a second.
void bench_decoding(ThreadPool& pool) {
  for (const auto& [format, name] : kFormats) {
    Weights weights(kModel, kMlp, format, WeightLayout::in_out, 8);
    for (std::size_t n_rows : {1, 4, 5, 8}) {
      const Tensor x = random_tensor(n_rows, kModel);
      Tensor y({n_rows, kMlp});
      const auto seconds =
          measure([&] { linear(x.matrix(), weights.next(), nullptr, y.matrix(), pool); }, {.seconds = 0.5});
      const std::string label = "linear_" + std::to_string(n_rows) + "x768x3072_" + name;
      report(label, scaled(seconds, kMicro), "us", pool.n_threads());
      if (n_rows != 1) continue;
      const auto bytes = static_cast<double>(kModel * kMlp * n_bytes(format));
      report(label + "_weights", rates(seconds, bytes * kGiga), "GB/s", pool.n_threads());
    }
  }
}

void bench_logits(ThreadPool& pool) {
  const Tensor x = random_tensor(1, kModel);
  Tensor y({1, kVocabulary});
  for (const auto& [format, name] : kFormats) {
    Weights unembedding(kModel, kVocabulary, format, WeightLayout::out_in, 1);
    const auto seconds = measure([&] { linear(x.matrix(), unembedding.next(), nullptr, y.matrix(), pool); });
    report(std::string("logits_1x768x50257_") + name, scaled(seconds, kMilli), "ms", pool.n_threads());
  }
}

void bench_layer_norm(ThreadPool& pool) {
  const Tensor x = random_tensor(kTokens, kModel);
  Tensor y({kTokens, kModel});
  const std::vector<float> gain(kModel, 1.5f);
  std::vector<float> scale(kTokens);
  const int threads = pool.n_threads();
  const auto norm =
      measure([&] { layer_norm(x.matrix(), gain.data(), gain.data(), 1e-5f, y.matrix(), scale.data(), pool); });
  report("layer_norm_220x768", scaled(norm, kMicro), "us", threads);
  const auto norm_backward =
      measure([&] { layer_norm_backward(x.matrix(), gain.data(), 1e-5f, x.matrix(), y.matrix(), pool); });
  report("layer_norm_backward_220x768", scaled(norm_backward, kMicro), "us", threads);
}

/// Kernels of one thread. The work is copied in, for they overwrite it.
void bench_elementwise() {
  const Tensor scores = random_tensor(kTokens, kTokens);
  const Tensor hidden = random_tensor(kTokens, kMlp);
  const Tensor logits = random_tensor(1, kVocabulary);
  Tensor work = Tensor::uninitialized({kTokens * kMlp});
  const auto report_in_place = [&](const std::string& name, const Tensor& from, const auto& body) {
    const auto seconds = measure([&] {
      std::copy_n(from.data(), from.size(), work.data());
      body();
      keep(work.data());
    });
    report(name, scaled(seconds, kMicro), "us", 1);
  };
  report_in_place("copy_220x3072", hidden, [] {});
  report_in_place("gelu_220x3072", hidden, [&] { gelu({work.data(), hidden.size()}); });
  report_in_place("gelu_backward_220x3072", hidden,
                  [&] { gelu_backward(hidden.values(), hidden.values(), {work.data(), hidden.size()}); });
  report_in_place("softmax_220x220", scores, [&] {
    for (std::size_t row = 0; row < kTokens; ++row) softmax({work.data() + row * kTokens, kTokens});
  });
  report_in_place("softmax_1x50257", logits, [&] { softmax({work.data(), logits.size()}); });
  report_in_place("log_softmax_1x50257", logits, [&] { log_softmax({work.data(), logits.size()}); });
}

void bench_parallel_for(ThreadPool& pool) {
  const auto seconds = measure([&] { pool.parallel_for(16, [](std::size_t) {}); });
  report("parallel_for_16_empty_tasks", scaled(seconds, kMicro), "us", pool.n_threads());
}

struct Section {
  const char* name;
  void (*run)(ThreadPool& pool);
  bool on_all_threads;
};

constexpr Section kSections[] = {
    {"gemm", bench_gemm_beside_peak, true},
    {"attention", bench_attention_products, true},
    {"linear", bench_linear, true},
    {"decoding", bench_decoding, true},
    {"logits", bench_logits, true},
    {"layer_norm", bench_layer_norm, true},
    {"parallel_for", bench_parallel_for, true},
    {"elementwise", [](ThreadPool&) { bench_elementwise(); }, false},
    {"reference", [](ThreadPool&) { bench_gemm_reference(); }, false},
};

void run_sections(const std::string& wanted) {
  for (int n_threads : thread_counts()) {
    ThreadPool pool(n_threads);
    for (const Section& section : kSections) {
      if (n_threads > 1 && !section.on_all_threads) continue;
      if (wanted.empty() || wanted == section.name) section.run(pool);
    }
  }
}

}  // namespace
}  // namespace soi::bench

// kernels_bench [SECTION]
int main(int n_arguments, char** arguments) {
  soi::bench::run_sections(n_arguments > 1 ? arguments[1] : "");
  return 0;
}
