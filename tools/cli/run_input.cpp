#include "tools/cli/run_input.h"

#include <iomanip>
#include <iostream>
#include <utility>

#include "core/tokenizer/tokenizer.h"
#include "core/weights/weight_source.h"
#include "tools/cli/text_file.h"
#include "tools/cli/token_text.h"

namespace soi::cli {
namespace {

const char* format_name(NumberFormat format) {
  return format == NumberFormat::f32 ? "f32" : format == NumberFormat::f16 ? "f16" : "int8";
}

std::vector<std::int32_t> read_ids(const RunArguments& arguments) {
  if (arguments.ids) return *arguments.ids;
  const auto special = arguments.text.special ? SpecialTokens::as_token : SpecialTokens::as_text;
  std::vector<std::int32_t> ids;
  for (const Token& token : tokenizer::encode(read_text(arguments.text), special)) ids.push_back(token.id);
  return ids;
}

}  // namespace

std::unique_ptr<Gpt2> open_model(const ModelArguments& arguments, const CheckpointPath& path) {
  std::unique_ptr<ByteSource> file = open_file(path.weights);
  const LoadOptions options{.format = arguments.format, .config_json = path.config_json, .progress = {}};
  std::unique_ptr<WeightSource> weights =
      arguments.stream ? open_streamed(std::move(file), options) : load_resident(*file, options);
  return std::make_unique<Gpt2>(std::move(weights), std::make_shared<ThreadPool>(arguments.n_threads));
}

RunInput open_run(const RunArguments& arguments) {
  std::vector<std::int32_t> ids = read_ids(arguments);  // before the model, whose loading may take long
  const CheckpointPath path = find_checkpoint(arguments.model.model);
  return {.weights_path = path.weights, .model = open_model(arguments.model, path), .ids = std::move(ids)};
}

void RunInput::print_header() const {
  const Config& config = model->config();
  std::cout << "model   " << weights_path << "\n        " << config.n_layers << " blocks, width " << config.d_model
            << ", " << config.n_heads << " heads, context " << config.n_ctx << "; "
            << format_name(model->weights().format()) << ", " << std::fixed << std::setprecision(1)
            << static_cast<double>(model->weights().memory_bytes()) / 1e6 << " MB in memory\ntokens  " << ids.size()
            << '\n';
}

Json RunInput::json_header() const {
  return {{"model",
           {{"path", weights_path},
            {"format", format_name(model->weights().format())},
            {"memory_bytes", model->weights().memory_bytes()},
            {"config", to_json(model->config())}}},
          {"tokens", tokens_json(ids, model->config())}};
}

Lane RunInput::lane() const {
  Lane lane;
  lane.tokens = ids;
  return lane;
}

}  // namespace soi::cli
