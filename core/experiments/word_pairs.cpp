#include "core/experiments/word_pairs.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "core/experiments/token_text.h"
#include "core/hooks/edit.h"
#include "core/model/finite_rows.h"
#include "core/tensor/error.h"
#include "core/tokenizer/tokenizer.h"

namespace soi {
namespace {

/// Where a line came from, for messages.
struct Place {
  std::string parameter;
  std::size_t line;  // counted from 1
};

[[noreturn]] void throw_bad_line(const Place& place, const std::string& what) {
  throw Error(ErrorCode::invalid_argument,
              "Line " + std::to_string(place.line) + " of " + place.parameter + ": " + what,
              "Write one pair a line, both words in square brackets: The dog followed [him|her] home.",
              {{"name", place.parameter}, {"value", "line " + std::to_string(place.line)}, {"range", "... [a|b] ..."}});
}

/// A line, cut at its slot.
struct SlotLine {
  std::string_view before, word_a, word_b, after;
};

SlotLine cut_line(std::string_view line, const Place& place) {
  const std::size_t open = line.find('[');
  const std::size_t bar = line.find('|', open);
  const std::size_t close = line.find(']', bar);
  if (close == std::string_view::npos) throw_bad_line(place, "there is no slot.");
  const SlotLine cut = {line.substr(0, open), line.substr(open + 1, bar - open - 1),
                        line.substr(bar + 1, close - bar - 1), line.substr(close + 1)};
  if (cut.after.find('[') != std::string_view::npos) throw_bad_line(place, "there is more than one slot.");
  if (cut.word_a.empty() || cut.word_b.empty()) throw_bad_line(place, "a word of the slot is missing.");
  if (cut.word_a == cut.word_b) throw_bad_line(place, "the two words of the slot are the same.");
  return cut;
}

SlotSentence sentence_of_text(const SlotLine& cut, std::string_view word, const Place& place) {
  const std::string text = std::string(cut.before) + std::string(word) + std::string(cut.after);
  const std::size_t begin = cut.before.size();
  const std::size_t end = begin + word.size();
  SlotSentence sentence;
  sentence.slot_size = 0;
  for (const Token& token : tokenizer::encode(text)) {
    if (token.begin < end && token.end > begin) {
      sentence.slot = sentence.tokens.size();
      ++sentence.slot_size;
      if (token.end > end) throw_bad_line(place, "\"" + std::string(word) + "\" runs into the letters after it.");
    }
    sentence.tokens.push_back(token.id);
  }
  return sentence;
}

SlotSentence sentence_of_ids(const SlotLine& cut, std::string_view word, const Place& place) {
  const auto refuse = [&](const std::string& bad) { throw_bad_line(place, "\"" + bad + "\" is not a token id."); };
  SlotSentence sentence;
  sentence.tokens = read_ids(cut.before, refuse);
  const std::vector<std::int32_t> slot = read_ids(word, refuse);
  if (slot.empty()) throw_bad_line(place, "a word of the slot is missing.");
  sentence.tokens.insert(sentence.tokens.end(), slot.begin(), slot.end());
  sentence.slot = sentence.tokens.size() - 1;
  sentence.slot_size = slot.size();
  const std::vector<std::int32_t> rest = read_ids(cut.after, refuse);
  sentence.tokens.insert(sentence.tokens.end(), rest.begin(), rest.end());
  return sentence;
}

std::vector<std::int32_t> up_to_slot(const SlotSentence& sentence) {
  return {sentence.tokens.begin(), sentence.tokens.begin() + static_cast<std::ptrdiff_t>(sentence.slot) + 1};
}

/// Reads the last row of the hook into `row`, and changes nothing.
Edit last_row_reader(Hook hook, std::span<float> row) {
  return make_edit(hook, Replace{[row](Tensor& activation, const PositionMask&) {
                     const std::span<const float> values = activation.values();
                     std::ranges::copy(values.last(row.size()), row.begin());
                   }});
}

}  // namespace

std::vector<WordPair> read_word_pairs(std::string_view text, const std::string& parameter) {
  constexpr std::string_view kIds = "ids:";
  std::vector<WordPair> pairs;
  Place place{parameter, 0};
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    ++place.line;
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    if (line.empty()) continue;
    const bool are_ids = line.starts_with(kIds);
    const SlotLine cut = cut_line(are_ids ? line.substr(kIds.size()) : line, place);
    const auto sentence = are_ids ? sentence_of_ids : sentence_of_text;
    pairs.push_back({sentence(cut, cut.word_a, place), sentence(cut, cut.word_b, place)});
  }
  return pairs;
}

std::vector<std::size_t> prefix_groups(std::span<const WordPair> pairs) {
  std::map<std::pair<std::vector<std::int32_t>, std::vector<std::int32_t>>, std::size_t> seen;
  std::vector<std::size_t> groups;
  for (const WordPair& pair : pairs) {
    const auto key = std::make_pair(up_to_slot(pair.a), up_to_slot(pair.b));
    groups.push_back(seen.try_emplace(key, seen.size()).first->second);
  }
  return groups;
}

std::vector<Tensor> slot_activations(const Gpt2& model, std::span<const WordPair> pairs, HookPoint point,
                                     const std::vector<std::size_t>& layers,
                                     const std::function<void(double)>& progress) {
  const std::size_t width = hook_shape(point) == "T d_mlp" ? model.config().d_mlp : model.config().d_model;
  std::vector<Tensor> activations;
  for (std::size_t i = 0; i < layers.size(); ++i) activations.emplace_back(Shape{2 * pairs.size(), width});
  std::vector<Lane> lanes(2 * pairs.size());
  for (std::size_t row = 0; row < lanes.size(); ++row) {
    const WordPair& pair = pairs[row % pairs.size()];
    lanes[row].tokens = up_to_slot(row < pairs.size() ? pair.a : pair.b);
    lanes[row].logits = LogitPositions::none();
    for (std::size_t i = 0; i < layers.size(); ++i) {
      lanes[row].edits.push_back(last_row_reader({point, layers[i]}, activations[i].matrix()[row]));
    }
  }
  model.run(lanes, progress);
  for (const Tensor& rows : activations) require_finite_rows(rows.matrix());
  return activations;
}

}  // namespace soi
