#include <algorithm>

#include "core/kernels/gelu.h"
#include "core/model/forward_state.h"

namespace soi {

void ForwardRun::State::plan_mlp(std::size_t layer, const LaneGroup& group) {
  const MatrixView normalized = middle_rows(workspace.normalized.matrix(), 0, group.n_rows);
  const MatrixView mlp = middle_rows(workspace.mlp.matrix(), 0, group.n_rows);
  const MatrixView mlp_out = middle_rows(workspace.branch.matrix(), 0, group.n_rows);
  const double pass_cost = static_cast<double>(group.n_rows * config.d_model);
  constexpr double kGeluCost = 20.0;

  add({HookPoint::resid_mid, layer}, pass_cost,
      [=, this] { touch({HookPoint::resid_mid, layer}, group, residual_rows(group)); });
  add({HookPoint::ln2_scale, layer}, pass_cost,
      [=, this] { normalize({HookPoint::ln2_scale, layer}, {HookPoint::ln2_normalized, layer}, block->ln2, group); });
  add_linear({HookPoint::mlp_pre, layer}, &BlockWeights::mlp_in, normalized, mlp);
  add({HookPoint::mlp_pre, layer}, pass_cost, [=, this] { touch({HookPoint::mlp_pre, layer}, group, mlp); });
  add({HookPoint::mlp_post, layer}, kGeluCost * static_cast<double>(group.n_rows * config.d_mlp), [=, this] {
    pool.parallel_for(group.n_rows, [&](std::size_t row) { gelu(mlp[row]); });
    touch({HookPoint::mlp_post, layer}, group, mlp);
  });
  add_linear({HookPoint::mlp_out, layer}, &BlockWeights::mlp_out, mlp, mlp_out);
  add({HookPoint::mlp_out, layer}, pass_cost, [=, this] {
    touch({HookPoint::mlp_out, layer}, group, mlp_out);
    add_branch(group);
  });
  add({HookPoint::resid_post, layer}, pass_cost,
      [=, this] { touch({HookPoint::resid_post, layer}, group, residual_rows(group)); });
}

}  // namespace soi
