#include "claim/claim_words.h"

#include <algorithm>

#include <fmt/format.h>

#include "claim/documents.h"
#include "core/text.h"
#include "report/asides.h"

namespace recoup::claim {
namespace {

// "a, b and 3 others".
std::string few_of(const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 8;
  if (names.size() <= kMost) return core::listed(names);
  std::vector<std::string> few(names.begin(), names.begin() + kMost);
  few.push_back(fmt::format("{} others", names.size() - kMost));
  return core::listed(few);
}

std::string seen_by(const core::Source& source) {
  const bool many = source.names.size() > 1;
  if (source.kind == "probe") {
    std::string text = fmt::format("our probe{} {}", many ? "s" : "", few_of(source.names));
    return source.vantages.empty() ? text : text + " from " + few_of(source.vantages);
  }
  if (source.kind == "csm") {
    std::string text = "the AWS SDKs that made them";
    return source.vantages.empty() ? text : text + " at " + few_of(source.vantages);
  }
  if (source.kind == "cloudtrail") return "CloudTrail";
  const std::string text = fmt::format("the log{} {}", many ? "s" : "", few_of(source.names));
  return source.kind.empty() ? text : fmt::format("{} ({})", text, source.kind);
}

std::string times(std::uint64_t count, std::string_view what) {
  return fmt::format("{}{}", core::counted(count, what), count == 1 ? " was" : " were");
}

}  // namespace

std::string seen_by_text(const Claim& claim) {
  const bool account = !claim.agreement.account.empty();
  std::string text = account ? "The Requests of this account" : "The Requests";
  std::vector<std::string> seers;
  for (const core::Source& source : claim.assessment.sources) {
    if (!source.names.empty()) seers.push_back("by " + seen_by(source));
  }
  if (seers.empty()) return text + " that were measured.";
  for (std::size_t i = 0; i < seers.size(); ++i) {
    text += i == 0 ? " seen " : i + 1 == seers.size() ? ", and " : ", ";
    text += seers[i];
  }
  return text + '.';
}

std::vector<std::string> counted_texts(const Claim& claim) {
  const core::Assessment& a = claim.assessment;
  const core::Totals& totals = a.totals;
  std::vector<std::string> all;
  if (totals.not_requests > 0) {
    all.push_back(times(totals.not_requests, "request") +
                  " no Request under the contract, and not counted.");
  }
  if (totals.unattributed > 0) {
    all.push_back(times(totals.unattributed, "error answer") +
                  " not counted: nothing shows that the provider sent it.");
  }
  if (totals.missed > 0) {
    std::string text = fmt::format(
        "Of {} of our own probes that were due, {} sent.", core::grouped(a.probes.due()),
        core::grouped(a.probes.sent) + (a.probes.sent == 1 ? " was" : " were"));
    const auto refused = a.probes.missed[static_cast<std::size_t>(core::NotSent::refused)];
    if (refused > 0) {
      text += fmt::format(
          " {} sent beside them, refused for our own signature, clock or credentials, and not "
          "counted.",
          core::grouped(refused) + (refused == 1 ? " was" : " were"));
    }
    all.push_back(std::move(text));
  }
  for (std::string& sentence : report::claimed_asides(a)) all.push_back(std::move(sentence));
  // By the other bound it is no claim, which is for the user to know.
  if (!totals.is_sure() && a.upper < claim.version->commitment) {
    all.push_back(fmt::format(
        "Had every {} been served, the Monthly Uptime Percentage would be {} %: below the Service "
        "Commitment too.",
        report::not_sent_words(totals), core::percent_text(a.upper)));
  }
  return all;
}

std::string in_time_text(const Claim& claim) {
  const auto& deadline = claim.assessment.deadline;
  if (!deadline || claim.asked >= deadline->literal) return {};
  std::string text = "before " + core::to_text(deadline->literal);
  const auto& clauses = claim.version->clauses;
  const auto clause = std::find_if(clauses.begin(), clauses.end(),
                                   [](const core::Clause& one) { return one.name == "deadline"; });
  return clause == clauses.end() ? text : fmt::format("{} ({})", text, clause->text);
}

std::string partner_text(const Claim& claim) {
  if (!claim.agreement.by_partner) return {};
  const std::string& account = claim.agreement.account;
  return fmt::format(
      "To the partner from whom we buy the service: this concerns {}{}. Please claim it from the "
      "provider for us.",
      account.empty() ? "" : fmt::format("the account {}, ", account), place_text(claim));
}

std::string issued_text(const Claim& claim) {
  return core::to_text(core::Date(std::chrono::floor<std::chrono::days>(claim.asked)));
}

std::string part_text(const Claim& claim) {
  const core::Agreement& agreement = claim.agreement;
  if (!claim.assessment.cycle.in_part) return {};
  std::string text = "the service was used";
  if (agreement.since) text += fmt::format(" from {}", core::to_text(*agreement.since));
  if (agreement.until) {
    text += fmt::format(" up to, not including, {}", core::to_text(*agreement.until));
  }
  return text + (claim.version->part_month == core::PartMonth::used_time
                     ? "; that time alone counts"
                     : "; the whole billing cycle counts");
}

}  // namespace recoup::claim
