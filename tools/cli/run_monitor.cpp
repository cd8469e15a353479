#include "tools/cli/run_monitor.h"

#include <unistd.h>

#include <cmath>
#include <csignal>
#include <iostream>
#include <utility>

#include "core/tensor/error.h"
#include "tools/cli/text_table.h"

namespace soi::cli {
namespace {

constexpr std::chrono::milliseconds kBetweenLines(100);
constexpr std::string_view kClearLine = "\r\x1b[K";

volatile std::sig_atomic_t interrupted = 0;

extern "C" void on_interrupt(int) {
  interrupted = 1;
  std::signal(SIGINT, SIG_DFL);
}

std::string time_text(double seconds) {
  const auto whole = static_cast<long>(std::lround(seconds));
  if (whole < 100) return std::to_string(whole) + " s";
  return std::to_string((whole + 30) / 60) + " min";
}

}  // namespace

RunMonitor::RunMonitor(std::string name) : name_(std::move(name)), is_terminal_(::isatty(STDERR_FILENO) == 1) {
  interrupted = 0;
  std::signal(SIGINT, on_interrupt);
}

RunMonitor::~RunMonitor() {
  std::signal(SIGINT, SIG_DFL);
  if (is_terminal_) std::cerr << kClearLine << std::flush;
}

void RunMonitor::progress(double fraction) {
  if (interrupted != 0) throw Error(ErrorCode::cancelled, name_ + " was stopped.");
  if (!is_terminal_ || Clock::now() - shown_ < kBetweenLines) return;
  shown_ = Clock::now();
  show(fraction);
}

void RunMonitor::observe(std::string_view series, double value) {
  if (is_terminal_) observed_ = "  " + std::string(series) + " " + number(value);
}

void RunMonitor::show(double fraction) {
  const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
  std::cerr << kClearLine << name_ << "  " << std::lround(100 * fraction) << " %";
  // The first few say little about the rest.
  if (fraction > 0.02 && seconds > 1) std::cerr << "  " << time_text(seconds / fraction - seconds) << " left";
  std::cerr << observed_ << std::flush;
}

}  // namespace soi::cli
