#include "claim/readiness.h"

#include <algorithm>

#include <fmt/format.h>

#include "claim/digests.h"
#include "claim/shown_claim.h"
#include "core/text.h"
#include "report/contract_words.h"

namespace recoup::claim {
namespace {

std::string errors_text(std::uint64_t count) {
  return fmt::format("{} Error{}", count, count == 1 ? "" : "s");
}

// The contract wants logs that document the Errors.
void add_records(const Claim& claim, const Logged& logged, std::vector<Lack>& lacks) {
  const std::uint64_t all = logged.total + logged.missing;
  if (logged.total == 0) {
    Lack lack{
        fmt::format("none of the {} has a record of the request: requests.log would be "
                    "empty, and nothing would corroborate the outage",
                    errors_text(all)),
        "import the request logs of that time (not counts alone), so that each failed request "
        "can be shown",
        "missing-records"};
    if (claim.assessment.totals.unattributed > 0) {
      lack.text += fmt::format(
          "; {} error answers were recorded that cannot be attributed to the "
          "provider, and do not count",
          claim.assessment.totals.unattributed);
    }
    lacks.push_back(std::move(lack));
  } else if (logged.missing > 0) {
    lacks.push_back({fmt::format("{} of the {} {} no record of the request", logged.missing,
                                 errors_text(all), logged.missing == 1 ? "has" : "have"),
                     "import the request logs of that time, where there are some",
                     "missing-records"});
  }
}

// A provider finds a request in its own logs by the id that it gave it.
void add_ids(const Logged& logged, std::vector<Lack>& lacks) {
  if (logged.without_id == 0) return;
  lacks.push_back(
      {fmt::format("{} of the {} failed requests with a record {} no request id of the provider, "
                   "who cannot look {} up",
                   logged.without_id, logged.total, logged.without_id == 1 ? "has" : "have",
                   logged.without_id == 1 ? "it" : "them"),
       "import a log that has the provider's request ids, where you keep one"});
}

void add_charge(const Claim& claim, std::vector<Lack>& lacks) {
  const core::Charge& charge = *claim.credit.charge;
  if (charge.from == "estimate") {
    lacks.push_back(
        {"the charge is an estimate from a price book, and the credit is a share of the "
         "charges paid",
         "name the bill in [agreement.charges] when it is there, and write the claim "
         "again",
         "estimated-charge"});
  } else if (!charge.final) {
    lacks.push_back({"the charge is not final: the provider may still change it",
                     "write the claim again when the bill is final"});
  }
}

// An amount that passes the minimum, and does not as it is shown.
void add_minimum(const Claim& claim, std::vector<Lack>& lacks) {
  const auto& minimum = claim.version->minimum_credit;
  if (!minimum) return;
  const core::Money& amount = *claim.credit.amount;
  const auto shown = core::Ratio::parse(core::amount_text(amount));
  if (!shown || *shown > minimum->amount) return;
  lacks.push_back(
      {fmt::format("the amount is more than the contract's minimum of {} only before it is cut: "
                   "{} {} is shown as {}",
                   core::to_text(*minimum), core::exact_text(amount.amount), amount.currency,
                   core::to_text(amount)),
       "claim it all the same, with the exact amount that the body names"});
}

// A provider may say that another text was in force.
void add_text(const Claim& claim, std::vector<Lack>& lacks) {
  const core::Version& version = *claim.version;
  if (!version.effective) {
    lacks.push_back(
        {fmt::format("it is judged by the {}, and nobody knows when that came into force",
                     report::version_words(version)),
         "look up the contract's date, and say it as `effective` in [agreement.terms]"});
  }
  for (const core::Judgement& other : claim.other_readings) {
    lacks.push_back(
        {fmt::format("the provider may judge the cycle by the {}, by which the credit "
                     "is {} % of the charges and not {} %",
                     report::version_words(*other.version), core::short_percent(other.credit.share),
                     core::short_percent(claim.credit.share)),
         "find out which of both was in force"});
  }
}

// A claim is only taken of incidents that the provider was told of in time.
void add_notice(const Claim& claim, std::vector<Lack>& lacks) {
  const std::string first = report::notice_words(claim);
  if (first.empty()) return;
  const bool late = claim.asked >= claim.assessment.notice->safe;
  lacks.push_back({fmt::format("the contract asks for a step before the claim: {}", first),
                   late ? "write the number of each case that was opened in time into the claim; "
                          "what was not told in time may be refused"
                        : "take that step now, and write its number into the claim"});
}

void add_seal(const Claim& claim, std::vector<Lack>& lacks) {
  if (claim.seal || !claim.late_until) return;
  lacks.push_back(
      {"the month is not sealed: late logs may still change it",
       fmt::format("write the claim again after {}", core::to_text(*claim.late_until))});
}

// "Claims must be received by the end of the second billing cycle after which the incident
// occurred" (AWS KMS SLA).
void add_late(const Claim& claim, std::vector<Lack>& lacks) {
  const auto& deadline = claim.assessment.deadline;
  if (!deadline || claim.asked < deadline->safe) return;
  if (claim.asked >= deadline->literal) {
    lacks.push_back({fmt::format("it is too late: by either reading of the contract it had to be "
                                 "received before {}",
                                 core::to_text(deadline->literal)),
                     "ask the provider all the same, who may be generous", "late"});
  } else {
    lacks.push_back({fmt::format("by the earlier reading of the contract it is too late: it had to "
                                 "be received before {}",
                                 core::to_text(deadline->safe)),
                     fmt::format("send it at once, before {}", core::to_text(deadline->literal))});
  }
}

// What the records themselves may be doubted for: lines that nobody could read, and sources that
// have not every Request that was made.
void add_sources(const core::Assessment& a, std::vector<Lack>& lacks) {
  if (a.totals.unread > 0) {
    lacks.push_back(
        {fmt::format("{} of the logs could not be read, and {} not counted",
                     core::counted(a.totals.unread, "line"), a.totals.unread == 1 ? "is" : "are"),
         "see with `recoup assess` what the uptime would be if they were Requests; "
         "bring the logs anew where they were cut off or damaged"});
  }
  for (const core::Source& source : a.sources) {
    if (source.cannot_see.empty()) continue;
    lacks.push_back({fmt::format("the provider may count Requests that {} not: {}",
                                 core::listed(source.names, "and") +
                                     (source.names.size() == 1 ? " has" : " have"),
                                 source.cannot_see),
                     "say so where the provider's own figure is higher; another log of the same "
                     "Requests, with corroborates = true, shows how many there are"});
  }
}

// The contract divides Requests and Errors, and not estimates of them.
void add_estimated(const core::Assessment& a, std::vector<Lack>& lacks) {
  for (const core::Source& source : a.sources) {
    if (!source.estimated) continue;
    lacks.push_back(
        {fmt::format("the counts of {} are estimates: {} samples counters, and what they grew by "
                     "between samples is extrapolated",
                     core::listed(source.names, "and"), source.kind),
         "count the same Requests where each stands, by a log or a query of it, and name this "
         "one with corroborates = true",
         "estimated-counts"});
  }
}

// Two claims for the same charges are one too many.
void add_twin(const Claim& claim, std::vector<Lack>& lacks) {
  if (claim.twin.empty()) return;
  lacks.push_back({claim.twin,
                   "take one of both out of recoup.toml: probes and logs of one contract, "
                   "account and Region belong to one agreement",
                   "two-agreements"});
}

// A claim that comes too early is one that was not made.
void add_not_before(const Claim& claim, std::vector<Lack>& lacks) {
  if (!claim.too_early_until) return;
  const bool business = claim.version->claim.not_before->business_days;
  const std::string day = core::to_text(*claim.too_early_until);
  lacks.push_back(
      {fmt::format("the contract takes no claim before {}{}", day,
                   business ? ", with every day from Monday to Friday as a business day" : ""),
       fmt::format("keep it, and send it on {} or later{}", day,
                   business ? "; where a public holiday is among these days, later by "
                              "as many"
                            : "")});
}

// What CloudTrail's digests contradict; the body says it.
void add_changed(const Claim& claim, std::vector<Lack>& lacks) {
  const std::size_t changed = claim.digests ? changed_files(*claim.digests) : 0;
  if (changed == 0) return;
  lacks.push_back(
      {fmt::format("{} counted that {} not as CloudTrail signed {}, and the body says so",
                   core::counted(changed, "log file") + (changed == 1 ? " is" : " are"),
                   changed == 1 ? "is" : "are", changed == 1 ? "it" : "them"),
       "take such a file back with `recoup imports remove DIGEST`, and import it as it lies in "
       "S3"});
}

// What the provider may hold against the claim, by records that it has too.
void add_beside(const core::Assessment& a, std::vector<Lack>& lacks) {
  for (const core::Overlap& overlap : a.overlaps) {
    lacks.push_back({fmt::format("{} and {} are both counted, and see the same Requests: some "
                                 "count twice",
                                 overlap.one, overlap.other),
                     "name both in [[agreement.log]], one with corroborates = true",
                     "counted-twice"});
  }
  for (const core::Comparison& one : a.comparisons) {
    if (supports(one, a)) continue;
    lacks.push_back(
        {one.uptime ? fmt::format("the log {}, with which the claim is compared, would give an "
                                  "uptime of {} % by itself, and no claim like this",
                                  one.log, core::percent_text(*one.uptime))
                    : fmt::format("the log {}, with which the claim is compared, has no Request "
                                  "of the month",
                                  one.log),
         "see with `recoup assess` where they differ, before somebody else does; the claim does "
         "not name that log"});
  }
}

}  // namespace

std::vector<Lack> readiness(const Claim& claim, const Logged& logged) {
  std::vector<Lack> lacks;
  add_records(claim, logged, lacks);
  add_notice(claim, lacks);
  add_late(claim, lacks);
  add_twin(claim, lacks);
  add_estimated(claim.assessment, lacks);
  add_ids(logged, lacks);
  add_charge(claim, lacks);
  add_minimum(claim, lacks);
  add_text(claim, lacks);
  add_seal(claim, lacks);
  add_not_before(claim, lacks);
  add_sources(claim.assessment, lacks);
  add_beside(claim.assessment, lacks);
  add_changed(claim, lacks);
  for (const std::string& need : claim.version->claim.needs) {
    lacks.push_back({fmt::format("the contract wants in the claim what only you know: {}", need),
                     "add it to the case by hand"});
  }
  std::stable_partition(lacks.begin(), lacks.end(), [](const Lack& lack) { return lack.stops(); });
  return lacks;
}

core::Result<std::string> parse_accept(const std::string& text) {
  if (std::find(kAccepts.begin(), kAccepts.end(), text) != kAccepts.end()) return text;
  const std::vector<std::string> all(kAccepts.begin(), kAccepts.end());
  return core::Error{fmt::format("expected {}, got '{}'", core::listed(all, "or"), text)};
}

std::optional<core::Error> refusal(const std::vector<Lack>& lacks,
                                   const std::vector<std::string>& accepted) {
  const auto stops = [&](const Lack& lack) {
    return lack.stops() &&
           std::find(accepted.begin(), accepted.end(), lack.accept) == accepted.end();
  };
  const auto grave = std::find_if(lacks.begin(), lacks.end(), stops);
  if (grave == lacks.end()) return std::nullopt;
  return core::Error{
      "the claim is not ready: " + grave->text, "",
      fmt::format("{}; or write it all the same with --accept {}", grave->help, grave->accept)};
}

}  // namespace recoup::claim
