#include "core/tokenizer/byte_pair_merge.h"

#include <algorithm>

namespace soi::tokenizer {

void BytePairMerger::append_tokens(std::string_view piece, std::size_t offset, std::vector<Token>& tokens) {
  // A shortcut for most words, and tiktoken's own: the merges of any of the 50256 tokens' bytes end in that token.
  if (const auto id = vocabulary_.find(piece)) {
    tokens.push_back({*id, offset, offset + piece.size()});
    return;
  }
  split_into_bytes(piece);
  merge_all(piece);
  for (std::size_t begin = 0; begin < piece.size(); begin = end_[begin]) {
    const auto id = vocabulary_.find(piece.substr(begin, end_[begin] - begin));
    // NOLINTNEXTLINE(bugprone-unchecked-optional-access): every byte is a token, and every merge makes one.
    tokens.push_back({*id, offset + begin, offset + end_[begin]});
  }
}

// For a heap whose top is the candidate of the lowest id, the leftmost among equals.
bool BytePairMerger::goes_later(const Candidate& a, const Candidate& b) {
  return a.id != b.id ? a.id > b.id : a.begin > b.begin;
}

void BytePairMerger::split_into_bytes(std::string_view piece) {
  end_.resize(piece.size());
  previous_.resize(piece.size());
  candidates_.clear();
  for (std::size_t begin = 0; begin < piece.size(); ++begin) {
    end_[begin] = begin + 1;
    previous_[begin] = begin - 1;  // never read for the first part
  }
}

void BytePairMerger::merge_all(std::string_view piece) {
  for (std::size_t begin = 0; begin + 1 < piece.size(); ++begin) push_candidate(piece, begin, begin + 2);
  while (!candidates_.empty()) {
    std::pop_heap(candidates_.begin(), candidates_.end(), goes_later);
    const Candidate merged = candidates_.back();
    candidates_.pop_back();
    if (!is_current(merged)) continue;
    const auto [id, begin, end] = merged;
    end_[end_[begin]] = 0;
    end_[begin] = end;
    if (end < piece.size()) {
      previous_[end] = begin;
      push_candidate(piece, begin, end_[end]);
    }
    if (begin > 0) push_candidate(piece, previous_[begin], end);
  }
}

void BytePairMerger::push_candidate(std::string_view piece, std::size_t begin, std::size_t end) {
  const auto id = vocabulary_.find(piece.substr(begin, end - begin));
  if (!id) return;
  candidates_.push_back({*id, begin, end});
  std::push_heap(candidates_.begin(), candidates_.end(), goes_later);
}

bool BytePairMerger::is_current(const Candidate& candidate) const {
  const std::size_t middle = end_[candidate.begin];
  return middle != 0 && middle < candidate.end && end_[middle] == candidate.end;
}

}  // namespace soi::tokenizer
