#pragma once

#include "wasm/protocol.h"

namespace soi::wasm {

/// Text to tokens, in one step (GPT-2's tokenizer takes some ms for a long page of text).
class TokenizeRun {
 public:
  explicit TokenizeRun(TokenizeRequest request) : request_(std::move(request)) {}

  bool done() const { return done_; }
  double fraction() const { return done_ ? 1.0 : 0.0; }
  void advance();
  TokenColumns take_result() { return std::move(result_); }

 private:
  TokenizeRequest request_;
  TokenColumns result_;
  bool done_ = false;
};

/// The bytes of every token of GPT-2's vocabulary.
Vocabulary vocabulary();

}  // namespace soi::wasm
