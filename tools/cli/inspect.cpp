#include <iomanip>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/tensor/error.h"
#include "core/weights/byte_source.h"
#include "core/weights/gpt2_tensors.h"
#include "core/weights/safetensors.h"
#include "core/weights/weight_source.h"
#include "tools/cli/checkpoint_path.h"
#include "tools/cli/command.h"
#include "tools/cli/json_output.h"

namespace soi::cli {
namespace {

std::vector<Gpt2Tensor> model_tensors(const Config& config) {
  std::vector<Gpt2Tensor> tensors = embedding_tensors(config);
  for (std::size_t layer = 0; layer < config.n_layers; ++layer) {
    for (Gpt2Tensor& tensor : block_tensors(config, layer)) tensors.push_back(std::move(tensor));
  }
  return tensors;
}

/// What a usable checkpoint holds.
struct Inspection {
  std::uint64_t file_bytes = 0;
  Config config;
  std::uint64_t n_parameters = 0;
  std::map<std::string, std::size_t> dtypes;  // of the tensors that the model uses: how many of each
  std::vector<std::string> ignored;           // tensors that it does not use
};

/// Visits every block, so that every number is read and judged; holds one block at a time.
void read_all(std::unique_ptr<ByteSource> source, const CheckpointPath& path) {
  const auto weights =
      open_streamed(std::move(source), {.format = {}, .config_json = path.config_json, .progress = {}});
  for (std::size_t layer = 0; layer < weights->config().n_layers; ++layer) weights->block(layer);
}

Inspection inspect(const CheckpointPath& path) {
  std::unique_ptr<ByteSource> source = open_file(path.weights);
  const SafetensorsHeader header = read_safetensors_header(*source);
  Inspection inspection{
      .file_bytes = source->size(), .config = infer_config(header, path.config_json), .dtypes = {}, .ignored = {}};
  const std::string prefix(name_prefix(header));
  std::set<std::string> used;
  for (const Gpt2Tensor& tensor : model_tensors(inspection.config)) {
    const TensorInfo& stored = *header.find(prefix + tensor.name);
    inspection.n_parameters += n_elements(tensor.shape);
    ++inspection.dtypes[std::string(dtype_name(stored.dtype))];
    used.insert(stored.name);
    if (stored.dtype == DType::i8) used.insert(scale_name(stored.name));
  }
  for (const TensorInfo& tensor : header.tensors) {
    if (!used.contains(tensor.name)) inspection.ignored.push_back(tensor.name);
  }
  read_all(std::move(source), path);
  return inspection;
}

/// What the weights take in memory: vectors and the scales of int8 are f32.
std::uint64_t memory_bytes(const Config& config, NumberFormat format) {
  std::uint64_t n_total = 0;
  for (const Gpt2Tensor& tensor : model_tensors(config)) {
    const bool is_matrix = tensor.kind == TensorKind::matrix;
    n_total += std::uint64_t{n_elements(tensor.shape)} * (is_matrix ? n_bytes(format) : sizeof(float));
    if (is_matrix && format == NumberFormat::int8) {
      n_total += sizeof(float) * tensor.shape[tensor.layout == WeightLayout::in_out ? 1 : 0];
    }
  }
  return n_total;
}

Json to_json(const std::string& file, const Inspection& inspection) {
  return {{"usable", true},
          {"file", file},
          {"file_bytes", inspection.file_bytes},
          {"config", cli::to_json(inspection.config)},
          {"n_parameters", inspection.n_parameters},
          {"dtypes", inspection.dtypes},
          {"memory_bytes",
           {{"f32", memory_bytes(inspection.config, NumberFormat::f32)},
            {"f16", memory_bytes(inspection.config, NumberFormat::f16)},
            {"int8", memory_bytes(inspection.config, NumberFormat::int8)}}},
          {"ignored", inspection.ignored}};
}

std::string megabytes(std::uint64_t n) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(1) << static_cast<double>(n) / 1e6 << " MB";
  return text.str();
}

void print(const std::string& file, const Inspection& inspection) {
  const Config& config = inspection.config;
  std::cout << file << " is a usable GPT-2.\n"
            << "  blocks      " << config.n_layers << "\n  heads       " << config.n_heads << " of " << config.d_head
            << "\n  width       " << config.d_model << " (MLP " << config.d_mlp << ")\n  context     " << config.n_ctx
            << "\n  vocabulary  " << config.n_vocab << "\n  parameters  " << inspection.n_parameters
            << "\n  file        " << megabytes(inspection.file_bytes) << "; tensors:";
  for (const auto& [dtype, n_tensors] : inspection.dtypes) std::cout << ' ' << n_tensors << ' ' << dtype;
  if (!inspection.ignored.empty()) std::cout << "; " << inspection.ignored.size() << " not used";
  std::cout << "\n  in memory   " << megabytes(memory_bytes(config, NumberFormat::f32)) << " as f32, "
            << megabytes(memory_bytes(config, NumberFormat::f16)) << " as f16, "
            << megabytes(memory_bytes(config, NumberFormat::int8)) << " as int8\n";
}

}  // namespace

int run(const InspectCommand& command) {
  try {
    const CheckpointPath path = find_checkpoint(command.model);
    const Inspection inspection = inspect(path);
    if (command.json) {
      print_json(to_json(path.weights, inspection));
    } else {
      print(path.weights, inspection);
    }
    return 0;
  } catch (const Error& error) {
    if (!command.json) throw;
    print_json({{"usable", false}, {"file", command.model}, {"error", cli::to_json(error)}});
    return 1;
  }
}

}  // namespace soi::cli
