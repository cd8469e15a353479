#include "core/tokenizer/vocabulary.h"

#include <algorithm>

#include "core/tokenizer/vocabulary_data.h"

namespace soi::tokenizer {
namespace {

constexpr std::int32_t n_tokens = 50256;
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

std::uint16_t tag_of(std::uint32_t hash) { return static_cast<std::uint16_t>(hash); }

}  // namespace

const Vocabulary& Vocabulary::r50k_base() {
  static const Vocabulary vocabulary;
  return vocabulary;
}

Vocabulary::Vocabulary() : slots_(std::size_t{1} << slot_bits, Slot{no_token, 0}) {
  begins_.reserve(n_tokens);
  std::uint32_t at = 0;
  for (std::int32_t id = 0; id < n_tokens; ++id) {
    const std::uint32_t size = static_cast<unsigned char>(vocabulary_data[at]);
    begins_.push_back(at + 1);
    at += 1 + size;
    longest_ = std::max<std::size_t>(longest_, size);
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
  const char* begin = vocabulary_data + begins_[static_cast<std::size_t>(id)];
  return {begin, static_cast<unsigned char>(begin[-1])};
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
