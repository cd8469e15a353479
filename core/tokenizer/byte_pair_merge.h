#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/tokenizer/tokenizer.h"
#include "core/tokenizer/vocabulary.h"

namespace soi::tokenizer {

/// Byte-pair encoding of pieces (Sennrich et al. 2016, arXiv:1508.07909, over bytes as in GPT-2). Keeps its working
/// memory from piece to piece; not for use by two threads at once.
class BytePairMerger {
 public:
  explicit BytePairMerger(const Vocabulary& vocabulary) : vocabulary_(vocabulary) {}

  /// Appends the tokens of `piece`, which starts at byte `offset` of the text. Starting from single bytes, the two
  /// neighbours whose joined bytes are the token of the lowest id are merged, the leftmost first, until no two
  /// neighbours make a token (tiktoken's rule). Cost: n log n in the bytes of the piece.
  void append_tokens(std::string_view piece, std::size_t offset, std::vector<Token>& tokens);

 private:
  // Two neighbouring parts that could become one token: the bytes [begin, end) of the piece.
  struct Candidate {
    std::int32_t id;
    std::size_t begin;
    std::size_t end;
  };

  static bool goes_later(const Candidate& a, const Candidate& b);
  void split_into_bytes(std::string_view piece);
  void merge_all(std::string_view piece);
  void push_candidate(std::string_view piece, std::size_t begin, std::size_t end);
  bool is_current(const Candidate& candidate) const;

  const Vocabulary& vocabulary_;
  // The parts as a linked list over their first bytes. A part that went into another has end 0.
  std::vector<std::size_t> end_;       // [bytes of the piece] where the part ends and the next begins
  std::vector<std::size_t> previous_;  // [bytes of the piece] where the part before begins
  std::vector<Candidate> candidates_;  // a heap; holds candidates whose parts have changed since
};

}  // namespace soi::tokenizer
