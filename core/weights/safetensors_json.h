#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/weights/safetensors.h"

namespace soi {

/// One entry of the header, as it is written there; offsets count from the end of the header.
struct HeaderEntry {
  std::string name;
  DType dtype = DType::f32;
  std::vector<std::uint64_t> shape;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

struct HeaderJson {
  std::vector<HeaderEntry> entries;  // in the order of the text
  std::map<std::string, std::string> metadata;
};

/// Reads the header's JSON as a stream of events, so that neither depth nor size of what it holds costs more than the
/// entries themselves. Judges the form of the entries, not their numbers. Throws Error{safetensors_header}.
HeaderJson parse_header_json(std::string_view text);

/// A name from a file, short enough for a message.
std::string shown_name(std::string_view name);

}  // namespace soi
