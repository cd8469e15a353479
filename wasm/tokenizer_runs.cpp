#include "wasm/tokenizer_runs.h"

#include "core/tokenizer/tokenizer.h"

namespace soi::wasm {

void TokenizeRun::advance() {
  const std::string& text = request_.text.values;
  const auto tokens = tokenizer::encode(text, request_.special ? SpecialTokens::as_token : SpecialTokens::as_text);
  for (const Token& token : tokens) {
    result_.ids.values.push_back(token.id);
    result_.ends.values.push_back(static_cast<std::int32_t>(token.end));
  }
  for (std::size_t first : tokenizer::character_groups(text, tokens)) {
    result_.groups.values.push_back(static_cast<std::int32_t>(first));
  }
  done_ = true;
}

void VocabularyRun::advance() {
  for (std::int32_t id = 0; id < tokenizer::n_vocab; ++id) {
    result_.bytes.values += tokenizer::token_bytes(id);
    result_.ends.values.push_back(static_cast<std::int32_t>(result_.bytes.values.size()));
  }
}

}  // namespace soi::wasm
