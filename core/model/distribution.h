#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace soi {

/// The next-token distribution of one row of logits [n_vocab], which must stay where it is. Buffers are kept from row
/// to row.
class Distribution {
 public:
  /// Takes the memory that `read` needs for rows of that size, so that it takes none and cannot throw.
  void reserve(std::size_t n_vocab, std::size_t n_best);

  /// `n_best`: how many of the most probable tokens to find; at most n_vocab are.
  void read(std::span<const float> logits, std::size_t n_best);

  /// Most probable first; of equals, the lowest id.
  std::span<const std::int32_t> best() const { return best_; }
  float logit(std::int32_t id) const { return logits_[static_cast<std::size_t>(id)]; }
  float probability(std::int32_t id) const { return probabilities_[static_cast<std::size_t>(id)]; }
  /// In nats.
  float entropy() const;
  /// From 1; tokens of equal logits share the better rank.
  std::int32_t rank(std::int32_t id) const;

 private:
  std::span<const float> logits_;
  std::vector<float> probabilities_;
  std::vector<std::int32_t> best_;
};

}  // namespace soi
