#include "cli/import_row.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/text.h"

namespace recoup::cli {
namespace {

using core::grouped;
using report::Json;

core::Interval joined(const core::Interval& a, const core::Interval& b) {
  if (a.empty()) return b;
  if (b.empty()) return a;
  return {std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

std::string counted(std::uint64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", grouped(count), count == 1 ? one : many);
}

std::string status_of(const core::Outcome& outcome) {
  const auto* answer = std::get_if<core::Answered>(&outcome);
  if (answer == nullptr) return "no answer";
  return answer->status == 0 ? "unclassified" : std::to_string(answer->status);
}

std::string part_in_words(const service::TrailPart& part) {
  std::string text =
      fmt::format("{}: {}", part.agreement, counted(part.requests, "Request", "Requests"));
  if (part.errors > 0) text += ", " + counted(part.errors, "Error", "Errors");
  if (part.indirect > 0) {
    text += fmt::format(", {} by AWS services on the account's behalf", grouped(part.indirect));
  }
  if (part.key_store > 0) {
    text += fmt::format(", {} on keys in a custom key store", grouped(part.key_store));
  }
  if (part.added.duplicates > 0) {
    text += fmt::format(", {} known before", grouped(part.added.duplicates));
  }
  if (part.added.corrected > 0)
    text += fmt::format(", {} corrected", grouped(part.added.corrected));
  if (part.outside > 0)
    text += fmt::format(", {} outside the time asked for", grouped(part.outside));
  if (part.evidence_dropped > 0) {
    text += fmt::format(", {} counted without a record: there was no room for more",
                        grouped(part.evidence_dropped));
  }
  return text;
}

Json row_json(const ImportRow& row) {
  Json json;
  json["requests"] = row.requests;
  json["errors"] = row.errors;
  json["indirect"] = row.indirect;
  json["duplicates"] = row.duplicates;
  json["malformed"] = row.malformed;
  json["own"] = row.own;
  json["evidence_dropped"] = row.evidence_dropped;
  const bool is_empty = row.span.empty();
  json["from"] = report::instant_json(is_empty ? std::nullopt : std::optional(row.span.begin));
  json["to"] = report::instant_json(is_empty ? std::nullopt : std::optional(row.span.end));
  json["new"] = row.is_new;
  return json;
}

}  // namespace

ImportRow row_of(const service::TrailFileRead& read) {
  ImportRow row;
  row.file = read.file;
  row.format = sources::kTrailFormat;
  row.digest = read.content->digest;
  row.malformed = read.content->malformed;
  row.records = read.content->records;
  row.own = read.content->own;
  row.is_new = read.is_new();
  for (const service::TrailPart& part : read.parts) {
    row.requests += part.requests;
    row.errors += part.errors;
    row.indirect += part.indirect;
    row.duplicates += part.added.duplicates;
    row.evidence_dropped += part.evidence_dropped;
    row.span = joined(row.span, part.span);
    for (const core::OutcomeCount& one : part.outcomes) {
      row.statuses[status_of(one.outcome)] += one.count;
    }
    if (part.added.is_new) row.touched.push_back({part.agreement, part.span});
  }
  if (!row.span.empty()) {
    row.first = row.span.begin;
    row.last = row.span.end - std::chrono::seconds(1);
  }
  return row;
}

ImportRow row_of(const std::string& file, const service::Imported& imported,
                 const config::AgreementSettings& agreement) {
  const sources::LogContent& content = imported.content;
  ImportRow row;
  row.file = file;
  row.format = content.format;
  row.digest = content.digest;
  row.requests = content.requests;
  row.errors = imported.errors;
  row.span = imported.span;
  row.duplicates = imported.new_to_ledger ? content.read_before : imported.known;
  row.malformed = content.malformed;
  row.records = content.lines;
  row.own = content.own;
  row.is_new = imported.new_to_ledger;
  if (row.is_new) row.evidence_dropped = content.failures.dropped();
  if (content.first <= content.last) {
    row.first = content.first;
    row.last = content.last;
  }
  const auto& outcomes = content.counts.outcomes().all();
  for (std::size_t id = 0; id < outcomes.size(); ++id) {
    const auto count = content.counts.total(static_cast<core::OutcomeTable::Id>(id));
    if (count == 0 || std::holds_alternative<core::Unread>(outcomes[id])) continue;
    row.statuses[status_of(outcomes[id])] += count;
  }
  if (row.is_new) row.touched.push_back({agreement.agreement.id, row.span});
  return row;
}

std::string in_words(const service::TrailFileRead& read) {
  const sources::TrailContent& content = *read.content;
  std::string text = counted(content.records, "record", "records");
  for (const service::TrailPart& part : read.parts) text += "; " + part_in_words(part);
  if (read.parts.empty()) text += ", none of them for these agreements";
  if (content.of_others > 0) {
    text += fmt::format("; {} of other services, Regions or accounts", grouped(content.of_others));
  }
  for (const auto& [what, count] : content.apart) {
    text += fmt::format("; {} no Requests ({})", grouped(count), what);
  }
  if (content.own > 0) text += fmt::format("; {} of Recoup's own probes", grouped(content.own));
  if (content.malformed > 0) text += fmt::format("; {} malformed", grouped(content.malformed));
  if (!read.is_new() && !read.parts.empty()) text += "; nothing new";
  constexpr std::size_t kExamples = 3;
  for (std::size_t i = 0; i < std::min(kExamples, content.examples.size()); ++i) {
    const sources::MalformedLine& one = content.examples[i];
    text += fmt::format("\n   {}:{}: {}, got {}", read.file, one.number, one.expected, one.text);
  }
  return text;
}

ImportRow total_of(const std::vector<ImportRow>& rows) {
  ImportRow total;
  for (const ImportRow& row : rows) {
    total.requests += row.requests;
    total.errors += row.errors;
    total.indirect += row.indirect;
    total.duplicates += row.duplicates;
    total.malformed += row.malformed;
    total.records += row.records;
    total.own += row.own;
    total.evidence_dropped += row.evidence_dropped;
    total.span = joined(total.span, row.span);
    if (row.first && (!total.first || *row.first < *total.first)) total.first = row.first;
    if (row.last && (!total.last || *row.last > *total.last)) total.last = row.last;
    for (const auto& [status, count] : row.statuses) total.statuses[status] += count;
    total.is_new = total.is_new || row.is_new;
    for (const ImportRow::Touched& one : row.touched) {
      const auto same = std::find_if(
          total.touched.begin(), total.touched.end(),
          [&](const ImportRow::Touched& other) { return other.agreement == one.agreement; });
      if (same == total.touched.end()) {
        total.touched.push_back(one);
      } else {
        same->span = joined(same->span, one.span);
      }
    }
  }
  return total;
}

ImportRow sum_of_file(const std::vector<ImportRow>& parts) {
  ImportRow sum = total_of(parts);
  sum.file = parts.front().file;
  sum.format = parts.front().format;
  sum.digest = parts.front().digest;
  // Each agreement's reading met all lines.
  sum.malformed = parts.front().malformed;
  sum.records = parts.front().records;
  return sum;
}

std::string requests_in_words(const ImportRow& total) {
  if (!total.first || !total.last) return {};
  const auto second = [](core::Instant at) {
    return core::to_text(std::chrono::floor<std::chrono::seconds>(at));
  };
  std::string text =
      fmt::format("the first at {}, the last at {};", second(*total.first), second(*total.last));
  for (const auto& [status, count] : total.statuses) {
    text += fmt::format("{} {}: {}", text.back() == ';' ? "" : ",", status, grouped(count));
  }
  return text;
}

std::string import_json(const std::vector<ImportRow>& rows, const report::Json* digests) {
  Json files = Json::array();
  for (const ImportRow& row : rows) {
    Json json;
    json["file"] = row.file;
    json["format"] = row.format;
    json["digest"] = row.digest;
    json.update(row_json(row));
    if (!row.signed_as.empty()) json["signed"] = row.signed_as;
    files.push_back(std::move(json));
  }
  Json all;
  all["files"] = std::move(files);
  all["total"] = row_json(total_of(rows));
  if (digests != nullptr) all["digests"] = *digests;
  return report::indented(all);
}

}  // namespace recoup::cli
