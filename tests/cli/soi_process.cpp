#include "tests/cli/soi_process.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "tests/golden/golden.h"

namespace soi {
namespace {

/// For the shell: any bytes but NUL.
std::string quote(const std::string& argument) {
  std::string quoted = "'";
  for (char each : argument) {
    if (each == '\'') quoted += "'\\'";
    quoted += each;
  }
  quoted += "'";
  return quoted;
}

}  // namespace

Outcome run_soi(const std::vector<std::string>& arguments, const std::string& input) {
  const TemporaryFolder folder;
  std::string command = quote(SOI_PROGRAM);
  for (const std::string& argument : arguments) command.append(" ").append(quote(argument));
  command.append(" <").append(quote(folder.write("in", input)));
  command.append(" >").append(quote(folder.path("out"))).append(" 2>").append(quote(folder.path("err")));
  const int status = std::system(command.c_str());
  return {.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
          .out = read_text(folder.path("out")),
          .err = read_text(folder.path("err"))};
}

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "soi_cli_XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() { std::filesystem::remove_all(path_); }

std::string TemporaryFolder::write(std::string_view name, std::string_view bytes) const {
  std::ofstream(path_ / name, std::ios::binary) << bytes;
  return path(name);
}

}  // namespace soi
