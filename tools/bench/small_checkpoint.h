#pragma once

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/kernels/random.h"
#include "core/model/gpt2.h"

namespace soi::bench {

/// A checkpoint of GPT-2 small's exact shape whose numbers repeat a table of 64 KiB: as a file of 498 MB reads, without
/// one.
class SmallCheckpoint final : public ByteSource {
 public:
  SmallCheckpoint() : table_(kTable) {
    for (std::size_t i = 0; i < kTable; ++i) table_[i] = 0.02f * normal(1, 1, i);
    add("wte.weight", {50257, 768});
    add("wpe.weight", {1024, 768});
    for (int layer = 0; layer < 12; ++layer) add_block("h." + std::to_string(layer) + ".");
    add("ln_f.weight", {768});
    add("ln_f.bias", {768});
    const std::string json = header_.dump();
    const std::uint64_t length = json.size();
    head_.resize(sizeof length + json.size());
    std::memcpy(head_.data(), &length, sizeof length);
    std::memcpy(head_.data() + sizeof length, json.data(), json.size());
  }

  std::uint64_t size() const override { return head_.size() + data_bytes_; }

  void read(std::uint64_t offset, std::span<std::byte> out) const override {
    for (std::size_t done = 0; done < out.size();) {
      const std::uint64_t at = offset + done;
      const bool in_head = at < head_.size();
      const auto* source = in_head ? reinterpret_cast<const std::byte*>(head_.data())
                                   : reinterpret_cast<const std::byte*>(table_.data());
      const std::size_t bytes = in_head ? head_.size() : kTable * sizeof(float);
      const auto start = static_cast<std::size_t>(in_head ? at : (at - head_.size()) % bytes);
      const std::size_t count = std::min(out.size() - done, bytes - start);
      std::memcpy(out.data() + done, source + start, count);
      done += count;
    }
  }

 private:
  static constexpr std::size_t kTable = 1 << 14;

  void add(const std::string& name, const Shape& shape) {
    const std::uint64_t end = data_bytes_ + n_elements(shape) * sizeof(float);
    header_[name] = {{"dtype", "F32"}, {"shape", shape}, {"data_offsets", {data_bytes_, end}}};
    data_bytes_ = end;
  }

  void add_block(const std::string& block) {
    for (const char* norm : {"ln_1", "ln_2"}) {
      add(block + norm + ".weight", {768});
      add(block + norm + ".bias", {768});
    }
    add(block + "attn.c_attn.weight", {768, 2304});
    add(block + "attn.c_attn.bias", {2304});
    add(block + "attn.c_proj.weight", {768, 768});
    add(block + "attn.c_proj.bias", {768});
    add(block + "mlp.c_fc.weight", {768, 3072});
    add(block + "mlp.c_fc.bias", {3072});
    add(block + "mlp.c_proj.weight", {3072, 768});
    add(block + "mlp.c_proj.bias", {768});
  }

  std::vector<float> table_;
  nlohmann::ordered_json header_;
  std::uint64_t data_bytes_ = 0;
  std::string head_;
};

}  // namespace soi::bench
