#include "sources/logs/formats/lines.h"

#include <algorithm>

#include "sources/logs/likely_format.h"

namespace recoup::sources {
namespace {

constexpr std::size_t kKeptOfLongLine = 1 << 12;
constexpr std::size_t kMostFirst = 8;
constexpr std::size_t kLongestFirst = 4096;

constexpr std::string_view kTooLong = "expected a line of at most 1 MiB";

}  // namespace

bool is_blank(std::string_view line) { return std::all_of(line.begin(), line.end(), is_space); }

core::Result<void> LineReader::take(std::string_view bytes, Intake& intake) {
  const bool is_quick = lay_out(bytes);
  has_return_ = has_return_ || is_quick || bytes.find('\r') != std::string_view::npos;
  while (!bytes.empty()) {
    // How the first line of all begins is looked at below.
    if (is_quick && held_size_ == 0 && intake.content().lines > 0) {
      bytes.remove_prefix(take_quickly(bytes, intake));
    }
    const std::size_t end = bytes.find('\n');
    if (end == std::string_view::npos) {
      hold(bytes);
      break;
    }
    const std::string_view text = bytes.substr(0, end);
    bytes.remove_prefix(end + 1);
    intake.reach(bytes.data());
    if (held_size_ > 0) hold(text);
    if (held_size_ > 0) {
      give_held(false, intake);
    } else {
      give(text, false, intake);
    }
  }
  return intake.state();
}

bool LineReader::lay_out(std::string_view) { return false; }
std::size_t LineReader::take_quickly(std::string_view, Intake&) { return 0; }

core::Result<void> LineReader::finish(Intake& intake) {
  if (held_size_ > 0) give_held(true, intake);
  end(intake);
  if (intake.content().records.prints().empty()) intake.looks_like(likely_format(first_));
  return intake.state();
}

void LineReader::hold(std::string_view part) {
  const std::size_t room = kLongestLine + 1 - std::min(held_.size(), kLongestLine + 1);
  held_.append(part.substr(0, room));
  held_size_ += part.size();
}

void LineReader::give_held(bool open, Intake& intake) {
  give(held_, open, intake);
  held_.clear();
  held_size_ = 0;
}

void LineReader::give(std::string_view text, bool open, Intake& intake) {
  const bool too_long = text.size() > kLongestLine;
  if (too_long) text = text.substr(0, kKeptOfLongLine);
  while (!text.empty() && text.back() == '\r') text.remove_suffix(1);
  const std::uint64_t number = intake.next_line();
  if (number == 1 && text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  const bool may_be_blank = text.empty() || is_space(text.front());
  if (may_be_blank && !too_long && is_blank(text)) {
    intake.empty();
    return;
  }
  if (too_long) {
    add_malformed({text, number, open}, kTooLong, intake);
  } else if (has_return_ && text.find('\r') != std::string_view::npos) {
    add_malformed({text, number, open}, kLoneReturn, intake);
  } else if (!line({text, number, open}, intake)) {
    add_malformed({text, number, open}, expected_of(text), intake);
  }
}

void LineReader::add_malformed(const Line& line, std::string_view expected, Intake& intake) {
  if (first_.size() < kMostFirst) first_.emplace_back(line.text.substr(0, kLongestFirst));
  intake.malformed(line.number, expected, example_of(line.text), line.open);
}

}  // namespace recoup::sources
