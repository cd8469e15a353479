#include <algorithm>

#include "core/kernels/linear.h"
#include "core/model/forward_state.h"

namespace soi {

void ForwardRun::State::embed(const LaneGroup& group) {
  const EmbeddingWeights& weights = model.weights().embeddings();
  const MatrixView x = residual_rows(group);
  const MatrixView positions = middle_rows(workspace.branch.matrix(), 0, group.n_rows);
  for (std::size_t index = group.first_lane; index < group.first_lane + group.n_lanes; ++index) {
    const Lane& lane = lanes[index];
    const LaneRows& of_lane = rows[index];
    for (std::size_t i = 0; i < of_lane.n_new; ++i) {
      const std::size_t row = of_lane.first_row - group.first_row + i;
      if (lane.input_embeddings != nullptr) {
        std::copy_n(lane.input_embeddings->data() + i * config.d_model, config.d_model, x.row(row));
      } else {
        embedding_row(weights.wte, static_cast<std::size_t>(lane.tokens[i]), x.row(row));
      }
      embedding_row(weights.wpe, of_lane.n_past + i, positions.row(row));
    }
  }
  touch({HookPoint::embed}, group, x);
  touch({HookPoint::pos_embed}, group, positions);
  add_branch(group);
}

}  // namespace soi
