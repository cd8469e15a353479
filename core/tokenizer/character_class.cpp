#include "core/tokenizer/character_class.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

namespace soi::tokenizer {
namespace {

struct ClassRange {
  std::uint32_t first : 24;  // of the range, which goes up to the next one's first
  CharacterClass character_class : 8;
};
static_assert(sizeof(ClassRange) == 4);

using enum CharacterClass;
constexpr ClassRange class_ranges[] = {
#include "core/tokenizer/character_classes.inc"
};

constexpr CharacterClass search(std::uint32_t code_point) {
  const auto* after =
      std::upper_bound(std::begin(class_ranges), std::end(class_ranges), code_point,
                       [](std::uint32_t value, const ClassRange& range) { return value < range.first; });
  return std::prev(after)->character_class;
}

constexpr auto ascii_classes = [] {
  std::array<CharacterClass, 128> classes{};
  for (std::size_t code_point = 0; code_point < classes.size(); ++code_point) {
    classes[code_point] = search(static_cast<std::uint32_t>(code_point));
  }
  return classes;
}();

}  // namespace

CharacterClass character_class(char32_t code_point) {
  return code_point < ascii_classes.size() ? ascii_classes[code_point] : search(code_point);
}

}  // namespace soi::tokenizer
