#include "core/outcome.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "core/time.h"

namespace recoup::core {
namespace {

constexpr std::string_view kUnclassified = "unclassified";
constexpr std::string_view kMissed = "missed/";
constexpr std::string_view kUnread = "unread";
constexpr std::size_t kLongestName = 64;

constexpr std::array<std::pair<NoAnswer, std::string_view>, kNoAnswers.size()> kNoAnswerTexts{
    {{NoAnswer::dns, "dns"},
     {NoAnswer::connect, "connect"},
     {NoAnswer::tls, "tls"},
     {NoAnswer::timeout, "timeout"},
     {NoAnswer::reset, "reset"},
     {NoAnswer::other, "other"},
     {NoAnswer::connect_timeout, "connect-timeout"}}};

constexpr std::array<std::pair<NotSent, std::string_view>, kNotSents.size()> kReasons{
    {{NotSent::late, "late"},
     {NotSent::overrun, "overrun"},
     {NotSent::resources, "resources"},
     {NotSent::stopped, "stopped"},
     {NotSent::suspended, "suspended"},
     {NotSent::clock, "clock"},
     {NotSent::credentials, "credentials"},
     {NotSent::budget, "budget"},
     {NotSent::refused, "refused"}}};

// What may be said of an answer beside its status, in the order in which its text says it.
struct Mark {
  std::string_view text;
  bool Answered::*is_set;
};
constexpr std::array<Mark, 4> kMarks{{{"!unattributed", &Answered::unattributed},
                                      {"!indirect", &Answered::indirect},
                                      {"!key-store", &Answered::key_store},
                                      {"!refused", &Answered::refused}}};

constexpr std::string_view kLaterThan = "!later-than-";

bool name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

std::string answered_text(const Answered& answer) {
  std::string text =
      answer.status == 0 ? std::string(kUnclassified) : fmt::format("{}", answer.status);
  if (!answer.error_name.empty()) text += '/' + answer.error_name;
  for (const Mark& mark : kMarks) {
    if (answer.*mark.is_set) text += mark.text;
  }
  if (answer.later_than > Millis(0)) text += std::string(kLaterThan) + to_text(answer.later_than);
  return text;
}

// Takes a status of three digits, or the word for one that is not known, from the front.
bool take_status(std::string_view& text, int& status) {
  if (text.starts_with(kUnclassified)) {
    text.remove_prefix(kUnclassified.size());
    return text.starts_with('/');
  }
  if (text.size() < 3 || text[0] < '1' || text[0] > '9') return false;
  for (const char c : text.substr(0, 3)) {
    if (c < '0' || c > '9') return false;
    status = status * 10 + (c - '0');
  }
  text.remove_prefix(3);
  return true;
}

Result<Outcome> parse_answered(std::string_view text) {
  const Error wrong{fmt::format(
      "expected an outcome, like 200, 503/SlowDown, timeout or missed/late, got '{}'", text)};
  Answered answer;
  std::string_view rest = text;
  if (const auto late = text.find(kLaterThan); late != std::string_view::npos) {
    const auto time = parse_duration(text.substr(late + kLaterThan.size()));
    if (!time) return wrong;
    answer.later_than = *time;
    rest = text.substr(0, late);
  }
  for (auto mark = kMarks.rbegin(); mark != kMarks.rend(); ++mark) {
    if (!rest.ends_with(mark->text)) continue;
    answer.*mark->is_set = true;
    rest.remove_suffix(mark->text.size());
  }
  if (!take_status(rest, answer.status)) return wrong;
  if (rest.empty()) return Outcome(answer);
  if (rest.front() != '/') return wrong;
  rest.remove_prefix(1);
  if (rest.empty() || clean_error_name(rest) != rest) return wrong;
  answer.error_name = rest;
  return Outcome(answer);
}

}  // namespace

std::string_view to_text(NoAnswer reason) {
  return kNoAnswerTexts[static_cast<std::size_t>(reason)].second;
}

std::string_view to_text(NotSent reason) {
  return kReasons[static_cast<std::size_t>(reason)].second;
}

std::string to_text(const Outcome& outcome) {
  if (const auto* answered = std::get_if<Answered>(&outcome)) return answered_text(*answered);
  if (const auto* failed = std::get_if<Failed>(&outcome))
    return std::string(to_text(failed->reason));
  if (std::holds_alternative<Unread>(outcome)) return std::string(kUnread);
  return std::string(kMissed) + std::string(to_text(std::get<Missed>(outcome).reason));
}

Result<Outcome> parse_outcome(std::string_view text) {
  for (const auto& [reason, name] : kNoAnswerTexts) {
    if (text == name) return Outcome(Failed{reason});
  }
  if (text == kUnread) return Outcome(Unread{});
  if (text.starts_with(kMissed)) {
    for (const auto& [reason, name] : kReasons) {
      if (text.substr(kMissed.size()) == name) return Outcome(Missed{reason});
    }
  }
  return parse_answered(text);
}

std::string clean_error_name(std::string_view raw) {
  if (const auto hash = raw.rfind('#'); hash != std::string_view::npos) raw.remove_prefix(hash + 1);
  raw = raw.substr(0, raw.find(':'));
  std::string name;
  for (const char c : raw) {
    if (name_character(c) && name.size() < kLongestName) name += c;
  }
  return name;
}

}  // namespace recoup::core
