#include "sources/logs/formats/counts.h"

#include <array>
#include <charconv>

#include "sources/logs/formats/lines.h"

namespace recoup::sources {
namespace {

// Every count is a whole number for engines that compute in doubles, too.
constexpr std::uint64_t kTooMuch = std::uint64_t{1} << 53;

using Fields = std::array<std::string_view, 3>;

// No value of this format has a comma or a quote in it, so that splitting at commas is all of CSV.
std::optional<Fields> split(std::string_view line) {
  Fields fields;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto comma = line.find(',');
    const bool last = i + 1 == fields.size();
    if ((comma == std::string_view::npos) != last) return std::nullopt;
    fields[i] = line.substr(0, comma);
    if (!last) line.remove_prefix(comma + 1);
    if (fields[i].size() >= 2 && fields[i].front() == '"' && fields[i].back() == '"') {
      fields[i] = fields[i].substr(1, fields[i].size() - 2);
    }
  }
  return fields;
}

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, value);
  if (code != std::errc{} || stop != end || value >= kTooMuch) return std::nullopt;
  return value;
}

}  // namespace

std::optional<CountsRow> parse_counts(std::string_view line) {
  const auto fields = split(line);
  if (!fields) return std::nullopt;
  const auto at = core::parse_instant((*fields)[0]);
  auto outcome = core::parse_outcome((*fields)[1]);
  const auto count = whole_number((*fields)[2]);
  if (!at || !outcome || !count) return std::nullopt;
  const core::Minute minute = core::minute_of(*at);
  if (minute != *at) return std::nullopt;
  std::optional<CountsRow> row(std::in_place);
  row->minute = minute;
  row->outcome = *std::move(outcome);
  row->count = *count;
  return row;
}

std::string_view expected_of_counts(std::string_view line) {
  const auto fields = split(line);
  if (!fields) return "expected minute,outcome,count";
  const auto at = core::parse_instant((*fields)[0]);
  if (!at || core::minute_of(*at) != *at) return "expected a whole minute like 2026-10-03T02:00Z";
  if (!core::parse_outcome((*fields)[1])) return "expected an outcome like 503 or timeout";
  return "expected a count, a whole number less than 9007199254740992";
}

namespace {

class CountsReader final : public LineReader {
  bool line(const Line& line, Intake& intake) override {
    if (line.number == 1 && line.text == kCountsHeader) return true;
    const auto row = parse_counts(line.text);
    if (!row) return false;
    if (!intake.record(line.text, row->minute, line.open)) return true;
    if (!intake.has_room(row->count)) {
      intake.refuse(line.number);
    } else {
      intake.count(row->minute, intake.outcomes().id(row->outcome), row->count);
    }
    return true;
  }

  std::string_view expected_of(std::string_view line) const override {
    return expected_of_counts(line);
  }
};

bool is_counts(std::string_view line, const FormatOptions&) {
  return line == kCountsHeader || parse_counts(line).has_value();
}

}  // namespace

extern const Format kCounts{
    .name = "counts",
    .what = "counts, CSV minute,outcome,count",
    .help = "CSV: minute,outcome,count",
    .fits = is_counts,
    .reader = [](const FormatOptions&) -> std::unique_ptr<Reader> {
      return std::make_unique<CountsReader>();
    },
    .sight =
        {"Counts have what another engine counted: what that one could not see is not known here.",
         kAnywhere},
    .sums = true,
    .durations = Format::Durations::some};

}  // namespace recoup::sources
