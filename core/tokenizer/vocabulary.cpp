#include "core/tokenizer/vocabulary.h"

#include <algorithm>

#include "core/tokenizer/vocabulary_data.h"

namespace soi::tokenizer {
namespace {

constexpr std::int32_t n_tokens = 50256;
constexpr std::int32_t n_single_bytes = 256;
constexpr std::int32_t n_merges = n_tokens - n_single_bytes;
constexpr std::size_t text_size = 320814;
constexpr int slot_bits = 17;  // 131072 slots: 0.38 of them taken, so that most searches end at the first
constexpr std::uint16_t no_token = 0xFFFF;

// FNV-1a: tokens are short (6 bytes on average), so a byte at a time is no slower than anything cleverer.
std::uint32_t hash_of(std::string_view bytes) {
  std::uint32_t hash = 2166136261u;
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 16777619u;
  return hash;
}

// Fibonacci hashing: the top bits of the product depend on all bits of the hash.
std::size_t first_slot(std::uint32_t hash) { return (hash * 2654435769u) >> (32 - slot_bits); }

std::size_t next_slot(std::size_t slot) { return (slot + 1) & ((std::size_t{1} << slot_bits) - 1); }

/// The id of the first (0) or second (1) part of a token that a merge makes.
std::int32_t part_of(std::int32_t id, int part) {
  const auto* const high =
      reinterpret_cast<const unsigned char*>(vocabulary_data) + n_single_bytes + 2 * part * n_merges;
  const std::int32_t merge = id - n_single_bytes;
  return high[merge] << 8 | high[n_merges + merge];
}

std::uint16_t tag_of(std::uint32_t hash) { return static_cast<std::uint16_t>(hash); }

}  // namespace

const Vocabulary& Vocabulary::r50k_base() {
  static const Vocabulary vocabulary;
  return vocabulary;
}

Vocabulary::Vocabulary() : slots_(std::size_t{1} << slot_bits, Slot{no_token, 0}) {
  text_.reserve(text_size);
  begins_.reserve(n_tokens + 1);
  begins_.push_back(0);
  for (std::int32_t id = 0; id < n_tokens; ++id) {
    if (id < n_single_bytes) {
      text_ += vocabulary_data[id];
    } else {
      text_ += bytes(part_of(id, 0));
      text_ += bytes(part_of(id, 1));
    }
    begins_.push_back(static_cast<std::uint32_t>(text_.size()));
    longest_ = std::max(longest_, bytes(id).size());
    insert(id);
  }
}

void Vocabulary::insert(std::int32_t id) {
  const std::uint32_t hash = hash_of(bytes(id));
  std::size_t slot = first_slot(hash);
  while (slots_[slot].id != no_token) slot = next_slot(slot);
  slots_[slot] = {static_cast<std::uint16_t>(id), tag_of(hash)};
}

std::string_view Vocabulary::bytes(std::int32_t id) const {
  const auto token = static_cast<std::size_t>(id);
  return std::string_view(text_).substr(begins_[token], begins_[token + 1] - begins_[token]);
}

std::optional<std::int32_t> Vocabulary::find(std::string_view bytes_of_token) const {
  if (bytes_of_token.size() > longest_) return std::nullopt;
  const std::uint32_t hash = hash_of(bytes_of_token);
  for (std::size_t slot = first_slot(hash); slots_[slot].id != no_token; slot = next_slot(slot)) {
    if (slots_[slot].tag == tag_of(hash) && bytes(slots_[slot].id) == bytes_of_token) return slots_[slot].id;
  }
  return std::nullopt;
}

}  // namespace soi::tokenizer
