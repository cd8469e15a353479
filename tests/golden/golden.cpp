#include "tests/golden/golden.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "core/model/gradient.h"
#include "core/tensor/error.h"
#include "core/weights/byte_source.h"
#include "core/weights/safetensors.h"

namespace soi {
namespace {

using nlohmann::json;

Edit read_edit(const json& entry, const std::map<std::string, Tensor>& tensors, std::size_t n_layers) {
  const Hook hook = parse_hook(entry.at("hook").get<std::string>(), n_layers);
  PositionMask mask;
  if (entry.contains("positions")) mask = PositionMask(entry["positions"].get<std::vector<std::size_t>>());
  const auto operation = entry.at("operation").get<std::string>();
  if (operation == "zero") return make_edit(hook, SetZero{}, mask);
  if (operation == "mean") return make_edit(hook, SetMean{}, mask);
  if (operation == "scale") return make_edit(hook, ScaleBy{entry.at("factor").get<float>()}, mask);
  if (operation == "set") return make_edit(hook, SetTo{tensors.at("edit.values").clone()}, mask);
  if (operation == "add") return make_edit(hook, AddTo{tensors.at("edit.values").clone()}, mask);
  throw Error(ErrorCode::internal, "A golden case has the unknown edit " + operation + ".");
}

GoldenGradient read_gradient(const json& entry, std::size_t n_layers) {
  GoldenGradient gradient;
  gradient.hook = parse_hook(entry.at("hook").get<std::string>(), n_layers);
  if (entry.at("position").is_number()) gradient.position = entry["position"].get<std::size_t>();
  gradient.index = entry.at("index").get<std::size_t>();
  gradient.tensor = entry.at("tensor").get<std::string>();
  return gradient;
}

GoldenCase read_case(const json& entry, const std::string& folder, std::size_t n_layers) {
  GoldenCase golden;
  golden.name = entry.at("name").get<std::string>();
  golden.tensors = read_tensors(folder + "/" + entry.at("file").get<std::string>());
  golden.rounding = entry.at("rounding").get<std::map<std::string, double>>();
  if (entry.contains("tokens")) {
    golden.lane.tokens = entry["tokens"].get<std::vector<std::int32_t>>();
  } else {
    golden.lane.input_embeddings = std::make_shared<Tensor>(std::move(golden.tensors.at("input_embeddings")));
  }
  if (entry.contains("edit")) golden.lane.edits.push_back(read_edit(entry["edit"], golden.tensors, n_layers));
  if (entry.contains("gradients")) {
    for (const json& gradient : entry["gradients"]) golden.gradients.push_back(read_gradient(gradient, n_layers));
  }
  for (const Hook hook : all_hooks(n_layers)) {
    if (golden.tensors.contains(hook_name(hook))) golden.lane.captures.push_back(hook);
  }
  golden.lane.logits = golden.tensors.contains("logits") ? LogitPositions::all() : LogitPositions::none();
  return golden;
}

std::optional<std::string> config_text(const std::string& folder) {
  const std::string path = folder + "/config.json";
  if (!std::filesystem::exists(path)) return std::nullopt;
  return read_text(path);
}

}  // namespace

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(ErrorCode::io_error, "Cannot read " + path + ".", {}, {{"path", path}});
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::map<std::string, Tensor> read_tensors(const std::string& path) {
  const std::unique_ptr<ByteSource> source = open_file(path);
  std::map<std::string, Tensor> tensors;
  for (const TensorInfo& info : read_safetensors_header(*source).tensors) {
    if (info.dtype != DType::f32) throw Error(ErrorCode::tensor_dtype, path + " holds " + info.name + " not as F32.");
    Tensor tensor = Tensor::uninitialized(info.shape);
    source->read(info.begin, std::as_writable_bytes(tensor.values()));
    tensors.emplace(info.name, std::move(tensor));
  }
  return tensors;
}

GoldenSet read_golden(const std::string& folder, std::size_t n_layers) {
  const json index = json::parse(read_text(folder + "/index.json"));
  GoldenSet golden;
  for (const json& entry : index.at("cases")) golden.cases.push_back(read_case(entry, folder, n_layers));
  golden.prompt = index.at("generation").at("prompt").get<std::vector<std::int32_t>>();
  golden.continuation = index["generation"].at("tokens").get<std::vector<std::int32_t>>();
  return golden;
}

std::shared_ptr<WeightSource> load_folder(const std::string& folder, std::optional<NumberFormat> format) {
  LoadOptions options;
  options.format = format;
  options.config_json = config_text(folder);
  return load_resident(*open_file(folder + "/model.safetensors"), options);
}

std::shared_ptr<WeightSource> stream_folder(const std::string& folder) {
  LoadOptions options;
  options.config_json = config_text(folder);
  return open_streamed(open_file(folder + "/model.safetensors"), options);
}

Difference compare(const Tensor& actual, const Tensor& expected) {
  if (actual.shape() != expected.shape()) {
    throw Error(ErrorCode::invalid_argument,
                "The shape is " + to_string(actual.shape()) + ", PyTorch's " + to_string(expected.shape()) + ".");
  }
  Difference difference;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const float ours = actual.data()[i];
    const float theirs = expected.data()[i];
    if (std::isfinite(theirs)) difference.largest = std::max(difference.largest, std::abs(static_cast<double>(theirs)));
    if (ours == theirs) continue;
    double error = std::abs(static_cast<double>(ours) - static_cast<double>(theirs));
    if (std::isnan(error)) error = std::numeric_limits<double>::infinity();
    if (error > difference.error) {
      difference.error = error;
      difference.index = i;
      difference.actual = ours;
      difference.expected = theirs;
    }
  }
  return difference;
}

double tolerance(double rounding, double largest) {
  constexpr double kUnitRoundoff = std::numeric_limits<float>::epsilon() / 2.0;
  return 5.0 * std::max(rounding, 8.0 * kUnitRoundoff * largest);
}

std::vector<LaneResult> run_golden(const Gpt2& model, const GoldenSet& golden) {
  std::vector<Lane> lanes;
  for (const GoldenCase& golden_case : golden.cases) lanes.push_back(golden_case.lane);
  return model.run(lanes);
}

std::map<std::string, Tensor> run_gradients(const Gpt2& model, const GoldenCase& golden) {
  std::map<std::string, Tensor> gradients;
  Lane lane;
  lane.tokens = golden.lane.tokens;
  lane.input_embeddings = golden.lane.input_embeddings;
  for (const GoldenGradient& target : golden.gradients) {
    const DifferentiableRun run(model, {&lane, 1}, target.hook);
    const std::size_t n_tokens = run.activations()[0].dim(0);
    Tensor cotangent(run.activations()[0].shape());
    for (std::size_t position = 0; position < n_tokens; ++position) {
      if (!target.position) cotangent(position, target.index) = 1.0f / static_cast<float>(n_tokens);
      if (target.position == position) cotangent(position, target.index) = 1.0f;
    }
    gradients.emplace(target.tensor, std::move(run.backward({&cotangent, 1})[0]));
  }
  return gradients;
}

}  // namespace soi
