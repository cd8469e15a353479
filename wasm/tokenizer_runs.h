#pragma once

#include "wasm/protocol.h"

namespace soi::wasm {

/// Text to tokens, in one step (some ms for a long page).
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

/// The bytes of every token of GPT-2's vocabulary, in one step.
class VocabularyRun {
 public:
  bool done() const { return !result_.ends.values.empty(); }
  double fraction() const { return done() ? 1.0 : 0.0; }
  void advance();
  Vocabulary take_result() { return std::move(result_); }

 private:
  Vocabulary result_;
};

}  // namespace soi::wasm
