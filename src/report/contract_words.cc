#include "report/contract_words.h"

#include <fmt/format.h>

#include "core/text.h"
#include "record/redact.h"

namespace recoup::report {
namespace {

std::string outcome_words(const core::Judgement& judgement) {
  const core::Assessment& a = judgement.assessment;
  if (!a.is_measured()) return "nothing is measured";
  std::string text =
      fmt::format("the uptime is {} % of {} % promised, and the credit {} % of the charges",
                  core::percent_text(a.uptime), judgement.version->commitment_text,
                  core::short_percent(judgement.credit.share));
  if (judgement.credit.amount) text += ", " + core::to_text(*judgement.credit.amount);
  return text;
}

// Why the cycle can be read by the other version too.
std::string other_words(const core::Judgement& judged, const core::Judgement& other) {
  const core::Version& version = *other.version;
  const std::string words = version_words(version);
  const bool unknown = !version.effective || !judged.version->effective;
  if (unknown) return fmt::format("The {} may have been in force", words);
  return fmt::format(
      "The {} came into force within the billing cycle, and the contract does not say which holds "
      "for it: judged by that of its first day",
      words);
}

}  // namespace

std::string version_words(const core::Version& version) {
  if (version.effective && !version.read) return "version of " + core::to_text(*version.effective);
  std::string text = "text read on " + core::to_text(version.date());
  if (version.effective) text += ", in force since " + core::to_text(*version.effective);
  return text;
}

std::string undated_words(const core::Version& version) {
  if (version.effective) return {};
  return fmt::format("By the {}; when it came into force is not known.", version_words(version));
}

namespace {

// What was watched of several resources whose time is summed, and which of them lost any.
void add_resources(const core::Judgement& judgement, std::vector<std::string>& all) {
  constexpr std::size_t kMostLosing = 20;
  const core::Version& version = *judgement.version;
  const auto& resources = judgement.assessment.resources;
  const auto watched = static_cast<std::size_t>(std::count_if(
      resources.begin(), resources.end(), [](const auto& one) { return one.is_measured(); }));
  all.push_back(fmt::format("The time of {} {} is summed, and what each loses adds up: {}.",
                            resources.size(), version.summed_over,
                            watched == resources.size()
                                ? std::string("all of them were watched")
                                : fmt::format("{} of them {} watched, and the time of the others "
                                              "counts as available",
                                              watched, watched == 1 ? "was" : "were")));
  std::vector<std::string> lost;
  for (const core::ResourceShare& one : resources) {
    if (one.totals.below_100 == 0) continue;
    lost.push_back(fmt::format("{} {} (in all {} Errors of {})", record::redact(one.name),
                               core::counted(one.totals.below_100, "interval"),
                               core::grouped(one.totals.errors),
                               core::counted(one.totals.requests, "Request")));
  }
  if (lost.size() > kMostLosing) {
    const std::size_t rest = lost.size() - kMostLosing;
    lost.resize(kMostLosing);
    lost.push_back(fmt::format("{} others", rest));
  }
  if (!lost.empty()) all.push_back(fmt::format("Lost by each: {}.", fmt::join(lost, "; ")));
  if (judgement.assessment.unnamed > 0) {
    all.push_back(fmt::format(
        "Left out: {} of sources that name none of these: say whose they are with resource = \"…\" "
        "in their [[agreement.probe]] or [[agreement.log]].",
        core::counted(judgement.assessment.unnamed, "Request")));
  }
}

}  // namespace

std::vector<std::string> text_asides(const core::Judgement& judgement) {
  std::vector<std::string> all;
  if (std::string undated = undated_words(*judgement.version); !undated.empty()) {
    all.push_back(std::move(undated));
  }
  const core::Version& version = *judgement.version;
  if (!version.summed_over.empty() && version.resources.empty()) {
    all.push_back(fmt::format("The contract sums the time of all {}: this is as if there were one.",
                              version.summed_over));
  } else if (!judgement.assessment.resources.empty()) {
    add_resources(judgement, all);
  } else if (version.times_counted() > 1) {
    all.push_back(fmt::format(
        "The time of {} {} is summed: one of them is watched, and the time of the others counts as "
        "available.",
        version.resources.size(), version.summed_over));
  }
  if (version.excluded == core::Excluded::left_out && judgement.assessment.totals.excluded > 0) {
    all.push_back(
        "What an exclusion touches is left out of the time that the uptime is divided by.");
  }
  if (!version.operations.empty()) {
    all.push_back(
        fmt::format("The contract counts these operations alone: {}. Whatever probes and "
                    "logs have seen is taken for one of them.",
                    fmt::join(version.operations, ", ")));
  }
  for (const core::Judgement& other : judgement.other_readings) {
    all.push_back(fmt::format("{}. By the other text {}.", other_words(judgement, other),
                              outcome_words(other)));
  }
  return all;
}

std::string cycle_words(const core::Version& version) {
  switch (version.calendar) {
    case core::Calendar::month: break;
    case core::Calendar::quarter: return "a calendar quarter, named by its first month";
    case core::Calendar::purchase_day:
      return "from the day of the month of purchase to the same day of the next, named by the "
             "month "
             "in which it begins";
    case core::Calendar::days:
      return fmt::format("{} days, named month after month from the one in which the first began",
                         version.cycle_days);
  }
  return "a calendar month";
}

std::string notice_words(const core::Judgement& judgement) {
  const auto& dates = judgement.assessment.notice;
  const auto& notice = judgement.version->claim.notice;
  if (!dates || !notice) return {};
  return fmt::format("{}, before {} for the first incident and before {} for the last one",
                     record::redact(notice->how), core::to_text(dates->safe),
                     core::to_text(dates->literal));
}

std::vector<std::string> source_words(const core::Version& version) {
  std::vector<std::string> all;
  for (const auto& [term, source] : version.sources) {
    if (source.at == version.source) continue;
    all.push_back(fmt::format("{}: {}{}{}", term, source.at,
                              source.read.empty() ? "" : ", read on " + source.read,
                              source.note.empty() ? "" : "; " + record::redact(source.note)));
  }
  return all;
}

}  // namespace recoup::report
