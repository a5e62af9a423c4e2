#include "sources/logs/intake.h"

#include <utility>

#include <fmt/format.h>

#include "sources/logs/shown.h"

namespace recoup::sources {

core::Error in_file(core::Error error, const std::string& path) {
  if (error.where.empty()) error.where = path;
  return error;
}

void Intake::refuse(std::uint64_t line) {
  if (!state_) return;
  state_ =
      core::Error{fmt::format("expected counts that add up to at most {}, got more with this line",
                              kMostRequests),
                  fmt::format("{}:{}", path_, line), "nothing of the file was kept: correct it"};
}

void Intake::note_unread() {
  const std::uint64_t lines = std::exchange(content_.nearby.unread, 0);
  if (!content_.nearby.counts) return;
  content_.counts.add(*content_.nearby.minute, outcomes().id(core::Unread{}), lines);
}

void Intake::malformed(std::uint64_t line, std::string_view expected, std::string_view text,
                       bool open) {
  ++content_.malformed;
  if (!open) {
    ++content_.nearby.unread;
    if (content_.nearby.minute) note_unread();
  }
  if (content_.examples.size() == kMostExamples) return;
  content_.examples.push_back({line, expected, shown(text, kLongestExample)});
}

bool Intake::ask_worth(core::OutcomeTable::Id outcome) {
  for (auto id = static_cast<core::OutcomeTable::Id>(is_worth_.size()); id <= outcome; ++id) {
    const core::Outcome& one = outcomes()[id];
    is_worth_.push_back(record::is_failure(one) || (worth_ && worth_(one)));
  }
  return is_worth_[outcome];
}

}  // namespace recoup::sources
