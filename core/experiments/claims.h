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
/// "figure"}
/// {"less_than": "figure"} {"is": true}. `stated`, the document's number, is for the page's plots alone. With a
/// control, a rule that holds is still `chance` where chance meets it too: where the same rule holds for more than 5 %
/// of the control's values (NaNs left out), or for its single value; with no value of chance it is `untestable`.
/// "needs": "figure": where that is 0, as on a model of another size than the document's, the verdict is `untestable`;
/// measured and chance stay. Throws Error{internal} where claims.json is not well formed or names a figure that the
/// result lacks.
std::vector<ClaimResult> judge_claims(std::string_view claims_json, const ExperimentResult& result);

}  // namespace soi
