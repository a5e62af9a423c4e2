#include "judge/otherwise.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/assess.h"
#include "core/classify.h"
#include "core/text.h"

namespace recoup::judge {
namespace {

using core::kNoAnswers;
using core::NoAnswer;
using core::Otherwise;
using core::Result;
using core::Verdict;
using core::Version;

// Another reading, as a version that says so.
struct Variation {
  std::string what;
  std::string taken;
  Version version;
  bool of_no_answers = false;
};

// The version without a word on requests that got no answer.
Version silent_on_no_answers(Version version) {
  std::erase_if(version.not_a_request, [](const std::string& entry) {
    const auto is_it = [&](NoAnswer reason) { return entry == core::to_text(reason); };
    return entry == "no-answer" || std::any_of(kNoAnswers.begin(), kNoAnswers.end(), is_it);
  });
  version.error.no_answer_within.reset();
  version.error.no_answer.clear();
  return version;
}

void add_no_answers(const Version& version, const core::Tallies& tallies,
                    std::vector<Variation>& all) {
  std::vector<core::Classified> seen;
  for (const core::Outcome& outcome : tallies.outcomes()) {
    if (std::holds_alternative<core::Failed>(outcome)) {
      seen.push_back(core::classify(version, outcome));
    }
  }
  const auto other = [&](Verdict verdict) {
    return std::find_if(seen.begin(), seen.end(),
                        [&](const core::Classified& one) { return one.verdict != verdict; });
  };
  const auto add = [&](Verdict verdict, std::string what, Version read) {
    const auto taken = other(verdict);
    if (taken == seen.end()) return;
    all.push_back({std::move(what),
                   fmt::format("{}: {}", core::to_text(taken->verdict), taken->clause),
                   std::move(read), true});
  };
  Version errors = silent_on_no_answers(version);
  errors.error.no_answer.assign(kNoAnswers.begin(), kNoAnswers.end());
  add(Verdict::error, "requests without an answer are Errors", std::move(errors));
  add(Verdict::served, "requests without an answer are Requests that did not fail",
      silent_on_no_answers(version));
  Version none = silent_on_no_answers(version);
  none.not_a_request.emplace_back("no-answer");
  add(Verdict::not_a_request, "requests without an answer are no Requests", std::move(none));
}

// Answers that refused our own signature, clock or credentials, as what they were not taken for. By
// no reading are they Errors: the provider did nothing wrong.
void add_refused(const Version& version, const core::Tallies& tallies,
                 std::vector<Variation>& all) {
  const auto add = [&](Verdict taken, core::RefusedAs other, const char* what) {
    for (const core::Outcome& outcome : tallies.outcomes()) {
      const auto* answer = std::get_if<core::Answered>(&outcome);
      if (answer == nullptr || !answer->refused) continue;
      core::Classified seen = core::classify(version, outcome);
      if (seen.verdict != taken) continue;
      all.push_back({what, fmt::format("{}: {}", core::to_text(taken), seen.clause), version});
      all.back().version.refused_as = other;
      return;
    }
  };
  add(Verdict::served, core::RefusedAs::left_out,
      "answers that refused our own signature, clock or credentials are left out");
  add(Verdict::refused, core::RefusedAs::served,
      "answers that refused our own signature, clock or credentials are Requests that did not "
      "fail");
}

std::vector<Variation> variations(const core::Judgement& judgement, const core::Tallies& tallies) {
  const Version& version = *judgement.version;
  const core::Assessment& a = judgement.assessment;
  std::vector<Variation> all;
  add_no_answers(version, tallies, all);
  if (a.refused.all > 0) add_refused(version, tallies, all);
  if (a.totals.unattributed > 0) {
    Variation one{"error answers without the provider's request id are the provider's",
                  fmt::format("without the header {} somebody on the way may have answered",
                              version.error.needs_request_id),
                  version};
    one.version.error.needs_request_id.clear();
    all.push_back(std::move(one));
  }
  if (a.totals.excluded > 0) {
    const bool left_out = version.excluded == core::Excluded::left_out;
    Variation one{left_out ? "excluded intervals count as 100 % available"
                           : "excluded intervals are none that the uptime is divided by",
                  left_out ? "they are left out" : "they count as 100 % available", version};
    one.version.excluded = left_out ? core::Excluded::available : core::Excluded::left_out;
    all.push_back(std::move(one));
  }
  if (a.indirect) {
    Variation one{version.count_indirect
                      ? "calls by other services on the account's behalf are no Requests"
                      : "calls by other services on the account's behalf are Requests",
                  version.count_indirect ? "count_indirect = true in the agreement"
                                         : "a Request is a direct call of the API",
                  version};
    one.version.count_indirect = !version.count_indirect;
    all.push_back(std::move(one));
  }
  return all;
}

Otherwise judged(const Version& version, const core::Assessment& a,
                 const core::Judgement& judgement, std::string what, std::string taken) {
  return {std::move(what),
          std::move(taken),
          a.is_measured(),
          a.uptime,
          a.met,
          a.tier,
          core::credit(version, a, judgement.credit.charge)};
}

// Every line that could not be read as a Request that failed, or as one that did not.
void add_unread(const core::Judgement& judgement, core::Instant now, std::vector<Otherwise>& all) {
  const core::Assessment& a = judgement.assessment;
  if (a.totals.unread == 0) return;
  for (const bool failed : {true, false}) {
    core::ByResource counts = a.by_resource();
    for (core::IntervalRuns& one : counts) {
      for (core::IntervalRun& run : one) {
        run.part.requests += run.part.unread;
        if (failed) run.part.errors += run.part.unread;
      }
    }
    const core::Assessment other =
        core::assess_runs(*judgement.version, judgement.zone, a.cycle, counts, a.probes,
                          judgement.agreement.exclusions, now);
    all.push_back(judged(*judgement.version, other, judgement,
                         fmt::format("the {} of logs that could not be read {} {}",
                                     core::counted(a.totals.unread, "line"),
                                     a.totals.unread == 1 ? "is a Request" : "are Requests",
                                     failed ? "with an Error" : "without an Error"),
                         "nobody knows what they were: they are not counted"));
  }
}

// "Greater than one dollar" is asked of the exact amount.
void add_minimum(const core::Judgement& judgement, std::vector<Otherwise>& all) {
  const core::Credit& credit = judgement.credit;
  const auto& minimum = judgement.version->minimum_credit;
  if (!minimum || !credit.amount || !credit.eligible) return;
  const auto shown = core::Ratio::parse(core::amount_text(*credit.amount));
  if (!shown || *shown > minimum->amount) return;
  const core::Assessment& a = judgement.assessment;
  Otherwise one = judged(*judgement.version, a, judgement,
                         "the minimum credit is asked of the amount as it is shown",
                         "of the exact amount, before it is cut");
  one.credit.eligible = false;
  one.credit.amount.reset();
  one.credit.reason = fmt::format("{} {} is not more than {}", core::amount_text(*credit.amount),
                                  credit.amount->currency, core::to_text(*minimum));
  all.push_back(std::move(one));
}

}  // namespace

Result<std::vector<Otherwise>> read_otherwise(ledger::TallyStore& ledger,
                                              const core::Judgement& judgement, core::Instant now) {
  const core::Assessment& a = judgement.assessment;
  std::vector<Otherwise> all;
  if (!a.is_measured()) return all;
  const auto tallies = ledger.tallies(judgement.agreement.id, a.cycle.span);
  if (!tallies) return tallies.error();
  for (Variation& one : variations(judgement, *tallies)) {
    const core::Assessment other = core::assess(one.version, judgement.zone, a.cycle, *tallies,
                                                judgement.agreement.exclusions, now);
    all.push_back(judged(one.version, other, judgement, std::move(one.what), std::move(one.taken)));
    all.back().of_no_answers = one.of_no_answers;
  }
  add_unread(judgement, now, all);
  std::erase_if(all, [&](const Otherwise& one) { return one.measured && one.uptime == a.uptime; });
  add_minimum(judgement, all);
  return all;
}

}  // namespace recoup::judge
