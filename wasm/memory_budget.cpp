#include "wasm/memory_budget.h"

#include <emscripten/heap.h>

#include <string>

#include "core/tensor/error.h"

namespace soi::wasm {
namespace {

// What a run over the model needs at least: the stacks, the tables of the tokenizer, activations of a short text.
constexpr std::uint64_t kWorkingBytes = std::uint64_t{64} << 20;

std::uint64_t resident_bytes(const std::vector<Gpt2Tensor>& tensors, NumberFormat format) {
  std::uint64_t bytes = 0;
  for (const Gpt2Tensor& tensor : tensors) {
    const std::size_t number_bytes = tensor.kind == TensorKind::matrix ? n_bytes(format) : sizeof(float);
    bytes += std::uint64_t{n_elements(tensor.shape)} * number_bytes;
  }
  return bytes;
}

}  // namespace

void require_room(const Checkpoint& checkpoint) {
  const NumberFormat format = checkpoint.format;
  const std::uint64_t needed = resident_bytes(embedding_tensors(checkpoint.config), format) +
                               checkpoint.config.n_layers * resident_bytes(block_tensors(checkpoint.config, 0), format);
  const std::uint64_t room = emscripten_get_heap_max();
  if (needed + kWorkingBytes <= room) return;
  throw Error(ErrorCode::out_of_memory,
              "The model needs " + std::to_string(needed) + " bytes; a page can hold " + std::to_string(room) + ".",
              "Choose a smaller number format (f16, int8) or a smaller model.", {{"bytes", std::to_string(needed)}});
}

}  // namespace soi::wasm
