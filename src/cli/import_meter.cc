#include "cli/import_meter.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

#include "cli/terminal.h"
#include "core/text.h"
#include "record/redact.h"

namespace recoup::cli {
namespace {

constexpr core::Millis kShownEvery{200};
constexpr std::size_t kUsualWidth = 80;

struct Unit {
  std::uint64_t bytes;
  const char* name;
};

Unit unit_of(std::uint64_t bytes) {
  if (bytes >= 1'000'000'000) return {1'000'000'000, "GB"};
  if (bytes >= 1'000'000) return {1'000'000, "MB"};
  return {1'000, "kB"};
}

// Cut after one digit.
std::string in_unit(std::uint64_t bytes, const Unit& unit) {
  return fmt::format("{}.{}", bytes / unit.bytes, bytes % unit.bytes * 10 / unit.bytes);
}

std::string time_in_words(std::uint64_t in_seconds) {
  if (in_seconds < 60) return fmt::format("{} s", in_seconds);
  if (in_seconds < 3600) return fmt::format("{} min {} s", in_seconds / 60, in_seconds % 60);
  return fmt::format("{} h {} min", in_seconds / 3600, in_seconds / 60 % 60);
}

std::size_t width_of_terminal() {
  winsize size{};
  const bool is_known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
  return is_known ? size.ws_col - 1U : kUsualWidth;
}

}  // namespace

ImportMeter::ImportMeter(const core::Clock& clock, std::uint64_t all)
    : clock_(clock), all_(all), begin_(clock.mono()), visible_(isatty(STDERR_FILENO) == 1) {}

ImportMeter::~ImportMeter() { clear(); }

void ImportMeter::show(const std::string& what, const Progress& so_far) {
  if (!visible_) return;
  const core::MonoTime now = clock_.mono();
  if (now < next_) return;
  next_ = now + kShownEvery;
  const auto since = std::chrono::duration_cast<core::Millis>(now - begin_);
  const std::string words = progress_words(what, so_far, all_, since);
  // A line that is wrapped could not be rewritten.
  fmt::print(stderr, "\r\033[K{}", cut(record::visible(words), width_of_terminal()));
  std::fflush(stderr);
  is_shown_ = true;
}

void ImportMeter::clear() {
  if (!is_shown_) return;
  fmt::print(stderr, "\r\033[K");
  is_shown_ = false;
}

std::string progress_words(const std::string& what, const ImportMeter::Progress& so_far,
                           std::uint64_t all, core::Millis since_begin) {
  const Unit unit = unit_of(std::max(all, so_far.bytes));
  const auto millis =
      static_cast<std::uint64_t>(std::max<core::Millis::rep>(since_begin.count(), 1));
  const std::uint64_t rate = so_far.bytes * 1000 / millis;  // bytes a second
  std::string text = fmt::format("{}: {}", what, in_unit(so_far.bytes, unit));
  if (all > 0) text += fmt::format(" of {}", in_unit(all, unit));
  text += fmt::format(" {}, {} MB/s, {} records, {} Errors", unit.name,
                      in_unit(rate, {1'000'000, "MB"}), core::grouped(so_far.records),
                      core::grouped(so_far.errors));
  if (all > so_far.bytes && rate > 0) {
    text += fmt::format(", {} left", time_in_words((all - so_far.bytes) / rate));
  }
  return text;
}

}  // namespace recoup::cli
