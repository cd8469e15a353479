#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
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

/// A model and how it is held.
struct ModelArguments {
  std::string model;
  std::optional<NumberFormat> format;
  int n_threads = 0;    // 0: one a logical processor
  bool stream = false;  // read blocks from the file when they are needed
};

/// What a command that runs a model on a text runs, and on what.
struct RunArguments {
  ModelArguments model;
  TextSource text;
  std::optional<std::vector<std::int32_t>> ids;  // in place of the text
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

struct LessonCommand {
  std::string name;
  bool list = false;     // the lessons' parameters (of `name` alone, where there is one) in place of a run
  ModelArguments model;  // its name is empty where none is wanted
  std::string protocol = "corrected";
  std::uint64_t seed = 1;
  std::vector<std::pair<std::string, std::string>> settings;  // a value "@FILE" of a text is not read yet
  std::string arrays;                                         // folder to write to; empty: none
  std::string initial;                                        // folder to read from; empty: none
  bool json = false;
};

/// Each writes its result to standard output and returns the exit status. Throws soi::Error.
int run(const TokensCommand& command);
int run(const InspectCommand& command);
int run(const ForwardCommand& command);
int run(const CaptureCommand& command);
int run(const GradientCommand& command);
int run(const GenerateCommand& command);
int run(const LessonCommand& command);

}  // namespace soi::cli
