#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include "core/model/gpt2.h"
#include "core/model/sampling.h"
#include "core/tokenizer/tokenizer.h"
#include "tools/cli/command.h"
#include "tools/cli/json_output.h"
#include "tools/cli/run_input.h"
#include "tools/cli/token_text.h"

namespace soi::cli {
namespace {

/// The token as text, or its id where GPT-2's tokenizer has no such token.
void print_token(std::int32_t id, const Config& config) {
  if (has_text(id, config)) {
    std::cout << tokenizer::token_bytes(id) << std::flush;
  } else {
    std::cout << id << ' ' << std::flush;
  }
}

}  // namespace

int run(const GenerateCommand& command) {
  const RunInput input = open_run(command.run);
  const Config& config = input.model->config();
  const auto show = [&](std::int32_t id) {
    if (!command.run.json) print_token(id, config);
  };
  KeyValueCache cache(config);
  Lane lane = input.lane();
  lane.logits = LogitPositions::last();
  lane.cache = &cache;
  std::vector<std::int32_t> generated;
  while (generated.size() < command.n_tokens && cache.length() < config.n_ctx) {
    const Tensor logits = input.model->run(lane).logits;
    generated.push_back(sample_token(logits.matrix()[0], command.sampling, generated.size()));
    if (generated.size() == 1) {  // the text is shown once it is known that the model takes it
      for (std::int32_t id : input.ids) show(id);
    }
    show(generated.back());
    lane.tokens = {generated.back()};
  }
  const bool context_full = generated.size() < command.n_tokens;
  if (!command.run.json) {
    std::cout << '\n';
    if (context_full) std::cerr << "soi: stopped after " << generated.size() << " tokens: the context is full\n";
    return 0;
  }
  Json json = input.json_header();
  json["generated"] = tokens_json(generated, config);
  const bool is_text = std::ranges::all_of(generated, [&](std::int32_t id) { return has_text(id, config); });
  json["text"] = is_text ? Json(valid_utf8(tokenizer::decode(generated))) : Json();
  json["stopped"] = context_full ? "context_full" : "length";
  print_json(json);
  return 0;
}

}  // namespace soi::cli
