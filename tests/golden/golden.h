#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/hooks/hook_name.h"
#include "core/model/gpt2.h"
#include "core/tensor/tensor.h"

namespace soi {

/// A scalar of an activation whose gradient with respect to the input embeddings is known.
struct GoldenGradient {
  Hook hook;
  std::optional<std::size_t> position;  // unset: the mean over positions
  std::size_t index = 0;                // column of the activation
  std::string tensor;                   // of the case: [T, d_model]
};

/// One sequence, with at most one edit, and what PyTorch computes for it (tools/oracles/gpt2_golden.py).
struct GoldenCase {
  std::string name;
  Lane lane;                              // captures every hook of `tensors`
  std::map<std::string, Tensor> tensors;  // by hook name; also gradient.N and logit_lens.L
  /// Of each tensor: the largest difference between PyTorch's float32 run, which `tensors` holds, and its float64 run.
  std::map<std::string, double> rounding;
  std::vector<GoldenGradient> gradients;
};

struct GoldenSet {
  std::vector<GoldenCase> cases;
  std::vector<std::int32_t> prompt;        // empty: no generation in this set
  std::vector<std::int32_t> continuation;  // greedy, by Hugging Face's generate()
};

/// Reads `folder`/index.json and the files it names, for a model with that many blocks. Throws Error and nlohmann's
/// exceptions: a golden folder is trusted to be whole.
GoldenSet read_golden(const std::string& folder, std::size_t n_layers);

/// Reads one float32 tensor set of a .safetensors file.
std::map<std::string, Tensor> read_tensors(const std::string& path);

/// The whole text of a file. Throws Error{io_error}.
std::string read_text(const std::string& path);

/// `folder`/model.safetensors, with its config.json where it has one, held in `format` where it is set.
std::shared_ptr<WeightSource> load_folder(const std::string& folder, std::optional<NumberFormat> format = {});
std::shared_ptr<WeightSource> stream_folder(const std::string& folder);

/// How two tensors of one shape differ.
struct Difference {
  double error = 0.0;     // largest |actual - expected|; infinite where one is finite and the other not, or for NaN
  double largest = 0.0;   // largest finite |expected|
  std::size_t index = 0;  // of the largest error, in row-major order
  float actual = 0.0f;
  float expected = 0.0f;
};

/// Infinities of one sign count as equal. Throws Error{invalid_argument} where the shapes differ.
Difference compare(const Tensor& actual, const Tensor& expected);

/// What rounding alone can explain between two float32 runs of one computation.
///
/// `rounding`, PyTorch's own error against float64, is a sample of the error of a careful float32 run on these very
/// numbers. Ours is another, with other orders of summation: PyTorch's dot products run in 16 or more partial sums,
/// ours in 4 or more; where errors add up like a random walk, an error grows as the square root of the terms of one
/// partial sum, so by 2. The largest of many samples varies by less than 2 again, and PyTorch's own error is in the
/// difference too: 2 * 2 + 1. A tensor of few numbers may by luck have hardly any error, so no less than 8 unit
/// roundoffs of the largest number are granted, what a chain of some ten operations leaves. A wrong number is not near
/// this: it shows at 1e-3 of the largest number, some 500 times the floor.
double tolerance(double rounding, double largest);

/// All cases' lanes in one run.
std::vector<LaneResult> run_golden(const Gpt2& model, const GoldenSet& golden);

/// The gradients of one case, by tensor name, [T, d_model].
std::map<std::string, Tensor> run_gradients(const Gpt2& model, const GoldenCase& golden);

}  // namespace soi
