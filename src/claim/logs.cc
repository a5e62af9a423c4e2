#include "claim/logs.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>

#include "claim/documents.h"
#include "claim/lost.h"
#include "core/classify.h"
#include "core/figures.h"
#include "core/text.h"
#include "record/redact.h"
#include "report/formula_words.h"
#include "report/words.h"

namespace recoup::claim {
namespace {

using core::Assessment;
using record::Evidence;

constexpr std::string_view kNothing = "-";

// Errors tells which evidence the contract counts: it is an Error, no repeat of one where those are
// left out, and lies in an interval of the cycle that is not excluded. It is shown the evidence by
// time.
class Errors {
 public:
  explicit Errors(const Claim& claim)
      : claim_(claim), length_(claim.assessment.interval), parts_(parts_of(claim.assessment)) {
    const auto* ratio = std::get_if<core::RequestRatio>(&claim.version->formula);
    if (ratio != nullptr) repeats_ = ratio->repeats;
  }

  // Whether some Errors are left out as repeats. Where an earlier one has no record, a repeat
  // cannot be told from the first: then an interval may have more records than Errors.
  bool leaves_out_repeats() const { return repeats_.count() > 0; }

  // The intervals of the cycle, by index, of several resources one after the other.
  const std::vector<core::IntervalPart>& parts() const { return parts_; }

  // The index of the interval it belongs to; nothing where it is not counted.
  std::optional<std::size_t> interval_of(const Evidence& evidence) {
    const Assessment& a = claim_.assessment;
    if (!a.cycle.span.contains(evidence.at)) return std::nullopt;
    const auto before = before_resource(evidence.resource);
    if (!before) return std::nullopt;
    const auto index =
        *before + static_cast<std::size_t>((evidence.at - a.cycle.span.begin) / length_);
    if (!is_error(evidence.outcome) || is_repeat(evidence)) return std::nullopt;
    if (parts_[index].state == core::IntervalState::excluded) return std::nullopt;
    return index;
  }

 private:
  static std::vector<core::IntervalPart> parts_of(const Assessment& a) {
    if (a.resources.empty()) return a.parts.unpacked();
    std::vector<core::IntervalPart> all;
    for (const core::ResourceShare& one : a.resources) {
      const std::vector<core::IntervalPart> parts = one.parts.unpacked();
      all.insert(all.end(), parts.begin(), parts.end());
    }
    return all;
  }

  // How many intervals stand before those of the resource; nothing where its time is not summed.
  std::optional<std::size_t> before_resource(const std::string& name) const {
    const auto& resources = claim_.assessment.resources;
    if (resources.empty()) return 0;
    std::size_t before = 0;
    for (const core::ResourceShare& one : resources) {
      if (one.name == name) return before;
      before += one.parts.size();
    }
    return std::nullopt;
  }

  bool is_repeat(const Evidence& evidence) {
    if (!leaves_out_repeats()) return false;
    const core::Minute minute = core::minute_of(evidence.at);
    const auto [first, is_first] = first_.emplace(evidence.outcome, minute);
    if (is_first) return false;
    if (minute < first->second + repeats_) return true;
    first->second = minute;
    return false;
  }

  // A month has few distinct outcomes and may have millions of records: each is judged once.
  bool is_error(const core::Outcome& outcome) {
    const auto known = judged_.find(outcome);
    if (known != judged_.end()) return known->second;
    const bool error = core::classify(*claim_.version, outcome).verdict == core::Verdict::error;
    return judged_.emplace(outcome, error).first->second;
  }

  const Claim& claim_;
  core::Millis length_;
  const std::vector<core::IntervalPart> parts_;
  std::map<core::Outcome, bool> judged_;
  std::chrono::minutes repeats_{0};
  std::map<core::Outcome, core::Minute> first_;
};

// What somebody else sent, as one word: nothing in it can end a column or a line.
std::string word(std::string_view raw) {
  if (raw.empty()) return std::string(kNothing);
  std::string text(raw);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c <= ' ' || c == '\x7f'; }, '?');
  return text;
}

// The last column may hold blanks, but begins with none.
std::string line_end(std::string_view raw) {
  raw.remove_prefix(std::min(raw.find_first_not_of(' '), raw.size()));
  if (raw.empty()) return std::string(kNothing);
  std::string text(raw);
  const auto control = [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; };
  std::replace_if(text.begin(), text.end(), control, '?');
  return text;
}

bool is_uuid(std::string_view text) {
  constexpr std::string_view kShape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  if (text.size() != kShape.size()) return false;
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    const char c = text[i];
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (kShape[i] == '-' ? c != '-' : !hex) return false;
  }
  return true;
}

// Redactor redacts texts and counts what it replaced. A month has millions of requests and few
// distinct texts: those of late are not looked through again.
class Redactor {
 public:
  explicit Redactor(record::Redactions& counts) : counts_(counts) {}

  const std::string& shown(const std::string& raw) {
    if (known_.size() > kMostKnown) known_.clear();
    auto known = known_.find(raw);
    if (known == known_.end()) {
      Entry entry;
      entry.shown = record::redact(raw, &entry.counts);
      known = known_.emplace(raw, std::move(entry)).first;
    }
    for (const auto& [kind, count] : known->second.counts) counts_[kind] += count;
    return known->second.shown;
  }

 private:
  static constexpr std::size_t kMostKnown = 1000;
  struct Entry {
    std::string shown;
    record::Redactions counts;
  };
  record::Redactions& counts_;
  std::unordered_map<std::string, Entry> known_;
};

// How often something in it was replaced before it was recorded.
std::uint64_t masks_in(std::string_view text) {
  std::uint64_t masks = 0;
  for (auto at = text.find(record::kRedacted); at != std::string_view::npos;
       at = text.find(record::kRedacted, at + record::kRedacted.size())) {
    ++masks;
  }
  return masks;
}

// RequestLines makes the lines of the request log, and counts what is redacted in them.
class RequestLines {
 public:
  RequestLines(const Assessment& a, Redacted& redacted)
      : assessment_(a), redacted_(redacted), redactor_(redacted.by_kind) {}

  // A record as it is shown.
  RequestRow row(const Evidence& evidence) {
    redacted_.earlier += masks_in(evidence.detail);
    // An answer's status and name, or why there was none.
    const auto* answer = std::get_if<core::Answered>(&evidence.outcome);
    return {evidence.at,
            answer == nullptr ? std::string(kNothing) : std::to_string(answer->status),
            answer == nullptr ? core::to_text(evidence.outcome)
                              : word(redactor_.shown(answer->error_name)),
            request_id(evidence.request_id),
            evidence.duration,
            line_end(redactor_.shown(evidence.detail)),
            assessment_.resources.empty() ? std::string() : record::redact(evidence.resource)};
  }

  // Its line, in the interval of that index; until the next one is made.
  std::string_view line(std::size_t index, const RequestRow& row, const std::string& peer) {
    if (index_ != index) {
      index_ = index;
      interval_ = core::to_text(assessment_.interval_at(index % assessment_.parts.size()).begin);
    }
    if (!peer.empty()) ++redacted_.by_kind["address of the server that answered"];
    line_.clear();
    fmt::format_to(fmt::appender(line_), "{}  {}  {:>6}  {:<24}  {:<36}  {:>6}  {:<4}  {}{}{}\n",
                   at_text(row.at), interval_, row.status, row.error, row.request_id,
                   row.duration.count(), peer.empty() ? kNothing : record::kRedacted, row.resource,
                   row.resource.empty() ? "" : "  ", row.detail);
    return {line_.data(), line_.size()};
  }

 private:
  // As instant_with_millis() writes it; requests of one second share all but the milliseconds.
  const std::string& at_text(core::Instant at) {
    const auto second = std::chrono::floor<std::chrono::seconds>(at);
    if (second != second_ || at_.empty()) {
      second_ = second;
      at_ = report::instant_with_millis(at);
      return at_;
    }
    constexpr std::size_t kMillis = 4;  // with the Z
    at_.resize(at_.size() - kMillis);
    fmt::format_to(std::back_inserter(at_), "{:03}Z", (at - second).count());
    return at_;
  }

  // The provider's request id is what it finds the request by. Most are UUIDs, just as key ids
  // are: these stay. Others stay as far as nothing in them looks like a secret.
  std::string request_id(const std::string& id) {
    return is_uuid(id) ? id : word(record::redact(id, &redacted_.by_kind));
  }

  const Assessment& assessment_;
  Redacted& redacted_;
  Redactor redactor_;
  std::optional<std::size_t> index_;  // of the interval whose begin is at hand
  std::string interval_;
  std::chrono::sys_seconds second_;
  std::string at_;
  fmt::memory_buffer line_;
};

std::string practice_line(const Claim& claim) {
  return claim.agreement.practice ? fmt::format("# {}\n", report::kPracticeNote) : "";
}

std::string cycle_line(const Claim& claim) {
  const core::Cycle& cycle = claim.assessment.cycle;
  return fmt::format("# billing cycle {}: from {} up to, not including, {}\n",
                     core::to_text(cycle.month), core::to_text(cycle.span.begin),
                     core::to_text(cycle.span.end));
}

// What stands at the top of each file of the request log, below the part's number.
std::string requests_header(const Claim& claim, const Logged& logged) {
  return practice_line(claim) +
         fmt::format("# every failed Request of intervals.log that was recorded: {}\n",
                     place_text(claim)) +
         cycle_line(claim) +
         fmt::format(
             "# {} of {} Errors are shown; {} were counted without a record of the request\n",
             logged.total, logged.total + logged.missing, logged.missing) +
         "# confidential text and addresses are replaced by asterisks; '-' is nothing known\n"
         "# at: the start of the request, UTC; ms: its duration, 0 where it is not known\n" +
         fmt::format("# {:<22}  {:<20}  {:>6}  {:<24}  {:<36}  {:>6}  {:<4}  {}detail\n", "at",
                     "interval", "status", "error", "request id", "ms", "peer",
                     claim.assessment.resources.empty() ? "" : "resource  ");
}

// RequestParts writes lines into files of which none is larger than a support case takes.
class RequestParts {
 public:
  RequestParts(const Claim& claim, const Logged& logged, const NextPart& next)
      : claim_(claim), logged_(logged), next_(next) {
    begin_part();
  }

  void append(std::string_view line) {
    if (out_ != nullptr && bytes_ + line.size() > kLargestAttachment) begin_part();
    if (out_ == nullptr) return;
    out_->append(line);
    bytes_ += line.size();
  }

  // The first failure, if there was one.
  core::Result<void> finish() const { return state_; }

 private:
  void begin_part() {
    const auto begun = next_(++part_);
    out_ = begun ? *begun : nullptr;
    if (!begun) {
      state_ = begun.error();
      return;
    }
    const std::string header = requests_log_header(claim_, logged_, part_);
    out_->append(header);
    bytes_ = header.size();
  }

  const Claim& claim_;
  const Logged& logged_;
  const NextPart& next_;
  OutFile* out_ = nullptr;
  std::size_t part_ = 0;
  std::uint64_t bytes_ = 0;
  core::Result<void> state_;
};

core::Error evidence_changed() {
  return {"the evidence changed while the claim was being written", "requests.log",
          "write the claim again"};
}

}  // namespace

core::Result<Logged> count_logged(const Claim& claim, const ReadEvidence& evidence) {
  const Assessment& a = claim.assessment;
  Errors errors(claim);
  const std::vector<core::IntervalPart>& parts = errors.parts();
  Logged logged;
  logged.by_interval.resize(parts.size());
  const auto read = evidence([&](const Evidence& record) {
    const auto index = errors.interval_of(record);
    if (!index) return;
    std::uint64_t& records = logged.by_interval[*index];
    if (errors.leaves_out_repeats() && records >= parts[*index].errors) return;
    ++records;
    if (record.request_id.empty() && parts[*index].below_100()) ++logged.without_id;
  });
  if (!read) return read.error();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].state == core::IntervalState::excluded) continue;
    std::uint64_t& shown = logged.by_interval[i];
    if (shown > parts[i].errors) {
      return core::Error{fmt::format(
          "expected at most {} failed requests in the evidence of the interval {}, got {}",
          parts[i].errors, core::to_text(a.interval_at(i % a.parts.size()).begin), shown)};
    }
    if (!parts[i].below_100()) {
      shown = 0;
      continue;
    }
    logged.total += shown;
    logged.missing += parts[i].errors - shown;
  }
  return logged;
}

std::string intervals_log_text(const Claim& claim, const Logged& logged) {
  const Assessment& a = claim.assessment;
  std::string text = practice_line(claim);
  text +=
      fmt::format("# every {}: {}\n", report::words_of(*claim.version).listed, place_text(claim));
  text += cycle_line(claim);
  text +=
      "# an interval is [begin, end), in UTC; a request belongs to the one that holds its start\n"
      "# availability: 100 x (requests - errors) / requests, in percent, cut after 12 digits\n"
      "# logged: how many of the errors requests.log shows\n";
  if (!a.resources.empty()) {
    text += fmt::format("# resource: which of the {} the line is of; their losses add up\n",
                        claim.version->summed_over);
  }
  text += fmt::format("# {:<18}  {:<20}  {:>12}  {:>12}  {:>12}  {:>16}{}\n", "begin", "end",
                      "requests", "errors", "logged", "availability",
                      a.resources.empty() ? "" : "  resource");
  for_each_lost(a, [&](const LostInterval& lost) {
    const core::Interval span = a.interval_at(lost.index);
    text += fmt::format("{}  {}  {:>12}  {:>12}  {:>12}  {:>16}{}{}\n", core::to_text(span.begin),
                        core::to_text(span.end), lost.part.requests, lost.part.errors,
                        logged.by_interval[lost.place],
                        core::percent_text(*core::availability(lost.part)),
                        lost.resource.empty() ? "" : "  ", lost.resource);
  });
  return text;
}

std::string dispute_csv_text(const Claim& claim) {
  const Assessment& a = claim.assessment;
  std::string text = practice_line(claim);
  text += fmt::format("begin,end,requests,errors,availability,availability_percent{}\n",
                      a.resources.empty() ? "" : ",resource");
  for_each_lost(a, [&](const LostInterval& lost) {
    const core::Interval span = a.interval_at(lost.index);
    const core::Ratio availability = *core::availability(lost.part);
    text += fmt::format(
        "{},{},{},{},{}/{},{}{}{}\n", core::to_text(span.begin), core::to_text(span.end),
        lost.part.requests, lost.part.errors, availability.numerator(), availability.denominator(),
        core::percent_text(availability), lost.resource.empty() ? "" : ",", lost.resource);
  });
  return text;
}

std::string requests_log_name(std::size_t part) {
  return part == 1 ? "requests.log" : fmt::format("requests-{}.log", part);
}

std::string requests_log_header(const Claim& claim, const Logged& logged, std::size_t part) {
  const std::string header = requests_header(claim, logged);
  if (part == 1) return header;
  return fmt::format("# part {}, after {}\n", part, requests_log_name(part - 1)) + header;
}

core::Result<std::vector<RequestRow>> write_requests_logs(const Claim& claim, Logged& logged,
                                                          const ReadEvidence& evidence,
                                                          const NextPart& next) {
  RequestParts parts(claim, logged, next);
  RequestLines lines(claim.assessment, logged.redacted);
  Errors errors(claim);
  std::vector<std::uint64_t> left = logged.by_interval;
  std::vector<RequestRow> first;
  std::uint64_t written = 0;
  bool surplus = false;
  const auto read = evidence([&](const Evidence& record) {
    const auto index = errors.interval_of(record);
    if (!index || surplus || !errors.parts()[*index].below_100()) return;
    if (left[*index] == 0) {
      surplus = !errors.leaves_out_repeats();
      return;
    }
    --left[*index];
    ++written;
    RequestRow row = lines.row(record);
    parts.append(lines.line(*index, row, record.peer));
    if (first.size() < kShownRequests) first.push_back(std::move(row));
  });
  if (!read) return read.error();
  if (surplus || written != logged.total) return evidence_changed();
  if (auto done = parts.finish(); !done) return done.error();
  return first;
}

}  // namespace recoup::claim
