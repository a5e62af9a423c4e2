#include "ledger/tables/columns.h"

#include <fmt/format.h>

#include "ledger/sql/connection.h"
#include "record/canonical.h"

namespace recoup::ledger {
namespace {

Failure wrong(const char* what, std::string_view text) {
  return Failure(
      {fmt::format("expected {}, got '{}'", what, text), "",
       "the ledger was changed by other means: put a copy of it in its place that was made "
       "before"});
}

}  // namespace

void refuse_number(const char* expected, std::int64_t got) {
  throw wrong(expected, std::to_string(got));
}

record::SeriesKind series_kind(std::string_view text) {
  const auto kind = record::parse_series_kind(text);
  if (!kind) throw wrong("a kind of series", text);
  return *kind;
}

core::NotSent gap_reason(std::string_view text) {
  for (const core::NotSent reason : core::kNotSents) {
    if (core::to_text(reason) == text) return reason;
  }
  throw Failure({fmt::format("expected a gap's reason, got '{}'", text)});
}

std::string column(const core::Ratio& ratio) { return record::canonical_fraction(ratio); }

core::Ratio ratio_of(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) throw wrong("a fraction", text);
  auto ratio = core::Ratio::parse_fraction(text.substr(0, slash), text.substr(slash + 1));
  if (!ratio) throw wrong("a fraction", text);
  return *std::move(ratio);
}

std::string column(const std::optional<core::Money>& money) {
  return money ? column(money->amount) + ' ' + money->currency : "";
}

std::optional<core::Money> money_of(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto space = text.find(' ');
  if (space == std::string_view::npos) throw wrong("an amount", text);
  return core::Money{ratio_of(text.substr(0, space)), std::string(text.substr(space + 1))};
}

core::Month month_of(std::string_view text) {
  const auto month = core::parse_month(text);
  if (!month) throw wrong("a month", text);
  return *month;
}

}  // namespace recoup::ledger
