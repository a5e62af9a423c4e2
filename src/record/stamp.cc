#include "record/stamp.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "record/canonical.h"
#include "record/digest.h"

namespace recoup::record {
namespace {

using core::Error;
using core::Result;
using StampJson = nlohmann::json;

constexpr int kStampForm = 1;

StampJson sources_json(const std::vector<StampedSource>& sources) {
  StampJson list = StampJson::array();
  for (const StampedSource& one : sources) {
    list.push_back({{"kind", one.kind},
                    {"name", one.name},
                    {"part", one.part},
                    {"requests", one.requests},
                    {"tallies_sha256", one.tallies_sha256}});
  }
  return list;
}

StampJson heads_json(const std::vector<ChainHead>& chain) {
  StampJson list = StampJson::array();
  for (const ChainHead& head : chain) {
    list.push_back({{"kind", head.kind},
                    {"name", head.name},
                    {"part", head.part},
                    {"records", head.records},
                    {"head", head.head}});
  }
  return list;
}

// Takes the document out of its JSON; what is not there throws what nlohmann throws.
StampDocument document_of(const StampJson& json) {
  const auto instant = [&](const char* key) {
    const auto at = core::parse_instant(json.at(key).get<std::string>());
    return at ? *at : core::Instant();
  };
  StampDocument document;
  document.agreement = json.at("agreement");
  document.span = {instant("begin"), instant("end")};
  document.revision = json.at("revision");
  document.reason = json.at("reason");
  document.previous = json.at("previous");
  for (const StampJson& one : json.at("sources")) {
    document.sources.push_back({one.at("kind"), one.at("name"), one.at("part"), one.at("requests"),
                                one.at("tallies_sha256")});
  }
  for (const StampJson& one : json.at("chain")) {
    document.chain.push_back(
        {one.at("kind"), one.at("name"), one.at("part"), one.at("records"), one.at("head")});
  }
  if (const StampJson& seal = json.at("seal"); !seal.is_null()) {
    const auto month = core::parse_month(seal.at("month").get<std::string>());
    document.seal =
        StampedSeal{month ? *month : core::Month{}, seal.at("revision"), seal.at("digest")};
  }
  return document;
}

// A minute of a source: how many requests by the text of their outcome.
using MinuteCounts = std::map<std::string, std::uint64_t>;

std::map<core::Minute, MinuteCounts> by_minute(const core::Tallies& tallies) {
  std::vector<std::string> names;
  for (const core::Outcome& outcome : tallies.outcomes()) names.push_back(to_text(outcome));
  std::map<core::Minute, MinuteCounts> minutes;
  for (const core::Tallies::Row& row : tallies.rows()) {
    if (row.count > 0) minutes[row.minute][names[row.outcome]] += row.count;
  }
  return minutes;
}

void append_line(std::string& text, core::Minute first, std::uint64_t minutes,
                 const MinuteCounts& counts) {
  text += fmt::format("{} {}", core::to_text(core::Instant(first)), minutes);
  for (const auto& [outcome, count] : counts) text += fmt::format(" {} {}", outcome, count);
  text += '\n';
}

std::string_view take_word(std::string_view& rest) {
  const auto end = std::min(rest.find(' '), rest.size());
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return word;
}

bool take_number(std::string_view& rest, std::uint64_t most, std::uint64_t& number) {
  const std::string_view word = take_word(rest);
  const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), number);
  return problem == std::errc() && end == word.data() + word.size() && number <= most && number > 0;
}

// "5:GET /" and the blank behind it.
bool take_words(std::string_view& rest, std::string& words) {
  std::size_t size = 0;
  const auto [end, problem] = std::from_chars(rest.data(), rest.data() + rest.size(), size);
  if (problem != std::errc() || end == rest.data() + rest.size() || *end != ':') return false;
  rest.remove_prefix(static_cast<std::size_t>(end - rest.data()) + 1);
  if (rest.size() < size) return false;
  words = rest.substr(0, size);
  rest.remove_prefix(size);
  if (!rest.empty() && rest.front() != ' ') return false;
  rest.remove_prefix(rest.empty() ? 0 : 1);
  return true;
}

bool read_source_line(std::string_view rest, SourceTallies& source) {
  if (take_word(rest) != "source") return false;
  const auto kind = parse_series_kind(take_word(rest));
  if (!kind) return false;
  source.source.kind = *kind;
  return take_words(rest, source.source.name) && take_words(rest, source.vantage) && rest.empty();
}

bool read_minutes_line(std::string_view rest, core::Tallies& tallies) {
  // More minutes than a stamp is of, and so few requests that no sum of a day overflows.
  constexpr std::uint64_t kMostMinutes = std::uint64_t{31} * 24 * 60;
  constexpr std::uint64_t kMostRequests = 1'000'000'000'000;
  const auto at = core::parse_instant(take_word(rest));
  std::uint64_t minutes = 0;
  if (!at || !take_number(rest, kMostMinutes, minutes) || rest.empty()) return false;
  while (!rest.empty()) {
    const auto outcome = core::parse_outcome(take_word(rest));
    std::uint64_t count = 0;
    if (!outcome || !take_number(rest, kMostRequests, count)) return false;
    for (std::uint64_t i = 0; i < minutes; ++i) {
      tallies.add(core::minute_of(*at) + std::chrono::minutes(i), *outcome, count);
    }
  }
  return true;
}

}  // namespace

std::string StampDocument::name() const {
  if (seal) return fmt::format("seal-{}-r{}", core::to_text(seal->month), seal->revision);
  const std::string day =
      core::to_text(core::Date(std::chrono::floor<std::chrono::days>(span.begin)));
  return revision == 1 ? day : fmt::format("{}-r{}", day, revision);
}

std::string canonical_stamp(const StampDocument& document) {
  StampJson json = {{"stamp", kStampForm},
                    {"agreement", document.agreement},
                    {"begin", core::to_text(document.span.begin)},
                    {"end", core::to_text(document.span.end)},
                    {"revision", document.revision},
                    {"reason", document.reason},
                    {"previous", document.previous},
                    {"sources", sources_json(document.sources)},
                    {"chain", heads_json(document.chain)},
                    {"seal", nullptr}};
  if (document.seal) {
    json["seal"] = {{"month", core::to_text(document.seal->month)},
                    {"revision", document.seal->revision},
                    {"digest", document.seal->digest}};
  }
  return json.dump(2, ' ', false, StampJson::error_handler_t::replace) + '\n';
}

Result<StampDocument> parse_stamp(std::string_view text) {
  try {
    const StampDocument document = document_of(StampJson::parse(text));
    if (canonical_stamp(document) == text) return document;
  } catch (const StampJson::exception&) {
    return Error{"expected the document of a time stamp, got something else"};
  }
  return Error{"expected the document of a time stamp as this program writes it, got another text"};
}

std::vector<core::Interval> uncovered(const core::Interval& time,
                                      const std::vector<ReadStamp>& stamps) {
  std::vector<core::Interval> covers;
  for (const ReadStamp& one : stamps) {
    if (!one.document.seal) covers.push_back(one.document.span);
  }
  std::sort(covers.begin(), covers.end(),
            [](const core::Interval& a, const core::Interval& b) { return a.begin < b.begin; });
  std::vector<core::Interval> parts;
  core::Instant at = time.begin;
  for (const core::Interval& one : covers) {
    if (one.begin > at && at < time.end) parts.push_back({at, std::min(one.begin, time.end)});
    at = std::max(at, one.end);
  }
  if (at < time.end) parts.push_back({at, time.end});
  return parts;
}

const ReadStamp* newest_of(const std::vector<ReadStamp>& stamps, const core::Interval& days) {
  const auto found = std::find_if(stamps.rbegin(), stamps.rend(), [&](const ReadStamp& one) {
    return !one.document.seal && one.document.span == days;
  });
  return found == stamps.rend() ? nullptr : &*found;
}

std::string canonical_source(const SourceTallies& source) {
  std::string text =
      fmt::format("source {} {} {}\n", to_text(source.source.kind),
                  canonical_words(source.source.name), canonical_words(source.vantage));
  const auto minutes = by_minute(source.tallies);
  for (auto at = minutes.begin(); at != minutes.end();) {
    const auto first = at;
    std::uint64_t alike = 0;
    while (at != minutes.end() && at->second == first->second &&
           at->first == first->first + std::chrono::minutes(alike)) {
      ++alike;
      ++at;
    }
    append_line(text, first->first, alike, first->second);
  }
  return text;
}

Result<std::vector<SourceTallies>> parse_sources(std::string_view text) {
  std::vector<SourceTallies> sources;
  const std::string_view all = text;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    SourceTallies next;
    if (read_source_line(line, next)) {
      sources.push_back(std::move(next));
    } else if (sources.empty() || !read_minutes_line(line, sources.back().tallies)) {
      return Error{
          fmt::format("expected a source, or minutes and counts, got '{}'", line.substr(0, 120)),
          std::to_string(number)};
    }
  }
  // Its digest was signed: what says the same in other words is not it.
  std::string again;
  for (const SourceTallies& one : sources) again += canonical_source(one);
  if (again != all && again != std::string(all) + '\n') {
    const auto differs = std::mismatch(again.begin(), again.end(), all.begin(), all.end()).second;
    return Error{"expected minutes and counts as they are written, got others that say the same",
                 std::to_string(1 + std::count(all.begin(), differs, '\n'))};
  }
  return sources;
}

StampedSource stamped_source(const SourceTallies& source) {
  StampedSource stamped{std::string(to_text(source.source.kind)), source.source.name,
                        source.vantage, 0, sha256_hex(canonical_source(source))};
  for (const core::Tallies::Row& row : source.tallies.rows()) stamped.requests += row.count;
  return stamped;
}

}  // namespace recoup::record
