#include "core/weights/architecture.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "core/tensor/error.h"
#include "core/weights/gpt2_tensors.h"

namespace soi {
namespace {

struct Marker {
  std::string_view part;  // of a tensor's name
  std::string_view architecture;
};

// Special before general: the first that occurs names the file.
constexpr std::array kMarkers{
    Marker{".attn.attention.q_proj", "GPT-Neo"},
    Marker{"gpt_neox.", "GPT-NeoX (Pythia)"},
    Marker{".attn.q_proj", "GPT-J"},
    Marker{".attn.qkv_proj", "CodeGen"},
    Marker{"tokens_embed.", "GPT-1"},
    Marker{"word_embeddings_layernorm.", "BLOOM"},
    Marker{".self_attention.query_key_value", "Falcon"},
    Marker{"model.decoder.layers.", "OPT, or an encoder-decoder such as BART"},
    Marker{"block_sparse_moe", "Mixtral"},
    Marker{".mlp.gate_proj.", "a model of the Llama family"},
    Marker{".self_attn.qkv_proj.", "Phi-3"},
    Marker{".attention.self.query", "BERT or a relative of it"},
    Marker{"distilbert.", "DistilBERT"},
    Marker{".SelfAttention.q.", "T5"},
    Marker{".mixer.", "Mamba"},
    Marker{"lora_A", "a LoRA adapter, not a whole model"},
    Marker{"vision_model.", "a vision model (CLIP)"},
    Marker{"down_blocks.", "a diffusion model"},
};

bool has_name_with(const SafetensorsHeader& header, std::string_view part) {
  return std::ranges::any_of(header.tensors,
                             [&](const TensorInfo& tensor) { return tensor.name.find(part) != std::string::npos; });
}

[[noreturn]] void throw_not_gpt2(const std::string& reason) {
  throw Error(ErrorCode::not_gpt2, "This is not a GPT-2 checkpoint: " + reason + ".",
              "Choose a GPT-2: the model.safetensors of openai-community/gpt2, -medium, -large or -xl, or of a model "
              "trained from one.",
              {{"reason", reason}});
}

}  // namespace

void require_gpt2_names(const SafetensorsHeader& header) {
  if (header.tensors.empty()) throw_not_gpt2("it holds no tensors");
  if (has_name_with(header, ".crossattention.")) throw_not_gpt2("its blocks also attend to another model's output");
  const std::string prefix(name_prefix(header));
  const auto found = std::ranges::count_if(
      kSignature, [&](std::string_view name) { return header.find(prefix + std::string(name)) != nullptr; });
  if (found == std::ssize(kSignature)) return;
  for (const Marker& marker : kMarkers) {
    if (has_name_with(header, marker.part)) {
      throw_not_gpt2("its tensors' names are those of " + std::string(marker.architecture));
    }
  }
  if (found == 0) throw_not_gpt2("it has none of the tensors wte.weight, wpe.weight and h.0.attn.c_attn.weight");
}

}  // namespace soi
