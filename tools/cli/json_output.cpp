#include "tools/cli/json_output.h"

#include <array>
#include <charconv>
#include <iostream>

#include "core/tokenizer/tokenizer.h"
#include "tools/cli/token_text.h"

namespace soi::cli {

void print_json(const Json& json) { std::cout << json.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n'; }

double shortest(float value) {
  std::array<char, 32> digits;
  const char* end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  double number = 0.0;
  std::from_chars(digits.data(), end, number);
  return number;
}

Json to_json(const Config& config) {
  return {{"n_layers", config.n_layers}, {"n_heads", config.n_heads},
          {"d_model", config.d_model},   {"d_head", config.d_head},
          {"d_mlp", config.d_mlp},       {"n_ctx", config.n_ctx},
          {"n_vocab", config.n_vocab},   {"layer_norm_epsilon", shortest(config.layer_norm_epsilon)}};
}

Json to_json(const Error& error) {
  Json details = Json::object();
  for (const auto& [name, value] : error.details) details[name] = value;
  return {{"code", error_code_name(error.code)}, {"message", error.what()}, {"hint", error.hint}, {"details", details}};
}

Json token_json(std::int32_t id, const Config& config) {
  Json token{{"id", id}, {"text", nullptr}, {"bytes", nullptr}};
  if (has_text(id, config)) {
    const std::string_view bytes = tokenizer::token_bytes(id);
    token["text"] = valid_utf8(bytes);
    token["bytes"] = hexadecimal(bytes);
  }
  return token;
}

Json tokens_json(std::span<const std::int32_t> ids, const Config& config) {
  Json tokens = Json::array();
  for (std::int32_t id : ids) tokens.push_back(token_json(id, config));
  return tokens;
}

}  // namespace soi::cli
