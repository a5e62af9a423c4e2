#include "sources/logs/read_log.h"

#include <algorithm>
#include <array>

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

// Reader takes a log's lines, one after the other, and adds up what they say.
class Reader {
 public:
  virtual ~Reader() = default;

  // A line that is not empty; false where it is malformed.
  virtual bool take(const Line& line, LogContent& out) = 0;

  core::Tallies tallies() { return counts_.take(); }

 protected:
  MinuteCounts counts_;
};

class CombinedReader final : public Reader {
 public:
  CombinedReader() { outcomes_.fill(kUnseen); }

  bool take(const Line& line, LogContent& out) override {
    const auto request = parse_combined(line.text);
    if (!request) return false;
    if (request->is_own) {
      ++out.own;
      return true;
    }
    ++out.requests;
    counts_.add(core::minute_of(request->at), outcome(request->status), 1);
    if (request->status >= kLowestFailure) {
      out.failures.add(request->at, line.number, request->status, request->request);
    }
    return true;
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
  bool take(const Line& line, LogContent& out) override {
    if (line.number == 1 && line.text == kCountsHeader) return true;
    const auto row = parse_counts(line.text);
    if (!row) return false;
    out.requests += row->count;
    counts_.add(row->minute, counts_.intern(row->outcome), row->count);
    return true;
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

void add_malformed(const Line& line, LogContent& out) {
  ++out.malformed;
  if (out.examples.size() == kMostExamples) return;
  out.examples.push_back({line.number, shown(line.text, kLongestExample)});
}

void take_lines(LogInput& input, Reader& reader, LogContent& out) {
  Line line;
  while (input.next(line)) {
    if (line.too_long) {
      add_malformed(line, out);
    } else if (is_blank(line.text)) {
      ++out.empty;
    } else if (!reader.take(line, out)) {
      add_malformed(line, out);
    }
  }
}

}  // namespace

core::Result<LogContent> read_log(const std::string& path, const std::string& format,
                                  const std::vector<KnownFile>& known, const OnProgress& progress) {
  const auto found = std::find_if(kFormats.begin(), kFormats.end(),
                                  [&](const Format& each) { return each.name == format; });
  if (found == kFormats.end()) return unknown_format(format);

  LogInput input(path, known, progress);
  LogContent out;
  const auto reader = found->reader();
  take_lines(input, *reader, out);
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
