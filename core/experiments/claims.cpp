#include "core/experiments/claims.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "core/analysis/descriptive.h"
#include "core/analysis/permutation.h"
#include "core/experiments/number_text.h"
#include "core/tensor/error.h"

namespace soi {
namespace {

using Json = nlohmann::json;

constexpr double kSignificance = 0.05;  // share of chance's values that may meet a rule before it means nothing
constexpr std::size_t kFewestForQuantiles = 20;  // below, a 2.5 % quantile would be the extreme itself

[[noreturn]] void throw_malformed(const std::string& id, const std::string& what) {
  throw Error(ErrorCode::internal, "claims.json, " + id + ": " + what);
}

double figure_value(const ExperimentResult& result, const std::string& name, const std::string& id) {
  const Figure* figure = result.find_figure(name);
  if (figure == nullptr || figure->is_series) throw_malformed(id, "the result has no single figure " + name);
  return figure->values.front();
}

/// Whether the statement of a claim holds for a value.
bool rule_holds(const Json& rule, double value, const ExperimentResult& result, const std::string& id) {
  if (std::isnan(value)) return false;
  if (rule.contains("at_least")) {
    return value >= rule["at_least"].get<double>() &&
           (!rule.contains("but_at_most") || value <= rule["but_at_most"].get<double>());
  }
  if (rule.contains("at_most")) return value <= rule["at_most"].get<double>();
  if (rule.contains("between"))
    return value >= rule["between"].at(0).get<double>() && value <= rule["between"].at(1).get<double>();
  if (rule.contains("near")) return std::abs(value - rule["near"].get<double>()) <= rule.at("within").get<double>();
  if (rule.contains("greater_than")) return value > figure_value(result, rule["greater_than"].get<std::string>(), id);
  if (rule.contains("less_than")) return value < figure_value(result, rule["less_than"].get<std::string>(), id);
  if (rule.contains("is")) return (value != 0) == rule["is"].get<bool>();
  throw_malformed(id, "no known rule");
}

void fill_chance(std::span<const double> values, ClaimResult& claim) {
  if (values.empty()) return;
  claim.chance = mean(values);
  if (values.size() < kFewestForQuantiles) return;
  claim.chance_low = quantile(values, 0.025);
  claim.chance_high = quantile(values, 0.975);
}

/// How often chance goes as far as was measured, the way that the rule asks; NaN where it asks for neither way.
double chance_reaches(const Json& rule, double measured, std::span<const double> values) {
  if (rule.contains("at_least") || rule.contains("greater_than")) return permutation_p(measured, values);
  if (!rule.contains("at_most") && !rule.contains("less_than")) return std::nan("");
  std::vector<double> negated(values.size());
  std::ranges::transform(values, negated.begin(), std::negate<>());
  return permutation_p(-measured, negated);
}

/// Whether chance does too often what the rule asks for it to say anything.
bool is_chance(const Json& rule, double measured, std::span<const double> values, const ExperimentResult& result,
               const std::string& id) {
  Json reached = rule;
  reached.erase("but_at_most");  // chance that goes beyond has done as much
  const auto met = std::ranges::count_if(values, [&](double v) { return rule_holds(reached, v, result, id); });
  if (static_cast<double>(met) <= kSignificance * static_cast<double>(values.size())) return false;
  return !(chance_reaches(rule, measured, values) <= kSignificance);
}

Verdict judge_interval(const Json& rule, const ExperimentResult& result, const std::string& figure,
                       const std::string& id) {
  const double low = figure_value(result, figure + ".low", id);
  const double high = figure_value(result, figure + ".high", id);
  if (rule_holds(rule, low, result, id) && rule_holds(rule, high, result, id)) return Verdict::agrees;
  const bool is_outside = high < rule.at("between").at(0).get<double>() || low > rule.at("between").at(1).get<double>();
  return is_outside ? Verdict::differs : Verdict::untestable;
}

/// Puts the numbers into a sentence: {measured}, {chance}, {document}, {any.figure}, each with an optional :format.
std::string fill_sentence(const std::string& sentence, const ClaimResult& claim, const ExperimentResult& result) {
  std::string text;
  std::size_t position = 0;
  while (true) {
    const std::size_t open = sentence.find('{', position);
    text += sentence.substr(position, open - position);
    if (open == std::string::npos) return text;
    const std::size_t close = sentence.find('}', open);
    if (close == std::string::npos) throw_malformed(claim.id, "a brace is not closed in: " + sentence);
    const std::string field = sentence.substr(open + 1, close - open - 1);
    const std::size_t colon = field.find(':');
    const std::string name = field.substr(0, colon);
    const std::string format = colon == std::string::npos ? "" : field.substr(colon + 1);
    if (name == "document") {
      text += claim.document;
    } else if (name == "measured" || name == "chance") {
      text += vietnamese_number((name == "measured" ? claim.measured : claim.chance).value_or(std::nan("")), format);
    } else {
      text += vietnamese_number(figure_value(result, name, claim.id), format);
    }
    position = close + 1;
  }
}

Verdict judge_measured(const Json& entry, const ExperimentResult& result, ClaimResult& claim) {
  claim.measured = figure_value(result, entry.at("figure").get<std::string>(), claim.id);
  const Control* control = nullptr;
  std::vector<double> chance;
  if (entry.contains("control")) {
    control = result.find_control(entry["control"].get<std::string>(), entry["figure"].get<std::string>());
    if (control == nullptr) throw_malformed(claim.id, "the result has no control " + entry["control"].dump());
    chance = defined(control->values);
    fill_chance(chance, claim);
  }
  const Json& rule = entry.at("rule");
  const bool is_met =
      !entry.contains("needs") || figure_value(result, entry["needs"].get<std::string>(), claim.id) != 0;
  if (!is_met || std::isnan(*claim.measured)) return Verdict::untestable;
  if (entry.value("interval", false)) return judge_interval(rule, result, entry["figure"].get<std::string>(), claim.id);
  if (!rule_holds(rule, *claim.measured, result, claim.id)) return Verdict::differs;
  if (control == nullptr) return Verdict::agrees;
  if (chance.empty()) return Verdict::untestable;
  return is_chance(rule, *claim.measured, chance, result, claim.id) ? Verdict::chance : Verdict::agrees;
}

Verdict judge(const Json& entry, const ExperimentResult& result, ClaimResult& claim) {
  const std::string kind = entry.at("kind").get<std::string>();
  if (kind == "measured") return judge_measured(entry, result, claim);
  if (entry.contains("figure")) claim.measured = figure_value(result, entry["figure"].get<std::string>(), claim.id);
  if (kind == "parameter") return Verdict::parameter;
  if (kind == "larger_model") return Verdict::untestable;
  if (kind == "interpretation" || kind == "definition") return Verdict::interpretation;
  throw_malformed(claim.id, "no such kind: " + kind);
}

/// A sentence for this verdict, or one for all. Any figure may come out as NaN (a channel that is 0 throughout has no
/// correlation), so a claim that has nothing of its own to say then gets what is said of all such.
std::string sentence_of(const Json& why, Verdict verdict) {
  if (why.is_string()) return why.get<std::string>();
  const std::string name(verdict_name(verdict));
  if (verdict == Verdict::untestable && !why.contains(name)) {
    return "Với các tham số này, không tính được con số cần để đối chiếu.";
  }
  return why.at(name).get<std::string>();
}

}  // namespace

std::vector<ClaimResult> judge_claims(std::string_view claims_json, const ExperimentResult& result) {
  std::vector<ClaimResult> claims;
  try {
    for (const Json& entry : Json::parse(claims_json)) {
      ClaimResult claim;
      claim.id = entry.at("id").get<std::string>();
      claim.document = entry.at("document").get<std::string>();
      claim.verdict = judge(entry, result, claim);
      claim.why = fill_sentence(sentence_of(entry.at("why"), claim.verdict), claim, result);
      claims.push_back(std::move(claim));
    }
  } catch (const Json::exception& error) {
    throw_malformed(claims.empty() ? "at its start" : "after " + claims.back().id, error.what());
  }
  return claims;
}

}  // namespace soi
