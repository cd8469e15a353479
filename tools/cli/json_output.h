#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>

#include "core/tensor/error.h"
#include "core/weights/config.h"

namespace soi::cli {

using Json = nlohmann::ordered_json;

/// One line on standard output.
void print_json(const Json& json);

/// The number that is written with the fewest digits of those that are nearest to `value` among floats.
double shortest(float value);

Json to_json(const Config& config);
Json to_json(const Error& error);

/// {"id", "text", "bytes"}; text and bytes are null where the token has none (see has_text).
Json token_json(std::int32_t id, const Config& config);
Json tokens_json(std::span<const std::int32_t> ids, const Config& config);

}  // namespace soi::cli
