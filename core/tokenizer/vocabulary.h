#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace soi::tokenizer {

/// The tokens of r50k_base that come from merges and single bytes (all but <|endoftext|>). A token's id is its rank: of
/// two possible merges, the one that makes the token of the lower id goes first.
class Vocabulary {
 public:
  /// Built at first use, in a few milliseconds; safe to call from any thread.
  static const Vocabulary& r50k_base();

  /// The token's bytes; 0 <= id < 50256.
  std::string_view bytes(std::int32_t id) const;

  /// The token of exactly these bytes, if there is one. Every single byte is a token. Cost: linear in the bytes, at
  /// most those of the longest token.
  std::optional<std::int32_t> find(std::string_view bytes) const;

 private:
  // An open-addressing table; the tag is the part of the hash that does not choose the slot.
  struct Slot {
    std::uint16_t id;
    std::uint16_t tag;
  };

  Vocabulary();
  void insert(std::int32_t id);

  std::string text_;                   // the bytes of all tokens, one after another
  std::vector<std::uint32_t> begins_;  // [n_tokens + 1], into text_
  std::vector<Slot> slots_;
  std::size_t longest_ = 0;
};

}  // namespace soi::tokenizer
