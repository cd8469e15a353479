#include "core/weights/config_json.h"

#include <cmath>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>

#include "core/tensor/error.h"
#include "core/weights/safetensors_json.h"

namespace soi {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxConfigBytes = 1'000'000;

[[noreturn]] void throw_config_error(const std::string& key, const std::string& expected, const std::string& actual) {
  throw Error(ErrorCode::config_invalid, "config.json: " + key + " is " + actual + ", expected " + expected + ".",
              "Take the config.json that belongs to this checkpoint, or none.",
              {{"key", key}, {"expected", expected}, {"actual", actual}});
}

json parse(std::string_view text) {
  if (text.size() > kMaxConfigBytes)
    throw_config_error("the file", "at most 1 MB", std::to_string(text.size()) + " bytes");
  json parsed = json::parse(text, nullptr, false);
  if (parsed.is_discarded()) throw_config_error("the file", "a JSON object", "not JSON");
  if (!parsed.is_object()) throw_config_error("the file", "a JSON object", std::string("a JSON ") + parsed.type_name());
  return parsed;
}

/// Objects and arrays are named, not shown: they may be nested without bound.
std::string shown(const json& value) {
  if (value.is_structured()) return std::string("an ") + value.type_name();
  return shown_name(value.dump(-1, ' ', false, json::error_handler_t::replace));
}

/// Null where the key is not there or holds null, which Hugging Face writes for "the default".
const json* find(const json& object, const char* key) {
  const auto place = object.find(key);
  return place == object.end() || place->is_null() ? nullptr : &*place;
}

void require_size(const json& object, std::initializer_list<const char*> keys, std::size_t expected) {
  for (const char* key : keys) {
    const json* value = find(object, key);
    if (value != nullptr && *value != json(expected)) {
      throw_config_error(key, std::to_string(expected) + " (from the tensors)", shown(*value));
    }
  }
}

void require_value(const json& object, const char* key, const json& expected) {
  const json* value = find(object, key);
  if (value != nullptr && *value != expected) throw_config_error(key, shown(expected), shown(*value));
}

void require_gpt2(const json& object) {
  const json* type = find(object, "model_type");
  if (type == nullptr || *type == "gpt2") return;
  const std::string reason = "its config.json says model_type " + shown(*type);
  throw Error(ErrorCode::not_gpt2, "This is not a GPT-2 checkpoint: " + reason + ".",
              "Choose a GPT-2, or the config.json that belongs to this one.", {{"reason", reason}});
}

void require_activation(const json& object) {
  const json* value = find(object, "activation_function");
  if (value != nullptr && *value != "gelu_new" && *value != "gelu_pytorch_tanh") {
    throw_config_error("activation_function", "gelu_new", shown(*value));
  }
}

void read_heads(const json& object, Config& config) {
  for (const char* key : {"n_head", "num_attention_heads"}) {
    const json* value = find(object, key);
    if (value == nullptr) continue;
    const bool positive = value->is_number_unsigned() && value->get<std::uint64_t>() > 0;
    if (!positive || config.d_model % value->get<std::uint64_t>() != 0) {
      throw_config_error(key, "a divisor of n_embd = " + std::to_string(config.d_model), shown(*value));
    }
    const auto n_heads = static_cast<std::size_t>(value->get<std::uint64_t>());
    if (config.n_heads != 0 && config.n_heads != n_heads) {
      throw_config_error(key, std::to_string(config.n_heads) + " (from n_head)", shown(*value));
    }
    config.n_heads = n_heads;
  }
}

void read_epsilon(const json& object, Config& config) {
  const json* value = find(object, "layer_norm_epsilon");
  if (value == nullptr) return;
  // As the float that the kernels take: one too small for it would be 0.
  const float epsilon = value->is_number() ? static_cast<float>(value->get<double>()) : 0.0f;
  if (!(epsilon > 0.0f && epsilon < 1.0f)) throw_config_error("layer_norm_epsilon", "between 0 and 1", shown(*value));
  config.layer_norm_epsilon = epsilon;
}

}  // namespace

void apply_config_json(std::string_view text, Config& config) {
  const json object = parse(text);
  require_gpt2(object);
  require_size(object, {"n_layer", "num_hidden_layers"}, config.n_layers);
  require_size(object, {"n_embd", "hidden_size"}, config.d_model);
  require_size(object, {"n_inner"}, config.d_mlp);
  require_size(object, {"n_positions", "n_ctx", "max_position_embeddings"}, config.n_ctx);
  require_size(object, {"vocab_size"}, config.n_vocab);
  require_activation(object);
  require_value(object, "scale_attn_weights", true);
  require_value(object, "scale_attn_by_inverse_layer_idx", false);
  require_value(object, "reorder_and_upcast_attn", false);
  require_value(object, "add_cross_attention", false);
  require_value(object, "tie_word_embeddings", true);
  read_heads(object, config);
  read_epsilon(object, config);
}

}  // namespace soi
