#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/tensor/error.h"
#include "core/tensor/tensor.h"
#include "core/weights/config.h"
#include "core/weights/gpt2_tensors.h"
#include "core/weights/safetensors.h"

namespace soi {

/// The bytes of a .safetensors file with this header and data.
inline std::string join_file(const std::string& header, const std::string& data) {
  const std::uint64_t length = header.size();
  std::string file(sizeof(length), '\0');
  std::memcpy(file.data(), &length, sizeof(length));  // little-endian, as every machine this runs on
  return file + header + data;
}

inline std::unique_ptr<ByteSource> view(const std::string& file) { return view_bytes(std::as_bytes(std::span(file))); }

/// A .safetensors file in the making: change, leave out or add tensors, then `file()`.
class CheckpointFile {
 public:
  struct Stored {
    std::string name;
    std::string dtype;
    Shape shape;
    std::string bytes;
  };

  Stored& operator[](std::string_view name) {
    for (Stored& tensor : tensors_) {
      if (tensor.name == name) return tensor;
    }
    return tensors_.emplace_back(Stored{std::string(name), "F32", {}, {}});
  }

  void erase(std::string_view name) {
    std::erase_if(tensors_, [&](const Stored& tensor) { return tensor.name == name; });
  }

  template <typename Number>
  void set(std::string_view name, std::string dtype, Shape shape, const std::vector<Number>& numbers) {
    std::string bytes(numbers.size() * sizeof(Number), '\0');
    std::memcpy(bytes.data(), numbers.data(), bytes.size());
    (*this)[name] = {std::string(name), std::move(dtype), std::move(shape), std::move(bytes)};
  }

  /// All zero.
  void set_zero(std::string_view name, std::string dtype, Shape shape) {
    const std::size_t n_bytes = n_elements(shape) * (dtype == "F32" ? 4 : dtype == "I8" || dtype == "U8" ? 1 : 2);
    (*this)[name] = {std::string(name), std::move(dtype), std::move(shape), std::string(n_bytes, '\0')};
  }

  void rename_all(const std::string& prefix) {
    for (Stored& tensor : tensors_) tensor.name = prefix + tensor.name;
  }

  std::vector<Stored>& tensors() { return tensors_; }

  std::string file() const {
    nlohmann::ordered_json header = nlohmann::ordered_json::object();
    std::string data;
    for (const Stored& tensor : tensors_) {
      header[tensor.name] = {{"dtype", tensor.dtype},
                             {"shape", tensor.shape},
                             {"data_offsets", {data.size(), data.size() + tensor.bytes.size()}}};
      data += tensor.bytes;
    }
    return join_file(header.dump(), data);
  }

 private:
  std::vector<Stored> tensors_;
};

/// Two blocks, width 4, two heads by its config.json; no two sizes that can be confused are equal.
inline Config tiny_config() {
  return {.n_layers = 2, .n_heads = 2, .d_model = 4, .d_head = 2, .d_mlp = 10, .n_ctx = 5, .n_vocab = 7};
}

inline constexpr const char* kTinyConfigJson = R"({"model_type": "gpt2", "n_head": 2})";

/// The number at `index` of the `ordinal`-th tensor: small, of both signs, exact in f16 and bf16, and different from
/// its neighbours in every tensor.
inline float tiny_number(std::size_t ordinal, std::size_t index) {
  return (static_cast<float>((index * 37 + ordinal * 11) % 127) - 63.0f) / 64.0f;
}

inline std::vector<Gpt2Tensor> tiny_tensors() {
  std::vector<Gpt2Tensor> tensors = embedding_tensors(tiny_config());
  for (std::size_t layer = 0; layer < tiny_config().n_layers; ++layer) {
    for (Gpt2Tensor& tensor : block_tensors(tiny_config(), layer)) tensors.push_back(std::move(tensor));
  }
  return tensors;
}

inline CheckpointFile tiny_checkpoint() {
  CheckpointFile checkpoint;
  const std::vector<Gpt2Tensor> tensors = tiny_tensors();
  for (std::size_t ordinal = 0; ordinal < tensors.size(); ++ordinal) {
    std::vector<float> numbers(n_elements(tensors[ordinal].shape));
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = tiny_number(ordinal, i);
    checkpoint.set(tensors[ordinal].name, "F32", tensors[ordinal].shape, numbers);
  }
  return checkpoint;
}

/// The code of the Error that `action` throws, and its message in `message` where one is wanted; "" where it throws
/// none.
template <typename Action>
std::string thrown_code(const Action& action, std::string* message = nullptr) {
  try {
    action();
  } catch (const Error& error) {
    if (message != nullptr) *message = error.what();
    return std::string(error_code_name(error.code));
  }
  return {};
}

/// One of an error's details; "" where it is not there.
template <typename Action>
std::string thrown_detail(const Action& action, std::string_view key) {
  try {
    action();
  } catch (const Error& error) {
    for (const auto& [name, value] : error.details) {
      if (name == key) return value;
    }
  }
  return {};
}

}  // namespace soi
