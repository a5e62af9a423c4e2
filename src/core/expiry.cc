#include "core/expiry.h"

namespace recoup::core {
namespace {

Date days_after(Date day, int days) { return std::chrono::sys_days(day) + std::chrono::days(days); }

// The day of the zone that holds the instant.
Date day_of(Instant at, const Zone& zone) {
  return std::chrono::floor<std::chrono::days>(at + zone.offset_at(at));
}

}  // namespace

ExpiryTimeline expiry_timeline(const ExpiryTerms& terms, Date expires, bool at_end_of_day,
                               const Zone& zone) {
  const Date first = days_after(expires, at_end_of_day ? 1 : 0);
  const Date suspended = days_after(first, terms.kept_days);
  const Date released = days_after(suspended, terms.released_on_day);
  ExpiryTimeline timeline;
  for (const int days : terms.reminders) {
    timeline.reminders.push_back(zone.begin_of(days_after(first, -days)));
  }
  timeline.expiry = zone.begin_of(first);
  timeline.suspension = zone.begin_of(suspended);
  timeline.last_day = days_after(released, -1);
  timeline.release = zone.begin_of(released);
  return timeline;
}

Instant last_restoration(const OverdueTerms& terms, Instant overdue_since, const Zone& zone) {
  const Date day = day_of(overdue_since, zone);
  const Month month = day.year() / day.month() + std::chrono::months(terms.restored_within_months);
  Date last = month / day.day();
  if (!last.ok()) last = month / std::chrono::last;
  return zone.begin_of(days_after(last, 1));
}

}  // namespace recoup::core
