#include "core/weights/weight_source.h"

#include <atomic>
#include <utility>
#include <vector>

#include "core/tensor/error.h"
#include "core/weights/checkpoint.h"

namespace soi {
namespace {

/// Bytes that the tensors of one source hold now. Blocks of a streamed source may outlive it, and so does the count.
using MemoryCount = std::shared_ptr<std::atomic<std::size_t>>;

struct LoadedBlock {
  LoadedBlock(const Checkpoint& checkpoint, std::size_t layer, TensorReader& reader, MemoryCount memory_count)
      : tensors(checkpoint, block_tensors(checkpoint.config, layer), reader),
        weights{.ln1 = tensors.layer_norm(0),
                .attn_qkv = tensors.linear(2),
                .attn_out = tensors.linear(4),
                .ln2 = tensors.layer_norm(6),
                .mlp_in = tensors.linear(8),
                .mlp_out = tensors.linear(10)},
        count(std::move(memory_count)) {
    *count += tensors.memory_bytes();
  }
  ~LoadedBlock() { *count -= tensors.memory_bytes(); }
  LoadedBlock(const LoadedBlock&) = delete;
  LoadedBlock& operator=(const LoadedBlock&) = delete;

  LoadedTensors tensors;
  BlockWeights weights;
  MemoryCount count;
};

std::shared_ptr<const BlockWeights> load_block(const Checkpoint& checkpoint, std::size_t layer, TensorReader& reader,
                                               const MemoryCount& count) {
  auto block = std::make_shared<const LoadedBlock>(checkpoint, layer, reader, count);
  return {block, &block->weights};
}

/// What resident and streamed weights share.
class CheckpointWeights : public WeightSource {
 public:
  CheckpointWeights(Checkpoint checkpoint, TensorReader& reader)
      : checkpoint_(std::move(checkpoint)),
        embedding_tensors_(checkpoint_, embedding_tensors(checkpoint_.config), reader),
        embeddings_{.wte = embedding_tensors_.matrix(0),
                    .wpe = embedding_tensors_.matrix(1),
                    .ln_final = embedding_tensors_.layer_norm(2)},
        memory_(std::make_shared<std::atomic<std::size_t>>(embedding_tensors_.memory_bytes())) {}

  const Config& config() const override { return checkpoint_.config; }
  NumberFormat format() const override { return checkpoint_.format; }
  std::size_t memory_bytes() const override { return *memory_; }
  const EmbeddingWeights& embeddings() const override { return embeddings_; }

 protected:
  const Checkpoint& checkpoint() const { return checkpoint_; }
  const MemoryCount& memory_count() const { return memory_; }

  void require_layer(std::size_t layer) const {
    const std::size_t n_layers = checkpoint_.config.n_layers;
    if (layer < n_layers) return;
    throw Error(
        ErrorCode::invalid_argument,
        "Block " + std::to_string(layer) + " of a model with " + std::to_string(n_layers) + " blocks.",
        "Blocks count from 0.",
        {{"name", "layer"}, {"value", std::to_string(layer)}, {"range", "0 to " + std::to_string(n_layers - 1)}});
  }

 private:
  Checkpoint checkpoint_;
  LoadedTensors embedding_tensors_;
  EmbeddingWeights embeddings_;
  MemoryCount memory_;
};

class ResidentWeights final : public CheckpointWeights {
 public:
  ResidentWeights(Checkpoint opened, TensorReader& reader) : CheckpointWeights(std::move(opened), reader) {
    for (std::size_t layer = 0; layer < config().n_layers; ++layer) {
      blocks_.push_back(load_block(checkpoint(), layer, reader, memory_count()));
    }
  }

  std::shared_ptr<const BlockWeights> block(std::size_t layer) override {
    require_layer(layer);
    return blocks_[layer];
  }

 private:
  std::vector<std::shared_ptr<const BlockWeights>> blocks_;
};

class StreamedWeights final : public CheckpointWeights {
 public:
  StreamedWeights(std::unique_ptr<ByteSource> source, Checkpoint opened, TensorReader& reader)
      : CheckpointWeights(std::move(opened), reader), source_(std::move(source)), live_(config().n_layers) {}

  std::shared_ptr<const BlockWeights> block(std::size_t layer) override {
    require_layer(layer);
    std::shared_ptr<const BlockWeights> block = live_[layer].lock();
    if (block == nullptr) {
      TensorReader reader(*source_);
      block = load_block(checkpoint(), layer, reader, memory_count());
      live_[layer] = block;
    }
    return block;
  }

 private:
  std::unique_ptr<ByteSource> source_;
  std::vector<std::weak_ptr<const BlockWeights>> live_;  // a block that somebody still holds is not read twice
};

std::function<void(std::uint64_t)> fraction_of(std::uint64_t total_bytes, const LoadOptions& options) {
  if (!options.progress) return {};
  return [total_bytes, progress = options.progress](std::uint64_t n_bytes) {
    progress(static_cast<double>(n_bytes) / static_cast<double>(total_bytes));
  };
}

}  // namespace

std::unique_ptr<WeightSource> load_resident(const ByteSource& source, const LoadOptions& options) {
  Checkpoint checkpoint = open_checkpoint(source, options);
  std::uint64_t total_bytes = checkpoint.file_bytes(embedding_tensors(checkpoint.config));
  for (std::size_t layer = 0; layer < checkpoint.config.n_layers; ++layer) {
    total_bytes += checkpoint.file_bytes(block_tensors(checkpoint.config, layer));
  }
  TensorReader reader(source, fraction_of(total_bytes + checkpoint.tied_bytes(), options));
  require_tied(checkpoint, reader);
  return std::make_unique<ResidentWeights>(std::move(checkpoint), reader);
}

std::unique_ptr<WeightSource> open_streamed(std::unique_ptr<ByteSource> source, const LoadOptions& options) {
  Checkpoint checkpoint = open_checkpoint(*source, options);
  const std::uint64_t total_bytes =
      checkpoint.file_bytes(embedding_tensors(checkpoint.config)) + checkpoint.tied_bytes();
  TensorReader reader(*source, fraction_of(total_bytes, options));
  require_tied(checkpoint, reader);
  return std::make_unique<StreamedWeights>(std::move(source), std::move(checkpoint), reader);
}

}  // namespace soi
