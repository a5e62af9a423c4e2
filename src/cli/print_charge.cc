#include "cli/print_charge.h"

#include <fmt/format.h>

#include "cli/terminal.h"

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
  say(fmt::format("  expiry: the instance expires on {} (midnight, {}), at {}",
                  core::to_text(expiry.expires), expiry.zone, core::to_text(timeline.expiry)));
  std::string reminders;
  for (const core::Instant at : timeline.reminders) {
    reminders += (reminders.empty() ? "" : ", ") + core::to_text(at);
  }
  TextTable table({"WHEN", "WHAT"});
  table.add({reminders, "reminders"});
  table.add({core::to_text(timeline.expiry), "expired: keys and secrets are kept"});
  table.add({core::to_text(timeline.suspension), "suspended: renewal reactivates it"});
  table.add({core::to_text(timeline.last_day), "the last day to renew"});
  table.add({core::to_text(timeline.release),
             "released: keys and secrets are gone, back them up before"});
  table.print();
  say(fmt::format("  excluded from {} to {}", core::to_text(timeline.expiry),
                  end_text(expiry.renewed, "its renewal")));
  for (const std::string& remark : expiry.remarks) say("  - " + remark);
}

void print_overdue(const config::Overdue& overdue) {
  say(
      fmt::format("  overdue: API calls fail from {} to {}, management still works; paid by {} "
                  "({}) the service\n    comes back by itself, later its configuration may be "
                  "cleared; that time is excluded",
                  core::to_text(overdue.since), end_text(overdue.paid, "the payment"),
                  core::to_text(overdue.last_restoration), overdue.zone));
}

}  // namespace

std::string exact_text(const core::Money& money) {
  return core::exact_text(money.amount) + " " + money.currency;
}

void print_charge(const core::Charge& charge) {
  std::string text = fmt::format("  charge     {}, {}", exact_text(charge.amount), charge.from);
  if (!charge.note.empty()) text += " (" + charge.note + ")";
  if (!charge.final) text += charge.from == "bill" ? "; not final" : "";
  say(text);
  if (!charge.lines.empty()) {
    TextTable table({"ITEM", "CALCULATION", charge.amount.currency});
    for (const core::ChargeLine& line : charge.lines) {
      table.add({line.item, line.calculation, core::exact_text(line.amount)});
    }
    table.print();
  }
  for (const core::OtherFigure& other : charge.others) {
    say(fmt::format("  compared   {} {}: {}", other.from, exact_text(other.amount),
                    difference(other.amount, charge.amount)));
  }
  for (const std::string& remark : charge.remarks) say("  - " + remark);
}

void print_lapses(const config::AgreementSettings& settings) {
  for (const config::Expiry& expiry : settings.lapses.expiries) print_expiry(expiry);
  for (const config::Overdue& overdue : settings.lapses.overdues) print_overdue(overdue);
}

}  // namespace recoup::cli
