#include "core/weights/gpt2_tensors.h"

namespace soi {
namespace {

Gpt2Tensor vector_of(std::string name, std::size_t size) { return {std::move(name), {size}, TensorKind::vector, {}}; }

/// A Conv1D of Hugging Face: weight [n_in, n_out] and bias.
void add_conv1d(std::vector<Gpt2Tensor>& tensors, const std::string& name, std::size_t n_in, std::size_t n_out) {
  tensors.push_back({name + ".weight", {n_in, n_out}, TensorKind::matrix, WeightLayout::in_out});
  tensors.push_back(vector_of(name + ".bias", n_out));
}

void add_layer_norm(std::vector<Gpt2Tensor>& tensors, const std::string& name, std::size_t d_model) {
  tensors.push_back(vector_of(name + ".weight", d_model));
  tensors.push_back(vector_of(name + ".bias", d_model));
}

}  // namespace

std::vector<Gpt2Tensor> embedding_tensors(const Config& config) {
  std::vector<Gpt2Tensor> tensors{
      {"wte.weight", {config.n_vocab, config.d_model}, TensorKind::matrix, WeightLayout::out_in},
      {"wpe.weight", {config.n_ctx, config.d_model}, TensorKind::matrix, WeightLayout::out_in}};
  add_layer_norm(tensors, "ln_f", config.d_model);
  return tensors;
}

std::vector<Gpt2Tensor> block_tensors(const Config& config, std::size_t layer) {
  const std::string block = "h." + std::to_string(layer);
  std::vector<Gpt2Tensor> tensors;
  add_layer_norm(tensors, block + ".ln_1", config.d_model);
  add_conv1d(tensors, block + ".attn.c_attn", config.d_model, 3 * config.d_model);
  add_conv1d(tensors, block + ".attn.c_proj", config.d_model, config.d_model);
  add_layer_norm(tensors, block + ".ln_2", config.d_model);
  add_conv1d(tensors, block + ".mlp.c_fc", config.d_model, config.d_mlp);
  add_conv1d(tensors, block + ".mlp.c_proj", config.d_mlp, config.d_model);
  return tensors;
}

std::string_view name_prefix(const SafetensorsHeader& header) {
  constexpr std::string_view kPrefix = "transformer.";
  for (std::string_view name : kSignature) {
    if (header.find(name) != nullptr) return {};
    if (header.find(std::string(kPrefix) + std::string(name)) != nullptr) return kPrefix;
  }
  return {};
}

std::string scale_name(std::string_view name) { return std::string(name) + ".scale"; }

}  // namespace soi
