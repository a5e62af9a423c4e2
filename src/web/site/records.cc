#include "web/site/records.h"

#include <algorithm>

#include "core/text.h"

namespace recoup::web {
namespace {

bool passes(const record::Evidence& record, const EvidenceFilter& filter) {
  if (!filter.source.empty() && record.source != filter.source) return false;
  return core::lower_case(core::to_text(record.outcome)).find(core::lower_case(filter.outcome)) !=
         std::string::npos;
}

// The place behind a record that begins at the instant.
void pass(EvidencePlace& place, core::Instant at) {
  if (at == place.at) {
    ++place.skip;
  } else {
    place = {at, 1};
  }
}

}  // namespace

core::Result<EvidencePage> Records::evidence(const std::string& agreement,
                                             const core::Interval& span, EvidencePlace from,
                                             const EvidenceFilter& filter, std::size_t most) {
  if (filter.empty()) return evidence(agreement, span, from, most);
  constexpr std::size_t kAtOnce = 1000;
  constexpr std::size_t kMostSeen = 20'000;
  EvidencePage found;
  std::size_t seen = 0;
  for (bool more = true; more;) {
    auto page = evidence(agreement, span, from, kAtOnce);
    if (!page) return page;
    found.removed_until = page->removed_until;
    more = page->next.has_value();
    for (record::Evidence& record : page->records) {
      if (found.records.size() == most || seen == kMostSeen) {
        found.next = from;
        found.is_cut = found.records.size() < most;
        return found;
      }
      ++seen;
      pass(from, record.at);
      if (passes(record, filter)) found.records.push_back(std::move(record));
    }
  }
  return found;
}

}  // namespace recoup::web
