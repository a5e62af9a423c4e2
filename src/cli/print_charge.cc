#include "cli/print_charge.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/terminal.h"
#include "cli/text_table.h"
#include "core/figures.h"

namespace recoup::cli {
namespace {

// By how much another source's figure differs.
std::string difference(const core::Money& other, const core::Money& own) {
  if (other.currency != own.currency) return "in another currency";
  if (other.amount == own.amount) return "the same";
  const bool more = other.amount > own.amount;
  const core::Ratio by = more ? other.amount - own.amount : own.amount - other.amount;
  return fmt::format("{} {} {}", core::exact_text(by), own.currency, more ? "more" : "less");
}

std::string end_text(const std::optional<core::Instant>& end, const char* otherwise) {
  return end ? core::to_text(*end) : otherwise;
}

void print_expiry(const config::Expiry& expiry) {
  const core::ExpiryTimeline& timeline = expiry.timeline;
  say(prose(fmt::format("  expiry: the instance expires on {} (midnight, {}), at {}",
                        core::to_text(expiry.expires), expiry.zone,
                        core::to_text(timeline.expiry))));
  std::string reminders;
  for (const core::Instant at : timeline.reminders) {
    reminders += (reminders.empty() ? "" : ", ") + core::to_text(at);
  }
  TextTable table({Column("WHEN").broken_to(20), Column("WHAT").broken_to(30)});
  table.add({reminders, "reminders"});
  table.add({core::to_text(timeline.expiry), "expired: keys and secrets are kept"});
  table.add({core::to_text(timeline.suspension), "suspended: renewal reactivates it"});
  table.add({core::to_text(timeline.last_day), "the last day to renew"});
  table.add({core::to_text(timeline.release),
             "released: keys and secrets are gone, back them up before"});
  table.print();
  say(prose(fmt::format("  excluded from {} to {}", core::to_text(timeline.expiry),
                        end_text(expiry.renewed, "its renewal"))));
  for (const std::string& remark : expiry.remarks) say(prose("  - " + remark));
}

void print_overdue(const config::Overdue& overdue) {
  say(wrapped(
      fmt::format("  overdue: API calls fail from {} to {}, management still works; paid by {} "
                  "({}) the service comes back by itself, later its configuration may be cleared; "
                  "that time is excluded",
                  core::to_text(overdue.since), end_text(overdue.paid, "the payment"),
                  core::to_text(overdue.last_restoration), overdue.zone)));
}

}  // namespace

std::string part_in_words(const std::optional<core::Ratio>& share) {
  constexpr int kPlaces = 2;
  if (!share) return "";
  return (*share * core::Ratio::whole(100)).to_decimal(kPlaces, core::Rounding::cut) + " %";
}

std::string exact_text(const core::Money& money) {
  return core::exact_text(money.amount) + " " + money.currency;
}

void print_charge(const core::Charge& charge) {
  std::string text = fmt::format("{}, {}", exact_text(charge.amount), charge.from);
  if (!charge.note.empty()) text += " (" + charge.note + ")";
  if (!charge.final) text += charge.from == "bill" ? "; not final" : "";
  say(labelled("charge", text));
  if (!charge.lines.empty()) print_charge_lines(charge.lines, charge.amount);
  for (const core::OtherFigure& other : charge.others) {
    say(labelled("compared", fmt::format("{} {}: {}", other.from, exact_text(other.amount),
                                         difference(other.amount, charge.amount))));
  }
  for (const std::string& remark : charge.remarks) say(prose("  - " + remark));
}

void print_charge_lines(std::vector<core::ChargeLine> lines, const core::Money& whole) {
  std::stable_sort(lines.begin(), lines.end(),
                   [](const auto& a, const auto& b) { return a.amount > b.amount; });
  TextTable table({Column("ITEM").broken_to(16), Column("CALCULATION").broken_to(20),
                   Column(whole.currency).right(), Column("SHARE").right()});
  for (const core::ChargeLine& line : lines) {
    table.add({line.item, line.calculation, core::exact_text(line.amount),
               part_in_words(core::share_of(line.amount, whole.amount))});
  }
  table.add({"Total", "", core::exact_text(whole.amount), ""});
  table.print();
}

void print_lapses(const config::AgreementSettings& settings) {
  for (const config::Expiry& expiry : settings.lapses.expiries) print_expiry(expiry);
  for (const config::Overdue& overdue : settings.lapses.overdues) print_overdue(overdue);
}

}  // namespace recoup::cli
