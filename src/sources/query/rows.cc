#include "sources/query/rows.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "core/tally.h"
#include "record/redact.h"

namespace recoup::sources {
namespace {

constexpr std::size_t kMostExamples = 5;
constexpr std::size_t kMostShown = 80;
constexpr std::size_t kMostWords = 300;
constexpr std::size_t kLongestId = 128;
constexpr std::string_view kByName = "error/";
constexpr std::int64_t kMostSeconds = 253'402'300'799;  // 9999

template <typename Number>
std::optional<Number> whole(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Seconds with up to nine digits behind the point, as whole milliseconds.
std::optional<std::int64_t> milliseconds(std::string_view text) {
  const std::size_t point = std::min(text.find('.'), text.size());
  const auto seconds = whole<std::int64_t>(text.substr(0, point));
  if (!seconds || *seconds < 0 || *seconds > kMostSeconds) return std::nullopt;
  std::string_view fraction = point < text.size() ? text.substr(point + 1) : "0";
  if (fraction.empty() ||
      !std::all_of(fraction.begin(), fraction.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return std::nullopt;
  }
  std::int64_t thousandths = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    thousandths = thousandths * 10 + (i < fraction.size() ? fraction[i] - '0' : 0);
  }
  return *seconds * 1000 + thousandths;
}

// 62 bits that tell apart what came in one millisecond.
std::uint64_t tie_of(std::string_view outcome, std::string_view id) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const std::string_view part : {outcome, std::string_view("\n"), id}) {
    for (const char c : part) {
      hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    }
  }
  return hash >> 2;
}

std::string brief(std::string_view text, std::size_t most) {
  std::string line(text.substr(0, most));
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c >= 0 && c < ' '; }, ' ');
  line = record::without_secrets(record::visible(line));
  return text.size() > most ? line + "…" : line;
}

}  // namespace

core::Result<core::Outcome> outcome_of_row(std::string_view text, const StatusOf& status_of) {
  // CloudTrail has names where others have statuses, and marks behind them.
  if (text.starts_with(kByName)) {
    std::string_view name = text.substr(kByName.size());
    const std::size_t mark = std::min(name.find('!'), name.size());
    const std::string clean = core::clean_error_name(name.substr(0, mark));
    const int status = status_of ? status_of(clean) : 0;
    return core::parse_outcome((status == 0 ? "unclassified/" : fmt::format("{}/", status)) +
                               clean + std::string(name.substr(mark)));
  }
  const std::size_t slash = text.find('/');
  std::string plain(text);
  if (slash != std::string_view::npos && !text.starts_with("missed/")) {
    const std::size_t mark = std::min(text.find('!', slash), text.size());
    const std::string clean = core::clean_error_name(text.substr(slash + 1, mark - slash - 1));
    plain = std::string(text.substr(0, clean.empty() ? slash : slash + 1)) + clean +
            std::string(text.substr(mark));
  }
  auto outcome = core::parse_outcome(plain);
  if (outcome && std::holds_alternative<core::Missed>(*outcome)) {
    return core::Error{"expected what a request came to, got one of our own that was not sent"};
  }
  return outcome;
}

void CountRows::malformed(std::string expected, std::string_view got) {
  ++counts_.malformed;
  if (counts_.examples.size() < kMostExamples) {
    counts_.examples.push_back({std::move(expected), brief(got, kMostShown)});
  }
}

void CountRows::add(std::string_view minute, std::string_view outcome, std::string_view count) {
  auto seconds = whole<std::int64_t>(minute);
  if (seconds && (*seconds < 0 || *seconds > kMostSeconds)) seconds = std::nullopt;
  const auto number = whole<std::uint64_t>(count);
  const core::Instant at(std::chrono::seconds(seconds.value_or(0)));
  if (seconds && *seconds % 60 == 0 && at >= span_.begin && at < span_.end && number &&
      *number <= core::kMostCounted) {
    return add(core::minute_of(at), outcome, *number);
  }
  ++counts_.rows;
  const auto got = fmt::format("{}, {}, {}", minute, outcome, count);
  if (!seconds || *seconds % 60 != 0) return malformed("the begin of a minute", got);
  if (at < span_.begin || at >= span_.end) {
    return malformed(fmt::format("a minute from {} to {}, by {{from}} and {{to}}",
                                 core::to_text(span_.begin), core::to_text(span_.end)),
                     got);
  }
  malformed("a whole number of Requests", got);
}

void CountRows::add(core::Minute minute, std::string_view outcome, std::uint64_t count) {
  ++counts_.rows;
  const auto read = outcome_of_row(outcome, status_of_);
  if (!read) malformed("an outcome like 200, 503/SlowDown or timeout", outcome);
  if (count == 0) return;
  const core::Outcome known = read ? *read : core::Outcome(core::Unread{});
  std::uint64_t& sum = counts_.minutes[minute][known];
  sum = sum > core::kMostCounted - count ? core::kMostCounted : sum + count;
  if (read && (record::is_failure(known) || (worth_ && worth_(known)))) {
    counts_.worth_names.emplace(outcome);
    counts_.worth_minutes.insert(minute);
  }
}

core::Result<record::Evidence> evidence_of_row(std::string_view time, std::string_view outcome,
                                               std::string_view request_id,
                                               const StatusOf& status_of) {
  const auto at = milliseconds(time);
  if (!at) return core::Error{fmt::format("expected a time, got '{}'", brief(time, kMostShown))};
  auto known = outcome_of_row(outcome, status_of);
  if (!known) return known.error();
  record::Evidence evidence;
  evidence.at = core::Instant(core::Millis(*at));
  evidence.tie = tie_of(outcome, request_id);
  evidence.outcome = *std::move(known);
  if (request_id != "-" && request_id != "\\N") evidence.request_id = brief(request_id, kLongestId);
  return evidence;
}

std::string engine_words(std::string_view text, std::string_view password) {
  std::string words(text);
  for (std::size_t at = 0;
       !password.empty() && (at = words.find(password, at)) != std::string::npos;) {
    words.replace(at, password.size(), record::kRedacted);
    at += record::kRedacted.size();
  }
  while (!words.empty() && (words.back() == '\n' || words.back() == ' ')) words.pop_back();
  return brief(words, kMostWords);
}

}  // namespace recoup::sources
