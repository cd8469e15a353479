// The largest error per hook of Soi against PyTorch, for a checkpoint and its golden files.
//
// usage: soi_parity MODEL_DIR GOLDEN_DIR [--threads N]
// Exit status 1 where logits differ by more than 5e-5, gradients by more than 1e-4 of their largest number, or any hook
// by more than rounding explains (tests/golden/golden.h); 2 where something could not be read.

#include <algorithm>
#include <cstdio>
#include <exception>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/model/gpt2.h"
#include "core/model/sampling.h"
#include "core/tensor/error.h"
#include "tests/golden/golden.h"

namespace soi {
namespace {

constexpr double kLogitsLimit = 5e-5;    // absolute, at GPT-2 small's scale
constexpr double kGradientLimit = 1e-4;  // relative to the gradient's largest number

/// One line of the table: all tensors of one kind, over layers and cases.
struct Row {
  double largest = 0.0;   // |PyTorch's value|
  double error = 0.0;     // |ours - PyTorch's|
  double relative = 0.0;  // the largest ratio of a tensor's error to its largest number
  double rounding = 0.0;  // |PyTorch's float32 - its float64|
  double share = 0.0;     // the largest ratio of a tensor's error to its tolerance
  std::string worst;      // which tensor that was

  void add(const Difference& difference, double tensor_rounding, const std::string& where) {
    largest = std::max(largest, difference.largest);
    error = std::max(error, difference.error);
    if (difference.error > 0.0) relative = std::max(relative, difference.error / difference.largest);
    rounding = std::max(rounding, tensor_rounding);
    const double limit = tolerance(tensor_rounding, difference.largest);
    const double tensor_share = difference.error == 0.0 ? 0.0 : difference.error / limit;
    if (worst.empty() || tensor_share > share) worst = where;
    share = std::max(share, tensor_share);
  }
};

/// One row a hook point, and the first tensor that differs by more than rounding.
class Table {
 public:
  void add(HookPoint point, const Tensor& actual, const GoldenCase& golden, const std::string& tensor) {
    const Difference difference = compare(actual, golden.tensors.at(tensor));
    const double rounding = golden.rounding.at(tensor);
    const std::string where = tensor + " of " + golden.name;
    rows_[point].add(difference, rounding, where);
    if (first_.empty() && difference.error > tolerance(rounding, difference.largest)) first_ = where;
  }

  void print(const char* title) const {
    std::printf("%s\n%-34s %9s %9s %9s %9s %6s  %s\n", title, "hook", "largest", "error", "relative", "PyTorch's",
                "share", "worst");
    for (const auto& [point, row] : rows_) {
      std::printf("%-34s %9.3g %9.2g %9.2g %9.2g %6.2f  %s\n", std::string(hook_template(point)).c_str(), row.largest,
                  row.error, row.relative, row.rounding, row.share, row.worst.c_str());
    }
    std::printf("\n");
  }

  double logits_error() const { return rows_.contains(HookPoint::logits) ? rows_.at(HookPoint::logits).error : 0.0; }
  double largest_relative() const {
    double relative = 0.0;
    for (const auto& [point, row] : rows_) relative = std::max(relative, row.relative);
    return relative;
  }
  const std::string& first_beyond_rounding() const { return first_; }

 private:
  std::map<HookPoint, Row> rows_;  // in the order of a forward run
  std::string first_;
};

void add_hooks(Table& table, const LaneResult& result, const GoldenCase& golden) {
  for (const Hook hook : golden.lane.captures) {
    table.add(hook.point, result.captured.at(hook), golden, hook_name(hook));
  }
}

void add_gradients(Table& table, const Gpt2& model, const GoldenCase& golden) {
  const std::map<std::string, Tensor> gradients = run_gradients(model, golden);
  for (const GoldenGradient& target : golden.gradients) {
    table.add(target.hook.point, gradients.at(target.tensor), golden, target.tensor);
  }
}

std::vector<std::int32_t> generate_greedily(const Gpt2& model, const GoldenSet& golden) {
  KeyValueCache cache(model.config());
  SamplingOptions greedy;
  greedy.temperature = 0.0;
  Lane lane;
  lane.tokens = golden.prompt;
  lane.logits = LogitPositions::last();
  lane.cache = &cache;
  std::vector<std::int32_t> tokens;
  while (tokens.size() < golden.continuation.size()) {
    tokens.push_back(sample_token(model.run(lane).logits.values(), greedy, tokens.size()));
    lane.tokens = {tokens.back()};
  }
  return tokens;
}

/// Prints one line, and returns whether it holds.
bool verdict(const char* what, bool holds) {
  std::printf("%-6s %s\n", holds ? "ok" : "FAILED", what);
  return holds;
}

int run(const std::string& model_dir, const std::string& golden_dir, int n_threads) {
  const Gpt2 model(load_folder(model_dir, NumberFormat::f32), std::make_shared<ThreadPool>(n_threads));
  const GoldenSet golden = read_golden(golden_dir, model.config().n_layers);
  const std::vector<LaneResult> results = run_golden(model, golden);
  Table clean;
  Table edited;
  Table gradients;
  for (std::size_t i = 0; i < results.size(); ++i) {
    add_hooks(golden.cases[i].lane.edits.empty() ? clean : edited, results[i], golden.cases[i]);
    add_gradients(gradients, model, golden.cases[i]);
  }
  std::printf(
      "error: largest |Soi - PyTorch float32|; relative: to the tensor's largest number; PyTorch's: its own\n"
      "rounding, |float32 - float64|; share: of the error that rounding explains, of the worst tensor\n\n");
  clean.print("Every hook, over layers and sequences");
  edited.print("With one edit, at the edit and after it");
  gradients.print("Gradients of this hook's scalars to the input embeddings");

  // An edit may scale the logits, and so their rounding: this limit is for the model as it is.
  bool holds = verdict("logits within 5e-5", clean.logits_error() <= kLogitsLimit);
  holds &= verdict("gradients within 1e-4 of their largest number", gradients.largest_relative() <= kGradientLimit);
  for (const Table* table : {&clean, &edited, &gradients}) {
    if (table->first_beyond_rounding().empty()) continue;
    holds &= verdict(("the first that differs beyond rounding: " + table->first_beyond_rounding()).c_str(), false);
  }
  return verdict("greedy generation", generate_greedily(model, golden) == golden.continuation) && holds ? 0 : 1;
}

}  // namespace
}  // namespace soi

int main(int argc, char** argv) {
  const bool has_threads = argc == 5 && std::string(argv[3]) == "--threads";
  if (argc != 3 && !has_threads) {
    std::fprintf(stderr, "usage: soi_parity MODEL_DIR GOLDEN_DIR [--threads N]\n");
    return 2;
  }
  try {
    return soi::run(argv[1], argv[2], has_threads ? std::stoi(argv[4]) : 0);
  } catch (const soi::Error& error) {
    std::fprintf(stderr, "%s %s\n", error.what(), error.hint.c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
  }
  return 2;
}
