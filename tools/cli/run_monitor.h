#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace soi::cli {

/// What a long run tells while it goes on: a line on standard error, where that is a terminal; and whether Ctrl-C has
/// been pressed. The first Ctrl-C asks the run to stop, a second one ends the program.
class RunMonitor {
 public:
  explicit RunMonitor(std::string name);
  /// Clears the line, and gives Ctrl-C back.
  ~RunMonitor();
  RunMonitor(const RunMonitor&) = delete;
  RunMonitor& operator=(const RunMonitor&) = delete;

  /// Throws Error{cancelled} after Ctrl-C.
  void progress(double fraction);
  void observe(std::string_view series, double value);

 private:
  using Clock = std::chrono::steady_clock;

  void show(double fraction);

  std::string name_;
  std::string observed_;
  bool is_terminal_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point shown_ = start_;
};

}  // namespace soi::cli
