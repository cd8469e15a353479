// What half-precision and 8-bit weights in memory cost against float32, on the logits of one text.
//
// usage: soi_formats MODEL_DIR TEXT_FILE
// f32 is the reference: of a file of floats its exact values, of an int8 file int8 * scale.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <exception>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/model/gpt2.h"
#include "core/tensor/error.h"
#include "core/tokenizer/tokenizer.h"
#include "tests/golden/golden.h"

namespace soi {
namespace {

std::size_t argmax(std::span<const float> logits) {
  return static_cast<std::size_t>(std::ranges::max_element(logits) - logits.begin());
}

/// ln sum exp, in double.
double log_normalizer(std::span<const float> logits) {
  const double largest = logits[argmax(logits)];
  double sum = 0.0;
  for (const float logit : logits) sum += std::exp(static_cast<double>(logit) - largest);
  return largest + std::log(sum);
}

struct FormatError {
  double largest = 0.0;     // of |logit - reference|
  double root_mean = 0.0;   // root of the mean square of the same
  double divergence = 0.0;  // mean KL(reference || format), nats
  double same_top = 0.0;    // share of positions with the same most probable token
  double loss = 0.0;        // mean of -ln p(next token), nats
};

/// Logits [T, n_vocab] of the text against the reference's.
FormatError measure(const Tensor& logits, const Tensor& reference, std::span<const std::int32_t> tokens) {
  FormatError error;
  const std::size_t n_tokens = tokens.size();
  for (std::size_t t = 0; t < n_tokens; ++t) {
    const auto row = logits.matrix()[t];
    const auto reference_row = reference.matrix()[t];
    const double normalizer = log_normalizer(row);
    const double reference_normalizer = log_normalizer(reference_row);
    for (std::size_t token = 0; token < row.size(); ++token) {
      const double difference = static_cast<double>(row[token]) - static_cast<double>(reference_row[token]);
      error.largest = std::max(error.largest, std::abs(difference));
      error.root_mean += difference * difference;
      const double log_probability = static_cast<double>(reference_row[token]) - reference_normalizer;
      error.divergence += std::exp(log_probability) * (normalizer - reference_normalizer - difference);
    }
    error.same_top += argmax(row) == argmax(reference_row);
    if (t + 1 < n_tokens) error.loss += normalizer - static_cast<double>(row[static_cast<std::size_t>(tokens[t + 1])]);
  }
  error.root_mean = std::sqrt(error.root_mean / static_cast<double>(logits.size()));
  error.divergence /= static_cast<double>(n_tokens);
  error.same_top /= static_cast<double>(n_tokens);
  error.loss /= static_cast<double>(n_tokens - 1);
  return error;
}

std::vector<std::int32_t> read_tokens(const std::string& path, const Config& config) {
  std::vector<std::int32_t> tokens;
  for (const Token& token : tokenizer::encode(read_text(path))) tokens.push_back(token.id);
  tokens.resize(std::min(tokens.size(), config.n_ctx));
  if (tokens.size() < 2) throw Error(ErrorCode::text_empty, path + " holds fewer than two tokens.");
  return tokens;
}

void run(const std::string& model_dir, const std::string& text_path) {
  struct Format {
    const char* name;
    NumberFormat format;
  };
  constexpr std::array<Format, 3> kFormats = {
      {{"f32", NumberFormat::f32}, {"f16", NumberFormat::f16}, {"int8", NumberFormat::int8}}};
  const auto pool = std::make_shared<ThreadPool>();
  Tensor reference;
  std::printf("%-6s %10s %12s %12s %12s %9s %8s\n", "format", "MB", "max |error|", "rms error", "KL (nats)", "same top",
              "loss");
  for (const Format& format : kFormats) {
    const Gpt2 model(load_folder(model_dir, format.format), pool);
    Lane lane;
    lane.tokens = read_tokens(text_path, model.config());
    Tensor logits = std::move(model.run(lane).logits);
    if (reference.empty()) reference = logits.clone();
    const FormatError error = measure(logits, reference, lane.tokens);
    std::printf("%-6s %10.2f %12.3g %12.3g %12.3g %8.1f%% %8.4f\n", format.name,
                static_cast<double>(model.weights().memory_bytes()) / 1e6, error.largest, error.root_mean,
                error.divergence, 100.0 * error.same_top, error.loss);
  }
}

}  // namespace
}  // namespace soi

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: soi_formats MODEL_DIR TEXT_FILE\n");
    return 2;
  }
  try {
    soi::run(argv[1], argv[2]);
    return 0;
  } catch (const soi::Error& error) {
    std::fprintf(stderr, "%s %s\n", error.what(), error.hint.c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
  }
  return 1;
}
