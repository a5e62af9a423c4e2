#include "web/pages/page_next.h"

#include <algorithm>

#include <fmt/format.h>

#include "claim/page/html_sections.h"
#include "core/text.h"
#include "report/html_text.h"
#include "web/pages/page_judgement.h"

namespace recoup::web {
namespace {

using record::ClaimLife;
using record::ClaimState;

// What is to be done: sentences, each with the command that does it, and where else it can be done.
struct Step {
  struct Line {
    Html words;
    std::string command = {};
  };
  std::vector<Line> lines;
  bool waits = false;                     // nothing can be done now
  std::optional<core::Month> claim = {};  // whose claim it is about
  bool file = false;                      // that can be downloaded
};

Step to_do(const Html& words, const std::string& command = {}) {
  Step step;
  step.lines.push_back({words, command});
  return step;
}

Step idle(const Html& words) {
  Step step = to_do(words);
  step.waits = true;
  return step;
}

std::string of_month(const std::string& agreement, core::Month month) {
  return fmt::format("--agreement {} --month {}", agreement, core::to_text(month));
}

std::string write_command(const std::string& agreement, core::Month month) {
  return fmt::format("recoup claim {} --out {}", of_month(agreement, month),
                     record::claim_folder(agreement, month));
}

std::string mark_command(const record::ClaimGround& of, std::string_view step) {
  return fmt::format("recoup claims mark {} {}", of_month(of.agreement, of.month), step);
}

record::ClaimGround ground_of(const MonthView& view) {
  record::ClaimGround ground;
  ground.agreement = view.id();
  ground.month = view.month();
  return ground;
}

// Why nobody can say what the service cost: nothing names it, or what is named does not hold it.
Html charge_missing(const core::Credit& credit) {
  const std::string& why = credit.charge_error;
  if (!why.empty()) {
    return Html(
        "What the service cost is not known: what is named under <code>[agreement.charges]</code> "
        "does not say it yet ({}).",
        report::outside_html(why.substr(0, why.find('\n'))));
  }
  return "What the service cost is not known: name a bill or a price book under "
         "<code>[agreement.charges]</code> in recoup.toml.";
}

// Whether the claim lacks something without which it is not written.
bool is_stopped(const MonthView& view) {
  return std::any_of(view.lacks.begin(), view.lacks.end(),
                     [](const claim::Lack& lack) { return lack.stops(); });
}

// What is missing before anybody can claim.
void add_lacking(const MonthView& view, Step& step) {
  const core::Judgement& judgement = *view.judgement;
  if (!judgement.credit.charge && judgement.credit.share > core::Ratio()) {
    step.lines.push_back({charge_missing(judgement.credit)});
  }
  if (judgement.version->status == core::Status::partial) {
    step.lines.push_back(
        {"The contract's text lacks terms that a claim needs; supply them under "
         "<code>[agreement.terms]</code>."});
  }
  if (is_stopped(view)) {
    step.file = false;
    step.lines.push_back(
        {"It is not written before something is mended: "
         "<a href=\"#claim\">what it lacks</a>."});
  }
}

// A credit that comes by itself leaves nothing to write.
void add_watching(const record::ClaimGround& of, const core::Zone& zone, const core::CreditDue& due,
                  Step& step) {
  step.lines.push_back(
      {Html("The credit for {} comes by itself: watch the bill until {}. When it is there:",
            report::month_name(of.month), moment_html(due.by, zone)),
       mark_command(of, "credited --amount AMOUNT")});
}

Step of_running(const MonthView& view) {
  const core::Judgement& judgement = *view.judgement;
  if (report::state_of(judgement) == report::State::silent) {
    return to_do("Nothing was measured yet. What will be probed, and what that can show, says",
                 "recoup check");
  }
  if (!gives_credit(judgement)) {
    const std::string uncounted = uncounted_text(judgement);
    if (uncounted.empty()) return idle("Nothing to do.");
    return to_do(Html("See <a href=\"#uncounted\">why {} {} not counted</a>.", uncounted,
                      uncounted.starts_with("1 ") ? Html("is") : "are"));
  }
  Step step = idle(Html("Nothing before {}, when the cycle is over.",
                        moment_html(view.assessment().cycle.span.end, judgement.zone)));
  if (const auto& due = view.assessment().due) {
    add_watching(ground_of(view), judgement.zone, *due, step);
    return step;
  }
  step.lines.push_back({"Then:", write_command(view.id(), view.month())});
  add_lacking(view, step);
  return step;
}

Step of_unmeasured(const MonthView& view) {
  return to_do("Nobody knows what there is to claim. Request logs of the month can still be read:",
               fmt::format("recoup import --agreement {} --format combined FILE", view.id()));
}

core::Instant claim_end(const ClaimLife& life, core::Instant now) {
  const auto& deadline = life.ground.deadline;
  return deadline ? next_deadline(*deadline, now) : core::kOpenEnd;
}

// ", before 2026-12-01, 11 days left".
Html time_left(const ClaimLife& life, core::Instant now) {
  if (!life.ground.deadline) return {};
  Html text(", before <strong class=\"nowrap\">{}</strong>", deadline_text(claim_end(life, now)));
  if (!life.days_left) return text;
  if (*life.days_left < 0) return text + ", by the later reading of the contract";
  if (*life.days_left == 0) return text + ", the last day";
  return text +
         Html(", {} left", core::counted(static_cast<std::uint64_t>(*life.days_left), "day"));
}

Html claimed_html(const ClaimLife& life) {
  return life.ground.amount
             ? Html("<strong class=\"nowrap\">{}</strong>", claim::money_html(*life.ground.amount))
             : "the credit";
}

Step of_claim(const ClaimLife& life, const std::optional<core::CreditDue>& due,
              const MonthView& view) {
  const record::ClaimGround& of = life.ground;
  const Html month = report::month_name(of.month);
  const core::Instant now = view.snapshot->at;
  Step step;
  step.claim = of.month;
  switch (life.state) {
    case ClaimState::claimable:
      if (due) {
        add_watching(of, view.judgement->zone, *due, step);
        return step;
      }
      step.file = true;
      step.lines.push_back({Html("Claim {} for {}{}: download the files, or write them here:",
                                 claimed_html(life), month, time_left(life, now)),
                            write_command(of.agreement, of.month)});
      return step;
    case ClaimState::written:
      step.file = true;
      step.lines.push_back({Html("Send the claim for {} to the provider{}. When that is done:",
                                 month, time_left(life, now)),
                            mark_command(of, "submitted --case ID")});
      return step;
    case ClaimState::submitted:
      step.lines.push_back({Html("Wait for the provider's answer to the claim for {}. When the "
                                 "credit is there:",
                                 month),
                            mark_command(of, "credited --amount AMOUNT")});
      return step;
    case ClaimState::overdue:
      step.lines.push_back(
          {Html("The credit for {} is late. Look for it on the newest bills:", month),
           "recoup claims reconcile"});
      step.lines.push_back({"Where it is not there, ask the provider, then:",
                            mark_command(of, life.submitted ? "disputed" : "submitted --case ID")});
      return step;
    case ClaimState::credited_in_part:
      step.lines.push_back({Html("The provider gave less than was asked for {}. Object to it, "
                                 "then:",
                                 month),
                            mark_command(of, "disputed")});
      return step;
    case ClaimState::disputed:
      step.lines.push_back(
          {"Wait for the provider. When more of the credit is there, all that was "
           "given:",
           mark_command(of, "credited --amount AMOUNT")});
      return step;
    case ClaimState::refused:
      step.file = true;
      step.lines.push_back({Html("The provider refused the claim for {}. With new arguments it can "
                                 "be sent again:",
                                 month),
                            mark_command(of, "submitted --case ID")});
      return step;
    case ClaimState::expired: return idle("Nothing: the time for a claim is over.");
    case ClaimState::credited: return idle("Nothing: the provider gave the credit.");
    case ClaimState::unmeasured: return of_unmeasured(view);
    case ClaimState::nothing: break;
  }
  return idle("Nothing to do: there is nothing to claim.");
}

Step of_month(const MonthView& view) {
  if (view.running) return of_running(view);
  if (const ClaimLife* life = view.life()) {
    Step step = of_claim(*life, view.assessment().due, view);
    if (life->state == ClaimState::claimable && step.file) add_lacking(view, step);
    if (is_stopped(view)) step.file = false;
    return step;
  }
  if (!view.assessment().is_measured()) return of_unmeasured(view);
  Step step = idle("Nothing to do: there is nothing to claim.");
  if (view.judgement->credit.eligible) {
    step = to_do("Write the claim:", write_command(view.id(), view.month()));
    step.claim = view.month();
    step.file = true;
  }
  add_lacking(view, step);
  return step;
}

// The claim of another month that is to be seen to first; null where the month itself has
// something to do now, and where no other claim waits.
const ClaimLife* claim_before(const MonthView& view, const Step& own) {
  if (!own.waits) return nullptr;
  for (const ClaimLife* life : waiting_claims(*view.snapshot, view.id())) {
    if (life->ground.month != view.month()) return life;
  }
  return nullptr;
}

Html lines_html(const Step& step, const Html& begin) {
  Html html;
  for (const Step::Line& line : step.lines) {
    html += Html("<p>{}{}{}</p>\n", html.empty() ? begin : Html(), line.words,
                 line.command.empty() ? Html() : " " + command_html(line.command));
  }
  return html;
}

// What can be done from the page itself. The button to copy needs the script, which shows it.
Html buttons(const MonthView& view, const Step& step) {
  Html html;
  if (step.claim) {
    const bool here = *step.claim == view.month();
    const std::string month = month_address(view.id(), *step.claim);
    if (step.file) {
      html += Html("<a class=\"download first\" href=\"{}/claim.zip\">Download .zip</a>\n", month);
    }
    html += Html("<a class=\"download\" href=\"{}#claim\">Open the claim</a>\n",
                 here ? std::string() : month);
  }
  for (const Step::Line& line : step.lines) {
    if (line.command.empty()) continue;
    html +=
        Html("<button type=\"button\" class=\"copy\" data-copy=\"{}\">Copy the command</button>\n",
             line.command);
    break;
  }
  return html.empty() ? html : Html("<div class=\"actions\">\n{}</div>\n", html);
}

Html box(const MonthView& view, const Step& step, const Html& begin) {
  return lines_html(step, begin) + buttons(view, step);
}

Html claim_line(const ClaimLife& life, core::Instant now) {
  const bool bad =
      life.warn || life.state == ClaimState::overdue || life.state == ClaimState::credited_in_part;
  const record::ClaimGround& of = life.ground;
  const bool open = report::is_open(life);
  return Html(
      "<li><span class=\"tag {}\">{}</span> <a href=\"{}#claim\">The claim for {}</a>: {}{}"
      "</li>\n",
      bad ? Html("bad") : "note", record::to_text(life.state),
      month_address(of.agreement, of.month), report::month_name(of.month), claimed_html(life),
      open ? time_left(life, now) : Html());
}

Html list_of(const std::vector<const ClaimLife*>& claims, const std::string& agreement,
             core::Instant now) {
  constexpr std::size_t kMost = 3;
  if (claims.empty()) return {};
  Html html =
      "<section class=\"open-claims\" aria-label=\"Claims of this agreement that wait\">\n<ul>\n";
  for (std::size_t i = 0; i < std::min(kMost, claims.size()); ++i) {
    html += claim_line(*claims[i], now);
  }
  if (claims.size() > kMost) {
    html += Html("<li><a href=\"{}#months\">And {}</a></li>\n", agreement_address(agreement),
                 core::counted(claims.size() - kMost, "other claim"));
  }
  return html + "</ul>\n</section>\n";
}

}  // namespace

// A line ends between words alone: many of them have hyphens.
Html command_html(std::string_view line) {
  std::vector<Html> words;
  while (!line.empty()) {
    const std::string_view word = line.substr(0, line.find(' '));
    words.emplace_back(word);
    line.remove_prefix(std::min(line.size(), word.size() + 1));
  }
  return Html("<code class=\"command\"><span>{}</span></code>",
              report::joined(words, "</span> <span>"));
}

std::vector<const ClaimLife*> waiting_claims(const report::Snapshot& snapshot,
                                             const std::string& agreement) {
  std::vector<const ClaimLife*> waiting;
  for (const record::PastCycles& past : snapshot.past) {
    if (past.agreement != agreement) continue;
    for (const ClaimLife& life : past.claims) {
      const bool late =
          life.state == ClaimState::overdue || life.state == ClaimState::credited_in_part;
      if (report::is_open(life) || late) waiting.push_back(&life);
    }
  }
  std::stable_sort(waiting.begin(), waiting.end(), [&](const ClaimLife* a, const ClaimLife* b) {
    return claim_end(*a, snapshot.at) < claim_end(*b, snapshot.at);
  });
  return waiting;
}

Html claims_list(const report::Snapshot& snapshot, const std::string& agreement,
                 const std::optional<core::Month>& but) {
  std::vector<const ClaimLife*> claims = waiting_claims(snapshot, agreement);
  std::erase_if(claims, [&](const ClaimLife* life) { return but && life->ground.month == *but; });
  return list_of(claims, agreement, snapshot.at);
}

Html next_html(const MonthView& view) {
  const Step own = of_month(view);
  const ClaimLife* before = claim_before(view, own);
  if (before == nullptr) {
    return Html("<div class=\"next\">\n{}</div>\n", box(view, own, "<b>Next:</b> "));
  }
  Html html = box(view, of_claim(*before, before->ground.due, view), "<b>Next:</b> ");
  // The month's own step is for later: its page says it in full when no other claim waits.
  if (view.running && gives_credit(*view.judgement)) {
    html += report::paragraph(
        Html("<b>{}:</b> {}", report::month_name(view.month()), own.lines.front().words), "later");
  }
  return Html("<div class=\"next\">\n{}</div>\n", html);
}

Html other_claims_html(const MonthView& view) {
  const ClaimLife* before = claim_before(view, of_month(view));
  std::vector<const ClaimLife*> claims = waiting_claims(*view.snapshot, view.id());
  std::erase_if(claims, [&](const ClaimLife* life) {
    return life == before || life->ground.month == view.month();
  });
  return list_of(claims, view.id(), view.snapshot->at);
}

}  // namespace recoup::web
