#pragma once

#include <string_view>
#include <vector>

#include "core/experiments/result.h"

namespace soi {

/// Fills the ledger of a result from the lesson's claims.json. A claim there:
///   {"id": "SAE1-20", "kind": "measured", "document": "≥ 0,95", "figure": "best_r.sine", "control": "untrained",
///    "stated": 0.95, "rule": {"at_least": 0.95}, "why": {"agrees": "...", "differs": "...", "chance": "..."}}
/// kind: parameter | measured | larger_model | interpretation | definition. `why` may hold {measured}, {chance},
/// {document} and {NAME} of any figure, with {NAME:percent} or {NAME:3} (digits); numbers are written the Vietnamese
/// way. rule, one of: {"at_least": x} {"at_most": x} {"between": [a, b]} {"near": x, "within": d} {"greater_than":
/// "figure"} {"less_than": "figure"} {"is": true} {"at_least": x, "but_at_most": y}, where chance need only reach x.
/// `stated`, the document's number, is for the page's plots alone.
///
/// With a control, a rule that holds is still `chance` where chance does as much: where the rule holds for more than
/// 5 % of the control's values too (NaNs left out), or for its single value. Not so where a rule asks for much or for
/// little (at_least, greater_than; at_most, less_than) and chance rarely goes as far as was measured, though it often
/// meets the rule: permutation_p <= 0.05, which takes 19 values. With no value of chance it is `untestable`.
///
/// "interval": true, of a rule with "between": the figures NAME.low and NAME.high bound what the figure may be, and the
/// verdict is `agrees` where both lie inside, `differs` where all between them lies outside, else `untestable`; a
/// control is then shown and has no say. "needs": "figure": where that is 0, as on a model of another size than the
/// document's, the verdict is `untestable`; measured and chance stay. Throws Error{internal} where claims.json is not
/// well formed or names a figure that the result lacks.
std::vector<ClaimResult> judge_claims(std::string_view claims_json, const ExperimentResult& result);

}  // namespace soi
