#include "sources/logs/trail_share.h"

#include <algorithm>

#include <fmt/format.h>

#include "sources/logs/failures.h"
#include "sources/logs/line_prints.h"
#include "sources/logs/shown.h"

namespace recoup::sources {
namespace {

std::uint64_t trail_id(std::string_view event_id) { return text_hash(event_id) >> 1; }

// "1234abcd-…" names the key of "arn:aws:kms:us-east-1:111122223333:key/1234abcd-…".
bool names_key(std::string_view key, std::string_view wanted) {
  const auto ends_with_id = [](std::string_view arn, std::string_view id) {
    return !id.empty() && arn.size() > id.size() && arn.ends_with(id) &&
           arn[arn.size() - id.size() - 1] == '/';
  };
  return key == wanted || ends_with_id(key, wanted) || ends_with_id(wanted, key);
}

}  // namespace

void ShareTally::add(const TrailRecord& record, std::uint64_t number) {
  const bool corrects = record.addendum == "UPDATED_DATA" && !record.corrects.empty();
  const std::uint64_t id = trail_id(corrects ? record.corrects : record.event_id);
  const core::Outcome outcome = outcome_of(record);
  const auto place = outcomes_.id(outcome);
  share_.events.events.push_back({record.at, id, place, corrects});
  ++share_.requests;
  const auto& answered = std::get<core::Answered>(outcome);
  share_.indirect += answered.indirect ? 1 : 0;
  share_.key_store += answered.key_store ? 1 : 0;
  const core::Interval second{record.at, record.at + std::chrono::seconds(1)};
  share_.span = share_.span.empty() ? second
                                    : core::Interval{std::min(share_.span.begin, second.begin),
                                                     std::max(share_.span.end, second.end)};
  if (is_worth(place)) keep(record, number, id, outcome);
}

TrailShare ShareTally::take() {
  share_.events.outcomes = outcomes_.all();
  return std::move(share_);
}

core::Outcome ShareTally::outcome_of(const TrailRecord& record) const {
  core::Answered answer{200};
  if (!record.error_code.empty()) {
    answer.error_name = core::clean_error_name(record.error_code);
    if (answer.error_name.empty()) answer.error_name = "unnamed";
    answer.status = wish_.status_of ? wish_.status_of(record.error_code) : 0;
  }
  answer.indirect = record.is_indirect();
  answer.key_store = is_on_key_store(record);
  return answer;
}

bool ShareTally::is_on_key_store(const TrailRecord& record) const {
  const auto last = record.keys.begin() + static_cast<std::ptrdiff_t>(record.key_count);
  return std::any_of(record.keys.begin(), last, [&](std::string_view key) {
    return std::any_of(wish_.key_stores.begin(), wish_.key_stores.end(),
                       [&](const std::string& wanted) { return names_key(key, wanted); });
  });
}

bool ShareTally::is_worth(core::OutcomeTable::Id outcome) {
  for (auto id = static_cast<core::OutcomeTable::Id>(is_worth_.size()); id <= outcome; ++id) {
    const core::Outcome& one = outcomes_[id];
    is_worth_.push_back(record::is_failure(one) || (wish_.worth && wish_.worth(one)));
  }
  return is_worth_[outcome];
}

void ShareTally::keep(const TrailRecord& record, std::uint64_t number, std::uint64_t id,
                      const core::Outcome& outcome) {
  if (kept_ >= Failures::kMostBytes) {
    ++share_.evidence_dropped;
    return;
  }
  record::Evidence evidence;
  evidence.at = record.at;
  evidence.tie = id;
  evidence.outcome = outcome;
  evidence.request_id = printable(record.request_id, kLongestTrailText);
  evidence.detail =
      fmt::format("{}, eventID {}, record {} of {}", shown(record.event_name, kLongestTrailText),
                  printable(record.event_id, kLongestTrailText), number, file_);
  kept_ += sizeof(evidence) + evidence.detail.size() + evidence.request_id.size();
  share_.events.evidence.push_back(std::move(evidence));
}

}  // namespace recoup::sources
