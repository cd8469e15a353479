#include <exception>
#include <iostream>
#include <new>
#include <variant>

#include "core/tensor/error.h"
#include "tools/cli/arguments.h"

namespace {

constexpr int kErrorStatus = 1;

int fail(const std::string& message, const std::string& hint) {
  std::cout.flush();
  std::cerr << "soi: error: " << message << '\n';
  if (!hint.empty()) std::cerr << "soi: " << hint << '\n';
  return kErrorStatus;
}

int run(const soi::cli::Command& command) {
  const int status = std::visit([](const auto& arguments) { return soi::cli::run(arguments); }, command);
  if (!std::cout.flush()) {
    throw soi::Error(soi::ErrorCode::io_error, "The result could not be written.",
                     "Is the disk full, or the pipe closed?");
  }
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto parsed = soi::cli::parse_arguments(argc, argv);
    if (const auto* exit = std::get_if<soi::cli::ExitStatus>(&parsed)) return exit->status;
    return run(std::get<soi::cli::Command>(parsed));
  } catch (const soi::Error& error) {
    return fail(error.what(), error.hint);
  } catch (const std::bad_alloc&) {
    return fail("Out of memory.",
                "Choose a smaller model or number format (f16, int8), a shorter text, or fewer hooks.");
  } catch (const std::exception& error) {
    return fail(error.what(), "This is a defect of Soi.");
  }
}
