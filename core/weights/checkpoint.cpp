#include "core/weights/checkpoint.h"

#include <limits>

#include "core/tensor/error.h"

namespace soi {
namespace {

std::size_t n_outputs(const Gpt2Tensor& matrix) {
  return matrix.layout == WeightLayout::in_out ? matrix.shape[1] : matrix.shape[0];
}

/// Hands out aligned places in a piece of memory that is made later; counts in 64 bits, so that a model too large for
/// a 32-bit address space is found out.
class Layout {
 public:
  std::size_t reserve(std::uint64_t n_numbers, std::size_t number_bytes) {
    constexpr std::uint64_t kAlignment = 64;
    const std::uint64_t offset = total_;
    total_ += (n_numbers * number_bytes + kAlignment - 1) / kAlignment * kAlignment;
    return static_cast<std::size_t>(offset);
  }

  Buffer allocate() const {
    if (total_ > std::numeric_limits<std::size_t>::max()) {
      throw Error(ErrorCode::out_of_memory, "Out of memory: the weights need " + std::to_string(total_) + " bytes.",
                  "Choose a smaller model, or the number format f16 or int8.", {{"bytes", std::to_string(total_)}});
    }
    return Buffer(static_cast<std::size_t>(total_));
  }

 private:
  std::uint64_t total_ = 0;
};

}  // namespace

const TensorInfo& Checkpoint::tensor(const std::string& name) const {
  return *header.find(std::string(name_prefix(header)) + name);
}

const TensorInfo* Checkpoint::scales(const TensorInfo& matrix) const {
  return matrix.dtype == DType::i8 ? header.find(scale_name(matrix.name)) : nullptr;
}

std::uint64_t Checkpoint::file_bytes(const std::vector<Gpt2Tensor>& tensors) const {
  std::uint64_t n_bytes = 0;
  for (const Gpt2Tensor& expected : tensors) {
    const TensorInfo& stored = tensor(expected.name);
    n_bytes += stored.end - stored.begin;
    if (const TensorInfo* stored_scales = scales(stored)) n_bytes += stored_scales->end - stored_scales->begin;
  }
  return n_bytes;
}

std::uint64_t Checkpoint::tied_bytes() const {
  const TensorInfo* unembedding = header.find("lm_head.weight");
  return unembedding == nullptr ? 0 : 2 * (unembedding->end - unembedding->begin);
}

void require_tied(const Checkpoint& checkpoint, TensorReader& reader) {
  const TensorInfo* unembedding = checkpoint.header.find("lm_head.weight");
  if (unembedding == nullptr || reader.are_same(*unembedding, checkpoint.tensor("wte.weight"))) return;
  const std::string reason = "its lm_head.weight is not its wte.weight";
  throw Error(ErrorCode::not_gpt2, "This is not a GPT-2 checkpoint: " + reason + ".",
              "GPT-2 unembeds with its token embeddings; this model was trained with a matrix of its own.",
              {{"reason", reason}, {"tensor", unembedding->name}});
}

Checkpoint open_checkpoint(const ByteSource& source, const LoadOptions& options) {
  Checkpoint checkpoint;
  checkpoint.header = read_safetensors_header(source);
  checkpoint.config = infer_config(checkpoint.header, options.config_json);
  const bool stored_int8 = checkpoint.tensor("wte.weight").dtype == DType::i8;
  checkpoint.format = options.format.value_or(stored_int8 ? NumberFormat::int8 : NumberFormat::f32);
  return checkpoint;
}

LoadedTensors::LoadedTensors(const Checkpoint& checkpoint, const std::vector<Gpt2Tensor>& tensors, TensorReader& reader)
    : tensors_(tensors), format_(checkpoint.format) {
  Layout layout;
  for (const Gpt2Tensor& tensor : tensors_) {
    const bool is_matrix = tensor.kind == TensorKind::matrix;
    Slot& slot = slots_.emplace_back();
    slot.values = layout.reserve(n_elements(tensor.shape), is_matrix ? n_bytes(format_) : sizeof(float));
    if (is_matrix && format_ == NumberFormat::int8) slot.scales = layout.reserve(n_outputs(tensor), sizeof(float));
  }
  memory_ = layout.allocate();

  for (std::size_t i = 0; i < tensors_.size(); ++i) {
    const TensorInfo& stored = checkpoint.tensor(tensors_[i].name);
    std::byte* values = memory_.data() + slots_[i].values;
    if (tensors_[i].kind == TensorKind::vector) {
      reader.read_floats(stored, reinterpret_cast<float*>(values));
    } else {
      reader.read_matrix({&stored, checkpoint.scales(stored), tensors_[i].layout},
                         {format_, values, reinterpret_cast<float*>(memory_.data() + slots_[i].scales)});
    }
  }
}

const float* LoadedTensors::vector(std::size_t i) const {
  return reinterpret_cast<const float*>(memory_.data() + slots_[i].values);
}

WeightMatrix LoadedTensors::matrix(std::size_t i) const {
  const Gpt2Tensor& tensor = tensors_[i];
  const bool in_out = tensor.layout == WeightLayout::in_out;
  return {.values = memory_.data() + slots_[i].values,
          .scales = format_ == NumberFormat::int8 ? reinterpret_cast<const float*>(memory_.data() + slots_[i].scales)
                                                  : nullptr,
          .n_in = tensor.shape[in_out ? 0 : 1],
          .n_out = n_outputs(tensor),
          .format = format_,
          .layout = tensor.layout};
}

}  // namespace soi
