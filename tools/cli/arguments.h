#pragma once

#include <variant>

#include "tools/cli/command.h"

namespace soi::cli {

using Command = std::variant<TokensCommand, InspectCommand, ForwardCommand, CaptureCommand, GradientCommand,
                             GenerateCommand, LessonCommand>;

struct ExitStatus {
  int status = 0;
};

/// The command that the arguments name; or, where they ask for help or are wrong, what to exit with, after writing help
/// to standard output or what is wrong to standard error.
std::variant<Command, ExitStatus> parse_arguments(int argc, const char* const* argv);

}  // namespace soi::cli
