#include "service/notify/notice.h"

#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/text.h"
#include "report/json.h"
#include "report/votes_words.h"
#include "report/words.h"

namespace recoup::service {
namespace {

using record::ClaimLife;
using record::ClaimState;

// When a deadline is told of: two weeks before it, and again when hardly any time is left.
constexpr std::chrono::days kEarly = record::kClaimWarning;
constexpr std::chrono::days kLate{3};

std::string month_name(const ClaimLife& life) {
  return fmt::format("{} {}", life.ground.agreement, core::to_text(life.ground.month));
}

std::string amount_words(const ClaimLife& life) {
  const auto& amount = life.submitted ? life.asked : life.ground.amount;
  return amount ? core::to_text(*amount) : "a Service Credit whose amount is not known";
}

Notice of_claim(std::string kind, const ClaimLife& life, std::string text) {
  Notice notice{std::move(kind), "", std::move(text), life.ground.agreement, life.ground.month};
  notice.name =
      fmt::format("{}/{}/{}", notice.kind, life.ground.agreement, core::to_text(life.ground.month));
  notice.amount = life.submitted ? life.asked : life.ground.amount;
  notice.next = report::next_step(life);
  return notice;
}

void add_claimable(const ClaimLife& life, std::vector<Notice>& out) {
  if (life.state != ClaimState::claimable) return;
  std::string text = fmt::format("{}: {} can be claimed", month_name(life), amount_words(life));
  if (life.ground.due) {
    text = fmt::format("{}: {} is owed, and comes by itself before {}", month_name(life),
                       amount_words(life), core::to_text(life.ground.due->by));
  }
  Notice notice = of_claim("claimable", life, text + ".");
  if (life.ground.deadline) notice.until = life.ground.deadline->safe;
  out.push_back(std::move(notice));
}

void add_deadline(const ClaimLife& life, core::Instant now, std::vector<Notice>& out) {
  const bool open = life.state == ClaimState::claimable || life.state == ClaimState::written;
  const auto& deadline = life.ground.deadline;
  if (!open || !deadline || now < deadline->safe - kEarly) return;
  const bool late = now >= deadline->safe - kLate;
  Notice notice =
      of_claim("deadline", life,
               fmt::format("{}: the claim for {} must be received before {}{}.", month_name(life),
                           amount_words(life), core::to_text(deadline->safe),
                           deadline->safe == deadline->literal
                               ? ""
                               : fmt::format(" (by the later reading before {})",
                                             core::to_text(deadline->literal))));
  notice.name += late ? "/3-days" : "/14-days";
  notice.until = deadline->safe;
  out.push_back(std::move(notice));
}

// A claim that is sent anew is told of anew.
void add_payment(const ClaimLife& life, std::vector<Notice>& out) {
  if (life.state == ClaimState::overdue) {
    Notice notice = of_claim(
        "overdue", life,
        fmt::format("{}: the credit of {} was due before {}, and was not noted.", month_name(life),
                    amount_words(life), core::to_text(*life.credit_due)));
    notice.name += '/' + core::to_text(*life.credit_due);
    notice.until = life.credit_due;
    out.push_back(std::move(notice));
  }
  if (life.state == ClaimState::credited_in_part) {
    Notice notice =
        of_claim("credited_in_part", life,
                 fmt::format("{}: {} was given, {}.", month_name(life),
                             core::to_text(*life.credited), report::payment_words(life)));
    notice.name += '/' + core::to_text(*life.credited);
    out.push_back(std::move(notice));
  }
}

void add_running(const core::Judgement& judgement, std::vector<Notice>& out) {
  const core::Assessment& a = judgement.assessment;
  if (a.met || !a.breach_certain) return;
  const std::string& id = judgement.agreement.id;
  const core::Month month = a.cycle.month;
  Notice notice{"breach_certain", fmt::format("breach_certain/{}/{}", id, core::to_text(month)),
                fmt::format("{} {}: the Monthly Uptime Percentage will be below {} %, whatever is "
                            "still to come. The claim can be written when the cycle is over.",
                            id, core::to_text(month), judgement.version->commitment_text),
                id, month};
  // Whom to wake: the provider's fault, or that of the way to it.
  if (const auto& votes = judgement.robustness.votes) {
    if (const std::string seen = report::votes_sentence(*votes); !seen.empty()) {
      notice.text += ' ' + seen;
    }
  }
  notice.until = a.cycle.span.end;
  notice.next = fmt::format("recoup assess --agreement {} --month {}", id, core::to_text(month));
  out.push_back(std::move(notice));
}

void add_silent(const record::FollowedLog& log, std::vector<Notice>& out) {
  if (!log.silent_since) return;
  const std::string since = core::to_text(*log.silent_since);
  const std::string text =
      log.away_since ? fmt::format("{}: the query {} has not been answered since {}: {}",
                                   log.agreement, log.log, since, log.away_why)
                     : fmt::format("{}: the {} {} has said nothing since {}, and should.",
                                   log.agreement, log.is_query ? "query" : "log", log.log, since);
  Notice notice{"source_silent",
                fmt::format("source_silent/{}/{}/{}", log.agreement, log.log, since), text,
                log.agreement};
  notice.until = log.silent_since;
  out.push_back(std::move(notice));
}

report::Json optional_text(const std::string& text) {
  return text.empty() ? report::Json(nullptr) : report::Json(report::json_text(text));
}

}  // namespace

std::vector<Notice> notices_of(const report::Snapshot& snapshot) {
  std::vector<Notice> out;
  std::set<std::string> practice;
  for (const auto& judgement : snapshot.judgements) {
    if (judgement->agreement.practice) {
      practice.insert(judgement->agreement.id);
    } else {
      add_running(*judgement, out);
    }
  }
  for (const record::PastCycles& past : snapshot.past) {
    if (practice.contains(past.agreement)) continue;
    for (const ClaimLife& life : past.claims) {
      add_claimable(life, out);
      add_deadline(life, snapshot.at, out);
      add_payment(life, out);
    }
  }
  for (const record::FollowedLog& log : snapshot.logs) {
    if (!practice.contains(log.agreement)) add_silent(log, out);
  }
  return out;
}

Notice test_notice(core::Instant now) {
  return {"test", "test/" + core::to_text(now),
          "This is a test of recoup: what it has to tell comes here.", ""};
}

std::string notice_json(const Notice& notice, core::Instant at) {
  const report::Json json = {
      {"schema", 1},
      {"kind", notice.kind},
      {"name", notice.name},
      {"at", core::to_text(at)},
      {"text", report::json_text(notice.text)},
      {"agreement", optional_text(notice.agreement)},
      {"month", notice.month ? report::Json(core::to_text(*notice.month)) : report::Json(nullptr)},
      {"amount", report::money_json(notice.amount)},
      {"until", report::instant_json(notice.until)},
      {"next", optional_text(notice.next)}};
  return report::on_one_line(json);
}

}  // namespace recoup::service
