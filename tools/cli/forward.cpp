#include <iomanip>
#include <iostream>
#include <string>

#include "core/model/distribution.h"
#include "core/model/finite_rows.h"
#include "core/tokenizer/tokenizer.h"
#include "tools/cli/command.h"
#include "tools/cli/json_output.h"
#include "tools/cli/run_input.h"
#include "tools/cli/token_text.h"

namespace soi::cli {
namespace {

Json next_tokens_json(const Distribution& distribution, const Config& config) {
  Json next = Json::array();
  for (std::int32_t id : distribution.best()) {
    Json token = token_json(id, config);
    token["logit"] = shortest(distribution.logit(id));
    token["probability"] = shortest(distribution.probability(id));
    next.push_back(std::move(token));
  }
  return next;
}

void print_table(const Distribution& distribution, const Config& config) {
  std::cout << "  rank      id     logit  probability  text\n" << std::fixed;
  for (std::size_t i = 0; i < distribution.best().size(); ++i) {
    const std::int32_t id = distribution.best()[i];
    std::cout << std::setw(6) << i + 1 << std::setw(8) << id << std::setw(10) << std::setprecision(4)
              << distribution.logit(id) << std::setw(13) << std::setprecision(6) << distribution.probability(id) << "  "
              << (has_text(id, config) ? quoted(tokenizer::token_bytes(id)) : "") << '\n';
  }
}

}  // namespace

int run(const ForwardCommand& command) {
  const RunInput input = open_run(command.run);
  const Config& config = input.model->config();
  Lane lane = input.lane();
  lane.logits = command.run.json ? LogitPositions::all() : LogitPositions::last();
  const Tensor logits = input.model->run(lane).logits;
  require_finite_rows(logits.matrix());
  Distribution distribution;
  if (!command.run.json) {
    distribution.read(logits.matrix()[0], command.n_top);
    input.print_header();
    std::cout << "next    after position " << input.ids.size() - 1 << ":\n";
    print_table(distribution, config);
    return 0;
  }
  Json json = input.json_header();
  Json& positions = json["positions"] = Json::array();
  for (std::size_t position = 0; position < logits.dim(0); ++position) {
    distribution.read(logits.matrix()[position], command.n_top);
    positions.push_back({{"position", position}, {"next", next_tokens_json(distribution, config)}});
  }
  print_json(json);
  return 0;
}

}  // namespace soi::cli
