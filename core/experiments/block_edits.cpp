#include "core/experiments/block_edits.h"

namespace soi {
namespace {

// Streams of the generator, one for each block and repetition.
constexpr std::uint64_t kRandomStream = std::uint64_t{2} << 32;
constexpr std::uint64_t kPushStream = std::uint64_t{3} << 32;

std::uint64_t stream_of(std::uint64_t kind, std::size_t layer, std::size_t repetition) {
  return kind + (static_cast<std::uint64_t>(layer) << 16) + repetition;
}

}  // namespace

std::string edit_name(EditKind kind) {
  switch (kind) {
    case EditKind::removal:
      return "removal";
    case EditKind::other_first_position:
      return "other_first_position";
    case EditKind::other_fit:
      return "other_fit";
    case EditKind::other_component:
      return "other_component";
    case EditKind::random:
      return "random";
    case EditKind::matched_norm:
      return "matched_norm";
    case EditKind::identity:
      return "identity";
  }
  return "";
}

Removal random_removal(const BlockRemovals& block, std::size_t repetition) {
  return with_random_directions(block.removal, block.seed, stream_of(kRandomStream, block.layer, repetition));
}

Matrix edited_activations(const BlockRemovals& block, EditKind kind, std::size_t repetition, const Matrix& x) {
  switch (kind) {
    case EditKind::removal:
      return apply_removal(block.removal, x);
    case EditKind::other_first_position:
      return apply_removal(block.other_first_position, x);
    case EditKind::other_fit:
      return apply_removal(block.other_fit, x);
    case EditKind::other_component:
      return apply_removal(block.other_component, x);
    case EditKind::random:
      return apply_removal(random_removal(block, repetition), x);
    case EditKind::matched_norm:
      return push_as_far(block.removal, x, block.seed, stream_of(kPushStream, block.layer, repetition));
    case EditKind::identity:
      return x;
  }
  return x;
}

}  // namespace soi
