#include "config/lapse_settings.h"

#include <fmt/format.h>

#include "billing/books/price_book.h"
#include "rules/rule_file.h"
#include "rules/zones.h"

namespace recoup::config {
namespace {

constexpr const char* kInstant = "an instant";

// The book of the agreement's contract that has these terms, and its zone.
template <typename Terms>
struct Found {
  const Terms* terms = nullptr;
  std::optional<core::Zone> zone;
};

template <typename Terms>
Found<Terms> find_terms(const documents::Value& list, const billing::PriceShelf& books,
                        const std::string& sla, std::optional<Terms> billing::PriceBook::*member) {
  for (const auto& book : books.books_for(sla)) {
    if (!((*book).*member)) continue;
    auto zone = rules::find_zone(book->time_zone);
    if (zone) return {&*((*book).*member), *std::move(zone)};
  }
  if (!sla.empty()) {
    list.complain(
        fmt::format("expected a contract whose price book has an [{}], got {}", list.key(), sla),
        "use [[agreement.exclusion]] with the instants and the reason");
  }
  return {};
}

void exclude(core::Instant from, std::optional<core::Instant> to, std::string reason,
             core::Agreement& agreement) {
  const core::Interval span{from, to.value_or(core::kOpenEnd)};
  if (!span.empty()) agreement.exclusions.push_back({span, std::move(reason)});
}

void check_after(const documents::Value& end, core::Instant at, core::Instant begin) {
  if (begin < at) return;
  end.complain(fmt::format("expected {} after {}, got {}", kInstant, core::to_text(begin),
                           core::to_text(at)));
}

void read_expiry(const documents::Table& table, const Found<core::ExpiryTerms>& found,
                 core::Agreement& agreement, Lapses& out) {
  const auto date = table.required("date").date();
  const documents::Value renewed = table.optional("renewed");
  const std::vector<std::string> midnights{"begin", "end"};
  const bool at_end = table.optional("midnight").word(midnights).value_or(0) == 1;
  const auto until = renewed.instant_in(found.zone.value_or(core::Zone::utc()));
  if (!date || found.terms == nullptr) return;
  const auto timeline = core::expiry_timeline(*found.terms, *date, at_end, *found.zone);
  if (until) check_after(renewed, *until, timeline.expiry);
  exclude(timeline.expiry, until,
          fmt::format("the instance was past its expiry of {} ({} {}) and not renewed: the "
                      "customer's own cause",
                      core::to_text(*date), at_end ? "24:00" : "00:00", found.zone->name()),
          agreement);
  out.expiries.push_back({*date, timeline, until, found.zone->name(), found.terms->remarks});
}

void read_overdue(const documents::Table& table, const Found<core::OverdueTerms>& found,
                  core::Agreement& agreement, Lapses& out) {
  const core::Zone zone = found.zone.value_or(core::Zone::utc());
  const auto since = table.required("since").instant_in(zone);
  const documents::Value paid = table.optional("paid");
  const auto until = paid.instant_in(zone);
  if (!since || found.terms == nullptr) return;
  if (until) check_after(paid, *until, *since);
  exclude(*since, until, "the account was overdue, so API calls failed: the customer's own cause",
          agreement);
  out.overdues.push_back(
      {*since, until, core::last_restoration(*found.terms, *since, zone), zone.name()});
}

}  // namespace

Lapses read_lapses(const documents::Table& table, const billing::PriceShelf& books,
                   core::Agreement& agreement) {
  Lapses lapses;
  const std::string contract = rules::contract_id(agreement.sla);
  const documents::Value expiries = table.optional("expiry");
  if (expiries) {
    const auto found = find_terms(expiries, books, contract, &billing::PriceBook::expiry);
    for (const documents::Table& expiry : expiries.tables()) {
      read_expiry(expiry, found, agreement, lapses);
    }
  }
  const documents::Value overdues = table.optional("overdue");
  if (overdues) {
    const auto found = find_terms(overdues, books, contract, &billing::PriceBook::overdue);
    for (const documents::Table& overdue : overdues.tables()) {
      read_overdue(overdue, found, agreement, lapses);
    }
  }
  return lapses;
}

}  // namespace recoup::config
