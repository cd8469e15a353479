#include <iomanip>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "core/tensor/error.h"
#include "core/tokenizer/tokenizer.h"
#include "tools/cli/command.h"
#include "tools/cli/json_output.h"
#include "tools/cli/text_file.h"
#include "tools/cli/token_text.h"

namespace soi::cli {
namespace {

SpecialTokens special_tokens(const TokensCommand& command) {
  return command.text.special ? SpecialTokens::as_token : SpecialTokens::as_text;
}

std::string parse_line(std::string_view line, std::size_t number) {
  const nlohmann::json parsed = nlohmann::json::parse(line, nullptr, false);
  if (!parsed.is_string()) {
    throw Error(ErrorCode::invalid_argument, "Line " + std::to_string(number) + " is not a JSON string.",
                "Write each text in quotes on a line of its own, with \\n for a line break.",
                {{"name", "--lines"}, {"value", "line " + std::to_string(number)}, {"range", "a JSON string"}});
  }
  return parsed.get<std::string>();
}

void print_lines(std::string_view file, SpecialTokens special) {
  std::size_t number = 0;
  while (!file.empty()) {
    const std::size_t length = std::min(file.find('\n'), file.size());
    Json ids = Json::array();
    for (const Token& token : tokenizer::encode(parse_line(file.substr(0, length), ++number), special)) {
      ids.push_back(token.id);
    }
    print_json(ids);
    file.remove_prefix(std::min(length + 1, file.size()));
  }
}

void print_table(std::string_view text, const std::vector<Token>& tokens) {
  std::cout << "  index      id   bytes         text\n";
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    const std::string range = std::to_string(token.begin) + ".." + std::to_string(token.end);
    std::cout << std::setw(7) << i << std::setw(8) << token.id << "   " << std::left << std::setw(14) << range
              << std::right << quoted(text.substr(token.begin, token.end - token.begin)) << '\n';
  }
}

Json to_json(std::string_view text, const std::vector<Token>& tokens) {
  Json list = Json::array();
  for (const Token& token : tokens) {
    const std::string_view bytes = text.substr(token.begin, token.end - token.begin);
    list.push_back({{"id", token.id},
                    {"begin", token.begin},
                    {"end", token.end},
                    {"text", valid_utf8(bytes)},
                    {"bytes", hexadecimal(bytes)}});
  }
  return {{"tokens", std::move(list)}, {"groups", tokenizer::character_groups(text, tokens)}};
}

}  // namespace

int run(const TokensCommand& command) {
  if (command.lines) {
    print_lines(read_file(*command.lines), special_tokens(command));
    return 0;
  }
  const std::string text = read_text(command.text);
  const std::vector<Token> tokens = tokenizer::encode(text, special_tokens(command));
  if (command.json) {
    print_json(to_json(text, tokens));
  } else {
    print_table(text, tokens);
  }
  return 0;
}

}  // namespace soi::cli
