#include "incidents/record_reader.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "incidents/one_line.h"

namespace recoup::incidents {
namespace {

using core::Instant;

constexpr const char* kTimeHelp =
    "times are like 2026-10-03T10:00:00Z, Sat, 03 Oct 2026 10:00:00 GMT, or seconds since 1970";

std::string_view kind_text(documents::JsonNode::Kind kind) {
  switch (kind) {
    case documents::JsonNode::Kind::null: return "null";
    case documents::JsonNode::Kind::boolean: return "true or false";
    case documents::JsonNode::Kind::number: return "a number";
    case documents::JsonNode::Kind::text: return "a text";
    case documents::JsonNode::Kind::array: return "an array";
    case documents::JsonNode::Kind::object: return "an object";
  }
  return "";
}

bool are_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// "1589077890.53": seconds since 1970, to the millisecond; until the year 2286.
std::optional<Instant> parse_seconds(std::string_view text) {
  const auto point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view part = point == std::string_view::npos ? "0" : text.substr(point + 1);
  if (!are_digits(whole) || !are_digits(part) || whole.size() > 10) return std::nullopt;
  std::int64_t ms = 0;
  for (const char c : whole) ms = ms * 10 + (c - '0');
  for (std::size_t i = 0; i < 3; ++i) ms = ms * 10 + (i < part.size() ? part[i] - '0' : 0);
  return Instant(core::Millis(ms));
}

// "Thu, 27 Jan 2022 13:19:03 GMT".
std::optional<Instant> parse_http_date(std::string_view text) {
  static constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (text.size() != 29 || text.substr(3, 2) != ", " || text.substr(25) != " GMT") {
    return std::nullopt;
  }
  const auto month = kMonths.find(text.substr(8, 3));
  if (month == std::string_view::npos || month % 3 != 0) return std::nullopt;
  const auto read = core::parse_instant(fmt::format(
      "{}-{:02}-{}T{}Z", text.substr(12, 4), month / 3 + 1, text.substr(5, 2), text.substr(17, 8)));
  return read ? std::optional(*read) : std::nullopt;
}

}  // namespace

std::optional<Instant> parse_provider_time(std::string_view text) {
  if (const auto read = core::parse_instant(text)) return *read;
  if (const auto read = parse_http_date(text)) return read;
  return parse_seconds(text);
}

void keep_earliest(std::optional<Instant>& at, const std::optional<Instant>& other) {
  if (other && (!at || *other < *at)) at = other;
}

void keep_latest(std::optional<Instant>& at, const std::optional<Instant>& other) {
  if (other && (!at || *other > *at)) at = other;
}

std::string RecordReader::text(const documents::JsonNode& object, std::string_view key) {
  std::string found = text_or_empty(object, key);
  if (found.empty() && !complaint_) {
    const documents::JsonNode* there = object.find(key);
    refuse(there == nullptr ? object : *there,
           fmt::format("expected a text at '{}', got none", key));
  }
  return found;
}

std::string RecordReader::text_or_empty(const documents::JsonNode& object, std::string_view key) {
  const documents::JsonNode* node = object.find(key);
  if (node == nullptr) return {};
  if (node->is(documents::JsonNode::Kind::text)) return one_line(node->text);
  refuse(*node, fmt::format("expected a text at '{}', got {}", key, kind_text(node->kind)));
  return {};
}

Instant RecordReader::instant(std::string_view key) {
  const auto found = instant_or_none(key);
  if (!found && !complaint_) {
    refuse(record_, fmt::format("expected a time at '{}', got none", key), kTimeHelp);
  }
  return found.value_or(Instant());
}

std::optional<Instant> RecordReader::instant_or_none(const documents::JsonNode& object,
                                                     std::string_view key) {
  const documents::JsonNode* node = object.find(key);
  // An empty text is a time that there is not.
  if (node == nullptr || (node->is(documents::JsonNode::Kind::text) && node->text.empty())) {
    return std::nullopt;
  }
  const auto found = instant_of(*node);
  if (!found) {
    const bool is_shown =
        node->is(documents::JsonNode::Kind::text) || node->is(documents::JsonNode::Kind::number);
    refuse(*node,
           fmt::format("expected a time at '{}', got {}", key,
                       is_shown ? "'" + one_line(node->text, 60) + "'"
                                : std::string(kind_text(node->kind))),
           kTimeHelp);
  }
  return found;
}

std::optional<Instant> RecordReader::instant_of(const documents::JsonNode& node) {
  // The year 1970 stands for none, in the ledger too.
  constexpr Instant kEarliest = std::chrono::sys_days(std::chrono::year(2000) / 1 / 1);
  if (!node.is(documents::JsonNode::Kind::text) && !node.is(documents::JsonNode::Kind::number))
    return std::nullopt;
  const auto found = parse_provider_time(node.text);
  return found && *found >= kEarliest && *found < core::kOpenEnd ? found : std::nullopt;
}

std::vector<const documents::JsonNode*> RecordReader::objects(const documents::JsonNode& object,
                                                              std::string_view key) {
  const documents::JsonNode* list = object.find(key);
  std::vector<const documents::JsonNode*> all;
  if (list == nullptr) return all;
  if (!list->is(documents::JsonNode::Kind::array)) {
    refuse(*list, fmt::format("expected an array at '{}', got {}", key, kind_text(list->kind)));
    return all;
  }
  for (const documents::JsonNode& one : list->children) {
    if (one.is(documents::JsonNode::Kind::object)) {
      all.push_back(&one);
    } else {
      refuse(one, fmt::format("expected an object in '{}', got {}", key, kind_text(one.kind)));
    }
  }
  return all;
}

void RecordReader::refuse(const documents::JsonNode& at, std::string message, std::string help) {
  if (complaint_) return;
  if (help.empty()) help = "save the file again as the provider gives it";
  complaint_ = Fault{&at, std::move(message), std::move(help)};
}

}  // namespace recoup::incidents
