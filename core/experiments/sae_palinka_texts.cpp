#include "core/experiments/sae_palinka_texts.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <string>

#include "core/experiments/experiment.h"
#include "core/tensor/error.h"

namespace soi {
namespace {

constexpr std::size_t kFewestTokens = 8;  // a covariance, a target and its others need some

std::string_view data_file(const std::string& name) { return lesson_file("02-sae-palinka/data/" + name); }

std::string_view given_or(const Parameters& p, const std::string& parameter, const std::string& file) {
  return p.text(parameter).empty() ? data_file(file) : std::string_view(p.text(parameter));
}

[[noreturn]] void throw_no_word(const std::string& parameter, const std::string& what, const std::string& hint) {
  throw Error(ErrorCode::invalid_argument, what, hint,
              {{"name", parameter}, {"value", what}, {"range", "words of the passage"}});
}

/// Where the words of a parameter stand, or the lesson's own.
std::vector<Occurrence> occurrences(const Parameters& p, const std::string& parameter, const std::string& file,
                                    const Passage& passage) {
  std::vector<Occurrence> all;
  for (const std::string& word : read_words(given_or(p, parameter, file))) {
    const std::vector<Occurrence> found = find_word(passage, word, parameter);
    if (found.empty() && !p.text(parameter).empty()) {
      throw_no_word(parameter, "\"" + word + "\" of " + parameter + " is not in the passage.",
                    "Give words as they stand there, one a line; upper and lower case count.");
    }
    all.insert(all.end(), found.begin(), found.end());
  }
  return all;
}

std::vector<std::size_t> last_tokens(const std::vector<Occurrence>& found, std::size_t first_used) {
  std::set<std::size_t> positions;
  for (const Occurrence& place : found) {
    if (place.last >= first_used) positions.insert(place.last);
  }
  return {positions.begin(), positions.end()};
}

std::vector<std::size_t> without(const std::vector<std::size_t>& positions, const std::set<std::size_t>& left_out) {
  std::vector<std::size_t> rest;
  std::ranges::copy_if(positions, std::back_inserter(rest), [&](std::size_t t) { return left_out.count(t) == 0; });
  return rest;
}

std::vector<std::size_t> used_positions(const Passage& passage, std::size_t first_used) {
  std::vector<std::size_t> positions(passage.size() - first_used);
  std::iota(positions.begin(), positions.end(), first_used);
  return positions;
}

std::set<std::size_t> as_set(const std::vector<std::size_t>& positions) { return {positions.begin(), positions.end()}; }

std::size_t single_word(const Parameters& p, const PalinkaTexts& texts) {
  const std::string& given = p.text("single_word");
  const std::vector<Occurrence> found =
      find_word(texts.passage, given.empty() ? "Romania" : std::string_view(given), "single_word");
  const std::vector<std::size_t> positions = last_tokens(found, texts.first_used);
  if (!positions.empty()) return positions.front();
  if (given.empty()) return texts.words.front();
  throw_no_word("single_word", "\"" + given + "\" of single_word is not in the passage.",
                "Give one word that stands there; upper and lower case count.");
}

/// The groups that the score compares.
void choose_groups(const Parameters& p, const std::vector<Occurrence>& tested, PalinkaTexts& texts) {
  std::set<std::size_t> left_out;
  if (p.boolean("hold_out_test_words")) {
    for (const Occurrence& place : tested) {
      for (std::size_t t = place.first; t <= place.last; ++t) left_out.insert(t);
    }
  }
  const std::string file = p.text("word_set") == "three" ? "document_words.txt" : "words.txt";
  texts.words = without(last_tokens(occurrences(p, "words", file, texts.passage), texts.first_used), left_out);
  if (texts.words.empty()) {
    throw_no_word("words", "No geography word is in the passage, beside those that are tested.",
                  "Name words of the passage with words=, one a line.");
  }
  const std::vector<std::size_t> rest =
      p.text("against") == "fillers" ? texts.fillers : used_positions(texts.passage, texts.first_used);
  texts.others = without(without(rest, left_out), as_set(texts.words));
  if (texts.others.empty()) {
    throw_no_word(p.text("against") == "fillers" ? "fillers" : "words", "Nothing is left to compare the words with.",
                  "Name other fillers, or compare with all tokens.");
  }
}

}  // namespace

PalinkaTexts palinka_texts(const Parameters& p) {
  PalinkaTexts texts;
  texts.first_used = p.boolean("first_position") ? 0 : 1;
  texts.passage = read_passage(given_or(p, "passage", "passage.txt"), "passage", kFewestTokens);
  texts.held_out = read_passage(given_or(p, "held_out", "held_out.txt"), "held_out", kFewestTokens);
  const std::vector<Occurrence> tested = occurrences(p, "test_words", "test_words.txt", texts.passage);
  const auto positions = [&](const std::string& parameter, const Passage& passage) {
    return last_tokens(occurrences(p, parameter, parameter + ".txt", passage), texts.first_used);
  };
  texts.test_words = last_tokens(tested, texts.first_used);
  texts.other_words = positions("other_words", texts.passage);
  texts.fillers = positions("fillers", texts.passage);
  for (const std::string& word : read_words(data_file("document_words.txt"))) {
    for (const Occurrence& place : find_word(texts.passage, word, "words")) {
      if (place.last >= texts.first_used) texts.document_words.push_back(place.last);
    }
  }
  std::ranges::sort(texts.document_words);
  choose_groups(p, tested, texts);
  texts.single_word = single_word(p, texts);
  texts.held_out_words = positions("held_out_words", texts.held_out);
  texts.held_out_others = without(used_positions(texts.held_out, texts.first_used), as_set(texts.held_out_words));
  return texts;
}

std::vector<float> token_roles(const PalinkaTexts& texts) {
  std::vector<float> roles(texts.passage.size(), 0.0f);
  const auto mark = [&](const std::vector<std::size_t>& positions, float role) {
    for (std::size_t t : positions) roles[t] = role;
  };
  mark(texts.fillers, 4);
  mark(texts.other_words, 3);
  mark(texts.words, 1);
  mark(texts.test_words, 2);
  return roles;
}

}  // namespace soi
