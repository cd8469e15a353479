#include "core/experiments/ascent_decoding.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/analysis/descriptive.h"
#include "core/experiments/random_embeddings.h"
#include "core/experiments/restart_agreement.h"
#include "core/experiments/row_tensor.h"
#include "core/experiments/token_decoding.h"
#include "core/experiments/token_text.h"

namespace soi {
namespace {

constexpr std::size_t kListed = 5;           // nearest tokens that are listed for a position
constexpr std::size_t kReadWindows = 40;     // of natural text, at least, that the model reads for its nats
constexpr std::size_t kSampledTokens = 100;  // of that text, whose nearest other token is looked for
constexpr double kDocumentCosine = 0.17;     // ACT-14, at GPT-2 small's width and vocabulary
constexpr double kUsual = 1.15;              // "usually only": what is still called no more than the document's
constexpr std::size_t kSmallWidth = 768;
constexpr std::size_t kSmallVocabulary = 50257;

using Sequences = std::vector<std::vector<std::int32_t>>;

/// What each group of matrices is read as.
struct Readings {
  std::vector<Decoded> starts, ends, null;
};

Readings read_all(const CosineSearch& search, const AscentMatrices& matrices,
                  const std::function<void(double)>& progress) {
  const auto part = [&](double begin, double end) {
    return [&progress, begin, end](double fraction) { progress(begin + (end - begin) * fraction); };
  };
  return {decode(search, matrices.starts, kListed, part(0, 0.1)),
          decode(search, matrices.ends, kListed, part(0.1, 0.2)), decode(search, matrices.null, kListed, part(0.2, 1))};
}

Sequences best_tokens(const std::vector<Decoded>& readings) {
  Sequences sequences;
  for (const Decoded& reading : readings) sequences.push_back(reading.best_raw());
  return sequences;
}

/// One of the two ways of reading.
struct Reading {
  std::string name;
  std::vector<std::vector<CosineMatch>> Decoded::* matches;
};

std::vector<double> mean_cosines(const std::vector<Decoded>& readings, const Reading& by) {
  std::vector<double> means;
  for (const Decoded& reading : readings) means.push_back(mean_best(reading.*by.matches));
  return means;
}

/// The largest cosine at each position, [n matrices, T].
Tensor largest_cosines(const std::vector<Decoded>& readings, const Reading& by) {
  std::vector<std::vector<double>> rows;
  for (const Decoded& reading : readings) {
    std::vector<double>& row = rows.emplace_back();
    for (const auto& matches : reading.*by.matches) row.push_back(static_cast<double>(matches.front().cosine));
  }
  return row_tensor(rows);
}

std::vector<std::string> best_labels(const std::vector<Decoded>& readings, const Reading& by) {
  std::vector<std::string> labels;
  for (const Decoded& reading : readings) {
    for (const auto& matches : reading.*by.matches) labels.push_back(token_label(matches.front().row));
  }
  return labels;
}

void add_cosines(const Readings& readings, const Reading& by, ExperimentResult& result) {
  result.add("cosine." + by.name, mean(mean_cosines(readings.ends, by)));
  result.add("cosine." + by.name + ".start", mean(mean_cosines(readings.starts, by)));
  result.add_control("unoptimised", "cosine." + by.name, mean_cosines(readings.null, by));
  result.arrays["cosine.start." + by.name] = largest_cosines(readings.starts, by);
  result.arrays["cosine.end." + by.name] = largest_cosines(readings.ends, by);
  result.arrays["cosine.null." + by.name] = largest_cosines(readings.null, by);
  result.labels["tokens.start." + by.name] = best_labels(readings.starts, by);
  result.labels["tokens.end." + by.name] = best_labels(readings.ends, by);
  std::vector<std::vector<double>> listed;
  for (const auto& matches : readings.ends.front().*by.matches) {
    std::vector<double>& row = listed.emplace_back();
    for (const CosineMatch& match : matches) {
      row.push_back(static_cast<double>(match.cosine));
      result.labels["nearest." + by.name].push_back(token_label(match.row));
    }
  }
  result.arrays["nearest." + by.name] = row_tensor(listed);
}

void add_expected_cosines(const Config& config, ExperimentResult& result) {
  const double expected = expected_largest_cosine(config.n_vocab, config.d_model);
  const double document = kDocumentCosine * expected / expected_largest_cosine(kSmallVocabulary, kSmallWidth);
  result.add("cosine.expected", expected);
  result.add("cosine.document_here", document);
  result.add("cosine.document_limit", document * kUsual);
}

/// How close words of natural text are to the next token: what an embedding that means something looks like here.
void add_token_neighbours(const Gpt2& model, const CosineSearch& search, const Sequences& windows,
                          ExperimentResult& result, const std::function<void(double)>& progress) {
  std::vector<std::int32_t> sample;
  for (const auto& window : windows) sample.push_back(window.front());
  std::ranges::sort(sample);
  sample.erase(std::ranges::unique(sample).begin(), sample.end());
  const std::size_t n = std::min(kSampledTokens, sample.size());
  std::vector<Tensor> rows;
  for (std::size_t i = 0; i < n; ++i) rows.push_back(token_embeddings(model, {&sample[i * sample.size() / n], 1}));
  std::vector<double> raw;
  std::vector<double> centred;
  // The first of two is the token itself.
  for (const Decoded& reading : decode(search, rows, 2, progress)) {
    raw.push_back(static_cast<double>(reading.raw.front().back().cosine));
    centred.push_back(static_cast<double>(reading.centred.front().back().cosine));
  }
  result.add("tokens.cosine.raw", median(raw));
  result.add("tokens.cosine.centred", median(centred));
  result.add("tokens.length", mean_row_length(rows));
}

double changed_share(const Sequences& before, const Sequences& after) {
  double changed = 0;
  double n = 0;
  for (std::size_t r = 0; r < after.size(); ++r) {
    for (std::size_t t = 0; t < after[r].size(); ++t, n += 1) changed += before[r][t] != after[r][t] ? 1 : 0;
  }
  return changed / n;
}

/// What the model itself says of the tokens that were read off, as a text.
void add_strangeness(const Gpt2& model, const Readings& readings, const Sequences& windows, ExperimentResult& result,
                     const std::function<void(double)>& progress) {
  Sequences texts = best_tokens(readings.ends);
  for (auto& sequence : best_tokens(readings.null)) texts.push_back(std::move(sequence));
  const std::size_t step = std::max<std::size_t>(1, windows.size() / kReadWindows);
  for (std::size_t i = 0; i < windows.size(); i += step) texts.push_back(windows[i]);
  const std::vector<double> nats = nats_per_token(model, texts, progress);
  const std::span all(nats);
  const std::span of_null = all.subspan(readings.ends.size(), readings.null.size());
  const std::span of_natural = all.subspan(readings.ends.size() + readings.null.size());
  result.add("decoded.nats", mean(all.first(readings.ends.size())), "nats a token");
  result.add_control("unoptimised", "decoded.nats", {of_null.begin(), of_null.end()}, "nats a token");
  result.add("natural.nats", mean(of_natural), "nats a token");
  result.add("natural.nats.high", quantile(of_natural, 0.975), "nats a token");
}

/// Tokens that come again within a run or between runs, beside as many matrices that nobody optimised.
void add_repeats(const Readings& readings, ExperimentResult& result) {
  const Sequences of_ends = best_tokens(readings.ends);
  const Sequences of_null = best_tokens(readings.null);
  std::vector<double> repeated;
  for (std::size_t begin = 0; begin + of_ends.size() <= of_null.size(); begin += of_ends.size()) {
    repeated.push_back(repeated_share(std::span(of_null).subspan(begin, of_ends.size())));
  }
  result.add("runs.repeated_share", repeated_share(of_ends), "share");
  result.add_control("unoptimised", "runs.repeated_share", repeated, "share");
}

}  // namespace

void describe_decoding(const Gpt2& model, const CosineSearch& search, const AscentMatrices& matrices,
                       const Sequences& windows, ExperimentResult& result,
                       const std::function<void(double)>& progress) {
  const auto part = [&](double begin, double end) {
    return [&progress, begin, end](double fraction) { progress(begin + (end - begin) * fraction); };
  };
  const Readings readings = read_all(search, matrices, part(0, 0.6));
  add_cosines(readings, {"raw", &Decoded::raw}, result);
  add_cosines(readings, {"centred", &Decoded::centred}, result);
  add_expected_cosines(model.config(), result);
  add_token_neighbours(model, search, windows, result, part(0.6, 0.8));
  result.add("tokens.changed_share", changed_share(best_tokens(readings.starts), best_tokens(readings.ends)), "share");
  add_repeats(readings, result);
  add_strangeness(model, readings, windows, result, part(0.8, 1));
}

}  // namespace soi
