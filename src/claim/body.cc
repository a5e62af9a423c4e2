#include "claim/documents.h"

#include <fmt/format.h>

#include "claim/words.h"
#include "core/redact.h"

namespace recoup::claim {
namespace {

using core::Ratio;

std::string row(std::string_view name, std::string_view value) {
  return fmt::format("| {} | {} |\n", name, value);
}

// What a user wrote, on one line and inside one cell of a table, without what is confidential.
std::string user_text(std::string_view raw) {
  std::string text = core::redact(raw);
  for (char& c : text) {
    if (c == '|') c = '/';
    if (c >= 0 && c < ' ') c = ' ';
  }
  return text;
}

std::string tier_text(const core::Tier& tier) {
  std::string text = fmt::format("less than {} %", short_percent(tier.below));
  if (tier.at_least) {
    text += fmt::format(" and at least {} %", short_percent(*tier.at_least));
  }
  return text;
}

std::string charges_text(const core::Charge& charge) {
  std::string text = fmt::format("{}, {}", core::to_text(charge.amount), charge.from);
  if (!charge.note.empty()) text += ": " + user_text(charge.note);
  return text;
}

std::string summary(const Claim& claim) {
  const core::Assessment& a = claim.assessment;
  const core::Version& version = *claim.version;
  std::string text = "| | |\n|---|---|\n";
  text += row("Service", claim.rule->service);
  if (!claim.agreement.account.empty()) text += row("Account", claim.agreement.account);
  if (!claim.agreement.region.empty()) text += row("Region", claim.agreement.region);
  text += row("Billing cycle",
              fmt::format("{}, from {} up to, not including, {}", core::to_text(a.cycle.month),
                          core::to_text(a.cycle.span.begin), core::to_text(a.cycle.span.end)));
  text += fmt::format("{}{} % (cut after 12 digits) |\n", kPercentLine, percent_text(a.uptime));
  text += fmt::format("{}{} |\n", kExactLine, fraction_text(a.uptime));
  text += row("Service Commitment", version.commitment_text + " %");
  text += row("Service Credit",
              fmt::format("{} % of the charges: Monthly Uptime Percentage {}",
                          short_percent(claim.credit.share), tier_text(version.credits[*a.tier])));
  text += row("Charges", charges_text(*claim.credit.charge));
  text += fmt::format("{}{} |\n", kAmountLine, core::to_text(*claim.credit.amount));
  return text;
}

std::string method(const Claim& claim) {
  const core::Version& version = *claim.version;
  return fmt::format(
      "By the contract's version of {} ({}):\n\n"
      "- An Error is a Request that returns {}.\n"
      "- Availability is the percentage of the Requests in a {}-minute interval that do not fail "
      "with Errors. An interval without Requests is 100 % available.\n"
      "- Monthly Uptime Percentage is the average of the Availability of all {}-minute intervals "
      "of "
      "the billing cycle.\n\n"
      "The grid of intervals begins with the billing cycle ({}). Each interval includes its begin "
      "and "
      "not its end; a request belongs to the interval that holds its start. Times are UTC.\n",
      core::to_text(version.effective), version.source, fmt::join(version.error.statuses, " or "),
      claim.assessment.interval.count(), claim.assessment.interval.count(), version.time_zone);
}

// S, the sum of errors/requests: what is lost of N intervals.
std::string figures(const core::Assessment& a) {
  const core::Totals& totals = a.totals;
  const Ratio all = Ratio::whole(a.parts.size());
  const Ratio lost = all - all * a.uptime;
  std::string text = "| | |\n|---|---|\n";
  text += row("N: intervals in the billing cycle", std::to_string(a.parts.size()));
  text += row("of these measured", std::to_string(totals.measured));
  text += row("silent (no Request, counted as 100 %)", std::to_string(totals.silent));
  text += row("excluded (counted as 100 %)", std::to_string(totals.excluded));
  text += row("below 100 %, listed in intervals.log", std::to_string(totals.below_100));
  text += row("Requests", std::to_string(totals.requests));
  text += row("Errors", std::to_string(totals.errors));
  text +=
      row("S: sum of errors / requests over intervals.log",
          fmt::format("{} = {}", fraction_text(lost), lost.to_decimal(12, core::Rounding::cut)));
  return text + "\nMonthly Uptime Percentage = 100 x (N - S) / N.\n";
}

std::string coverage(const core::Assessment& a, const core::Version& version) {
  const core::Totals& totals = a.totals;
  std::string text = fmt::format(
      "Requests were measured in {} of {} intervals. Not counted: {} requests that are no Requests "
      "under the contract, {} error answers that cannot be attributed to the provider, {} requests "
      "that were due and not sent.\n",
      totals.measured, a.parts.size(), totals.not_requests, totals.unattributed, totals.missed);
  if (totals.missed == 0) return text;
  text += fmt::format(
      "Had every request that was not sent met an Error, the Monthly Uptime Percentage would be "
      "{} %; had every one been served, {} %, ",
      percent_text(a.lower), percent_text(a.upper));
  text += a.upper < version.commitment ? "which is below the Service Commitment too.\n"
                                       : "which would meet the Service Commitment.\n";
  return text;
}

std::string exclusions(const Claim& claim) {
  std::string text;
  for (const core::ExclusionWindow& window : claim.agreement.exclusions) {
    if (!window.span.overlaps(claim.assessment.cycle.span)) continue;
    text += fmt::format("- {} to {}: {}\n", core::to_text(window.span.begin),
                        core::to_text(window.span.end), user_text(window.reason));
  }
  if (text.empty()) return "No time was excluded from the measurement.\n";
  return "Every interval that one of these touches counts as 100 % available:\n\n" + text;
}

std::string deadline(const core::Assessment& a) {
  if (!a.deadline) return "The contract names no date by which this request must be received.\n";
  if (a.deadline->safe == a.deadline->literal) {
    return fmt::format("This request must be received before {}.\n",
                       core::to_text(a.deadline->safe));
  }
  return fmt::format(
      "This request must be received before {} by the earlier reading of the contract, and before "
      "{} "
      "by its literal reading.\n",
      core::to_text(a.deadline->safe), core::to_text(a.deadline->literal));
}

std::string attachments(const Claim& claim, const Logged& logged) {
  std::string text = fmt::format(
      "- intervals.log: begin, end, requests, errors and Availability of the {} intervals below "
      "100 %.\n"
      "- requests.log: the {} failed Requests with a record: time, status, error, request id, "
      "duration. Confidential text is replaced by asterisks.\n",
      claim.assessment.totals.below_100, logged.total);
  if (logged.missing > 0) {
    text += fmt::format("  {} of the {} Errors were counted without a record of the request.\n",
                        logged.missing, logged.missing + logged.total);
  }
  return text +
         "- claim.json: all figures for a program to read.\n"
         "- SHA256SUMS: the digests of the files.\n";
}

}  // namespace

std::string subject_text(const Claim& claim) {
  const std::string& words = claim.version->claim.subject;
  std::string text = words.empty() ? claim.rule->service : words + ": " + claim.rule->service;
  if (!claim.agreement.region.empty()) text += ", " + claim.agreement.region;
  text += ", " + core::to_text(claim.assessment.cycle.month);
  if (claim.agreement.practice) text += fmt::format(" ({})", kPracticeNote);
  return text;
}

std::string body_text(const Claim& claim, const Logged& logged) {
  std::string text = fmt::format("# {}\n\n", subject_text(claim));
  if (claim.agreement.practice) text += fmt::format("**{}.**\n\n", kPracticeNote);
  text += fmt::format(
      "We request a Service Credit of {}: in this billing cycle the service did not "
      "meet the Service Commitment.\n\n",
      core::to_text(*claim.credit.amount));
  text += summary(claim);
  text += "\n## How it was computed\n\n" + method(claim) + '\n' + figures(claim.assessment);
  text += "\n## What was measured\n\n" + coverage(claim.assessment, *claim.version);
  text += "\n## Exclusions\n\n" + exclusions(claim);
  text += "\n## Attachments\n\n" + attachments(claim, logged);
  text += "\n## Deadline\n\n" + deadline(claim.assessment);
  return text;
}

}  // namespace recoup::claim
