#include "sources/logs/read_log.h"

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>

#include "sources/logs/combined.h"
#include "sources/logs/counts.h"
#include "sources/logs/input.h"
#include "sources/logs/minute_counts.h"
#include "sources/logs/shown.h"

namespace recoup::sources {
namespace {

constexpr std::size_t kMostExamples = 20;
constexpr std::size_t kLongestExample = 200;
constexpr int kLowestStatus = 100;
constexpr int kLowestFailure = 500;
// What a ledger holds of one count: 2^63 - 1.
constexpr std::uint64_t kMostRequests = std::numeric_limits<std::int64_t>::max();

// What a line is.
enum class Taken { record, header, malformed, too_much };

// Reader takes a log's lines, one after the other, and adds up what they say.
class Reader {
 public:
  virtual ~Reader() = default;

  // A line that is not empty. A record is counted only where it `counts`.
  virtual Taken take(const Line& line, bool counts, LogContent& out) = 0;

  // What was expected of a malformed line.
  virtual std::string_view expected_of(std::string_view line) const = 0;

  core::Tallies tallies() { return counts_.take(); }

 protected:
  MinuteCounts counts_;
};

class CombinedReader final : public Reader {
 public:
  CombinedReader() { outcomes_.fill(kUnseen); }

  Taken take(const Line& line, bool counts, LogContent& out) override {
    const auto request = parse_combined(line.text);
    if (!request) return Taken::malformed;
    const core::Minute minute = core::minute_of(request->at);
    out.records.add(line.text, minute);
    if (!counts) return Taken::record;
    if (request->is_own) {
      ++out.own;
      return Taken::record;
    }
    ++out.requests;
    counts_.add(minute, outcome(request->status), 1);
    if (request->status >= kLowestFailure) {
      out.failures.add(request->at, line.number, request->status, request->request);
    }
    return Taken::record;
  }

  std::string_view expected_of(std::string_view line) const override {
    return expected_of_combined(line);
  }

 private:
  static constexpr std::uint32_t kUnseen = ~std::uint32_t{0};

  std::uint32_t outcome(int status) {
    std::uint32_t& index = outcomes_[static_cast<std::size_t>(status)];
    if (index != kUnseen) return index;
    // Servers write 000 and the like where they gave no answer.
    const bool answered = status >= kLowestStatus;
    index = counts_.intern(answered ? core::Outcome(core::Answered{status})
                                    : core::Outcome(core::Failed{core::NoAnswer::other}));
    return index;
  }

  std::array<std::uint32_t, 1000> outcomes_;  // by status
};

class CountsReader final : public Reader {
 public:
  Taken take(const Line& line, bool counts, LogContent& out) override {
    if (line.number == 1 && line.text == kCountsHeader) return Taken::header;
    const auto row = parse_counts(line.text);
    if (!row) return Taken::malformed;
    out.records.add(line.text, row->minute);
    if (!counts) return Taken::record;
    if (row->count > kMostRequests - out.requests) return Taken::too_much;
    out.requests += row->count;
    counts_.add(row->minute, counts_.intern(row->outcome), row->count);
    return Taken::record;
  }

  std::string_view expected_of(std::string_view line) const override {
    return expected_of_counts(line);
  }
};

struct Format {
  std::string_view name;
  std::unique_ptr<Reader> (*reader)();
};
constexpr std::array<Format, 2> kFormats{{
    {"combined", []() -> std::unique_ptr<Reader> { return std::make_unique<CombinedReader>(); }},
    {"counts", []() -> std::unique_ptr<Reader> { return std::make_unique<CountsReader>(); }},
}};

core::Error unknown_format(const std::string& format) {
  std::vector<std::string_view> names;
  for (const Format& known : kFormats) names.push_back(known.name);
  return {fmt::format("expected a log format, got '{}'", format), "",
          fmt::format("the formats are {}", fmt::join(names, ", "))};
}

// LineLoop gives a log's lines to its reader.
class LineLoop {
 public:
  LineLoop(LogInput& input, Reader& reader, const std::vector<RecordSpan>& left_out)
      : input_(input), reader_(reader), left_out_(left_out) {}

  // Up to the end, or to where the input breaks off.
  core::Result<void> run(const std::string& path, LogContent& out) {
    Line line;
    while (input_.next(line)) {
      if (!line.too_long && is_blank(line.text)) {
        ++out.empty;
        continue;
      }
      const bool counts = !is_left_out(out.records.prints().size());
      const Taken taken = is_no_line(line) ? Taken::malformed : reader_.take(line, counts, out);
      if (taken == Taken::malformed) add_malformed(line, out);
      if (taken == Taken::too_much) return too_much(path, line);
      if (taken == Taken::record) {
        out.read_before += counts ? 0 : 1;
        out.cut = line.open;
      }
    }
    if (out.records.prints().empty()) out.looks_like = likely_format(first_);
    return {};
  }

 private:
  static constexpr std::size_t kMostFirst = 8;
  static constexpr std::size_t kLongestFirst = 4096;
  static constexpr std::string_view kLoneReturn =
      "expected a line that ends with a newline, got carriage returns inside it";
  static constexpr std::string_view kTooLong = "expected a line of at most 1 MiB";

  // A '\r' inside a line: servers escape it, and where it alone ends lines there are many in one.
  bool has_lone_return(const Line& line) const {
    return input_.has_carriage_return() && line.text.find('\r') != std::string_view::npos;
  }
  bool is_no_line(const Line& line) const { return line.too_long || has_lone_return(line); }

  // `record` never goes back.
  bool is_left_out(std::uint64_t record) {
    while (next_ < left_out_.size() && left_out_[next_].end <= record) ++next_;
    return next_ < left_out_.size() && left_out_[next_].begin <= record;
  }

  void add_malformed(const Line& line, LogContent& out) {
    ++out.malformed;
    if (first_.size() < kMostFirst) first_.emplace_back(line.text.substr(0, kLongestFirst));
    if (out.examples.size() == kMostExamples) return;
    const std::string_view expected = line.too_long           ? kTooLong
                                      : has_lone_return(line) ? kLoneReturn
                                                              : reader_.expected_of(line.text);
    out.examples.push_back({line.number, expected, shown(line.text, kLongestExample)});
  }

  static core::Error too_much(const std::string& path, const Line& line) {
    return {fmt::format("expected counts that add up to at most {}, got more with this line",
                        kMostRequests),
            fmt::format("{}:{}", path, line.number), "nothing of the file was kept: correct it"};
  }

  LogInput& input_;
  Reader& reader_;
  const std::vector<RecordSpan>& left_out_;
  std::size_t next_ = 0;            // of left_out_
  std::vector<std::string> first_;  // malformed lines, to guess the format by
};

}  // namespace

core::Result<LogContent> read_log(const std::string& path, const std::string& format,
                                  const std::vector<KnownFile>& known, const OnProgress& progress,
                                  const std::vector<RecordSpan>& left_out) {
  const auto found = std::find_if(kFormats.begin(), kFormats.end(),
                                  [&](const Format& each) { return each.name == format; });
  if (found == kFormats.end()) return unknown_format(format);

  LogInput input(path, known, progress);
  LogContent out;
  const auto reader = found->reader();
  if (const auto done = LineLoop(input, *reader, left_out).run(path, out); !done) {
    return done.error();
  }
  if (const auto state = input.state(); !state) return state.error();

  out.lines = input.lines();
  out.bytes = input.digest().bytes();
  out.digest = input.digest().hex();
  out.replaces = input.digest().prefix();
  out.known = std::any_of(known.begin(), known.end(),
                          [&](const KnownFile& file) { return file.digest == out.digest; });
  out.tallies = reader->tallies();
  return out;
}

}  // namespace recoup::sources
