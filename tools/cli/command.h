#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/kernels/weight_matrix.h"
#include "core/model/sampling.h"

namespace soi::cli {

/// A text as the user gave it.
struct TextSource {
  std::optional<std::string> text;
  std::string file;      // where there is no text; "-": standard input
  bool special = false;  // "<|endoftext|>" is the special token
};

/// What a command that runs a model runs, and on what.
struct RunArguments {
  std::string model;
  TextSource text;
  std::optional<std::vector<std::int32_t>> ids;  // in place of the text
  std::optional<NumberFormat> format;
  int n_threads = 0;    // 0: one a logical processor
  bool stream = false;  // read blocks from the file when they are needed
  bool json = false;
};

struct TokensCommand {
  TextSource text;
  std::optional<std::string> lines;  // in place of the text
  bool json = false;
};

struct InspectCommand {
  std::string model;
  bool json = false;
};

struct ForwardCommand {
  RunArguments run;
  std::size_t n_top = 10;
};

struct CaptureCommand {
  RunArguments run;
  std::vector<std::string> hooks;
  std::string out;
};

struct GradientCommand {
  RunArguments run;
  std::string hook;
  std::optional<std::size_t> position;  // none: the mean over positions
  std::size_t index = 0;
  std::string out;
};

struct GenerateCommand {
  RunArguments run;
  std::size_t n_tokens = 0;
  SamplingOptions sampling;
};

/// Each writes its result to standard output and returns the exit status. Throws soi::Error.
int run(const TokensCommand& command);
int run(const InspectCommand& command);
int run(const ForwardCommand& command);
int run(const CaptureCommand& command);
int run(const GradientCommand& command);
int run(const GenerateCommand& command);

}  // namespace soi::cli
