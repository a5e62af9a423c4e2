#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/robustness.h"
#include "core/time.h"

namespace recoup::core {

struct Assessment;
struct Judgement;

// ProviderIncident is a trouble of a service as the provider itself told of it. It corroborates
// what was measured: no figure, no Error and no credit comes of it.
struct ProviderIncident {
  std::uint64_t number = 0;           // the ledger's; 0: it is in none
  std::string provider;               // whose, as its records name it: "aws"
  std::string id;                     // the provider's own, by which it is known again
  std::vector<std::string> services;  // as the provider names them: "KMS", "Cloud Storage"
  std::vector<std::string> regions;   // likewise; empty: it does not say
  Instant begin;
  std::optional<Instant> end;        // not included; nothing: not over, as far as is known
  std::optional<Instant> announced;  // the provider's first word of it, as far as is known
  std::optional<Instant> updated;    // its last one
  std::string title;
  std::string url;                      // "https://…", or empty
  std::string source;                   // SHA-256 of the file it is from; empty: by hand
  std::vector<std::string> agreements;  // those of which the user said that it touches them

  // Its time. One whose end is not known reaches no further than the provider's last word of it:
  // what came later nobody was told.
  Interval span() const;

  bool operator==(const ProviderIncident&) const = default;
};

// What is known of an incident after its provider told of it again: what was said later holds, of
// first words the first. Number and the user's agreements stay.
ProviderIncident merged(const ProviderIncident& known, const ProviderIncident& told);

// SeenIncident is an incident that touches a cycle, and what was lost in it.
struct SeenIncident {
  ProviderIncident incident;
  std::uint64_t inside = 0;  // intervals below 100 % that overlap its time
  // Where there are any: the begin of the first lost interval of that loss. Lost intervals that are
  // at most an hour apart are one loss, and one may begin before the provider says.
  std::optional<Instant> first_lost = {};

  // How long before the provider's first word that was; negative: after it.
  std::optional<Millis> ahead() const;
};

// SeenIncidents are all incidents that touch a cycle, by begin, and how what was lost lies to them.
struct SeenIncidents {
  std::vector<SeenIncident> each;
  std::uint64_t inside = 0;   // intervals below 100 % that overlap at least one of them
  std::uint64_t outside = 0;  // and the others

  bool empty() const { return each.empty(); }
  std::vector<ProviderIncident> incidents() const;
};

// Sets the cycle's lost intervals against the incidents; those that do not overlap the cycle are
// left out.
SeenIncidents see_incidents(const Assessment& assessment, std::vector<ProviderIncident> incidents);

// What the judgement comes to if nothing had been lost outside of its incidents: every Error of an
// interval below 100 % that overlaps none counts as served. `now` is when it was judged.
Strike strike_outside(const Judgement& judgement, Instant now);

}  // namespace recoup::core
