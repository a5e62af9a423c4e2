// The API's answers in every state that an agreement, a claim or the service can be in, against the
// document that the service gives: tests/api/answers.mjs looks at each.
#include <functional>

#include "support/missing.h"
#include "support/places.h"
#include "support/process.h"
#include "web/api_site.h"

using namespace recoup;
using namespace recoup::test;
using std::chrono::year;

namespace {

constexpr char kChecks[] = TESTS_DIR "/api";
constexpr char kDocument[] = SOURCE_DIR "/src/web/assets/openapi.json";

core::Instant at(const char* text) { return *core::parse_instant(text); }

// What was answered, line by line.
class Answers {
 public:
  // Asks every path of a site for the agreement "kms".
  void ask(ApiSite& site, const std::string& state) {
    for (const auto& [path, target] : std::vector<std::pair<std::string, std::string>>{
             {"", "?limit=2"},
             {"/{id}", "/kms"},
             {"/{id}/months", "/kms/months"},
             {"/{id}/contracts", "/kms/contracts"},
             {"/{id}/series", "/kms/series"},
             {"/{id}/failures", "/kms/failures"},
             {"/{id}/assessments/{month}", "/kms/assessments/2026-10"},
             {"/{id}/assessments/{month}", "/kms/assessments/2026-09"},
             {"/{id}/assessments/{month}", "/kms/assessments/2026-10?under=google-kms@2024-01-01"},
             {"/{id}/assessments/{month}/intervals", "/kms/assessments/2026-10/intervals"},
             {"/{id}/assessments/{month}/intervals",
              "/kms/assessments/2026-10/intervals?state=lost"},
             {"/{id}/assessments/{month}/evidence", "/kms/assessments/2026-10/evidence"},
             {"/{id}/charges/{month}", "/kms/charges/2026-10"},
             {"/{id}/claims", "/kms/claims"}}) {
      note(site, "/api/v1/agreements" + path, "/api/v1/agreements" + target, state);
    }
    note(site, "/api/v1/claims/totals", "/api/v1/claims/totals", state);
    note(site, "/api/v1/agreements/{id}/claims/{month}/files", kms("/claims/2026-09/files"), state);
    note(site, "/api/v1/agreements", "/api/v1/agreements?limit=0", state);
  }

  void note(ApiSite& site, const std::string& path, const std::string& target,
            const std::string& state) {
    const ApiAnswer answer = site.get(target);
    lines_ +=
        Json{{"path", path}, {"status", answer.status()}, {"state", state}, {"body", answer.json}}
            .dump() +
        '\n';
  }

  void check() const {
    const TempDir dir;
    const std::string file = dir.write("answers", lines_);
    const Finished checked =
        run({"node", std::string(kChecks) + "/answers.mjs", kDocument, file}, dir.path().string());
    INFO(checked.out << checked.err);
    CHECK(checked.status == 0);
  }

 private:
  std::string lines_;
};

// A site with the agreement that is asked for.
void in_state(Answers& answers, const std::string& state,
              const std::function<void(ApiSite&)>& make) {
  ApiSite site;
  make(site);
  answers.ask(site, state);
}

void ask_verdicts(Answers& answers) {
  in_state(answers, "no snapshot", [](ApiSite& site) { site.snapshot = nullptr; });
  in_state(answers, "nothing assessed", [](ApiSite& site) { site.snapshot->ready = false; });
  in_state(answers, "no agreement", [](ApiSite&) {});
  in_state(answers, "a prober", [](ApiSite& site) { site.snapshot->role = record::Role::prober; });
  in_state(answers, "not measured", [](ApiSite& site) { site.add(site.agreement("kms"), {}, 0); });
  in_state(answers, "partly measured",
           [](ApiSite& site) { site.add(site.agreement("kms"), {}, 5); });
  in_state(answers, "met", [](ApiSite& site) { site.add(site.agreement("kms"), {}); });
  in_state(answers, "certain", [](ApiSite& site) { site.add(site.agreement("kms"), {{7, 40}}); });
  in_state(answers, "not enough to claim", [](ApiSite& site) {
    site.known_charge = core::Charge{{core::Ratio(1, 1), "USD"}, "bill", ""};
    site.add(site.agreement("kms"), {{7, 40}});
  });
  in_state(answers, "charges not known", [](ApiSite& site) {
    site.known_charge.reset();
    site.add(site.agreement("kms"), {{7, 40}});
  });
  in_state(answers, "the ledger cannot be read", [](ApiSite& site) {
    site.add(site.agreement("kms"), {{7, 40}});
    site.fault = core::Error{"disk I/O error"};
  });
  in_state(answers, "no ledger", [](ApiSite& site) {
    site.add(site.agreement("kms"), {{7, 40}});
    site.shown.records = nullptr;
  });
}

void ask_formulas(Answers& answers) {
  using std::chrono::minutes;
  for (const core::Formula& formula : std::vector<core::Formula>{
           core::RequestRatio{}, core::DowntimeRuns{core::Ratio(1, 10), minutes(1)},
           core::BadWindows{minutes(10), core::Ratio(1, 10)}, core::AllFailed{minutes(5)}}) {
    for (const std::uint64_t errors : {std::uint64_t{0}, std::uint64_t{60}}) {
      in_state(answers, "another family", [&](ApiSite& site) {
        site.version().formula = formula;
        site.add(site.agreement("kms"), {{7, errors}});
      });
    }
  }
}

// Everything that stands beside a figure.
void ask_asides(Answers& answers) {
  in_state(answers, "an exclusion, practice data", [](ApiSite& site) {
    core::Agreement one = site.agreement("kms");
    one.practice = true;
    one.exclusions = {{{at("2026-10-03T02:00:00Z"), at("2026-10-03T03:00:00Z")}, "our own"}};
    site.add(one, {{7, 40}});
  });
  in_state(answers, "a text that is not whole", [](ApiSite& site) {
    site.version().missing = {"claim.deadline"};
    site.version().supplied = {"minimum_credit"};
    site.version().effective.reset();
    site.version().read = year(2026) / 11 / 21;
    site.add(site.agreement("kms"), {{7, 40}});
  });
  in_state(answers, "asides", [](ApiSite& site) {
    core::Judgement& judgement = site.add(site.agreement("kms"), {{7, 40}});
    core::Assessment& a = judgement.assessment;
    a.indirect = core::IndirectCalls{5, 1, false, core::Ratio(1, 2)};
    a.totals.reported_errors = a.key_store = a.unnamed = a.totals.unread = 3;
    a.refused = {3, 1, 2};
    a.unclassified = {{core::Answered{0, "NewException"}, 4}};
    a.unseen = {{a.cycle.span, "nothing was heard"}, {a.cycle.span, ""}};
    a.resources.push_back({"vault-a", a.parts, a.totals});
    a.sources = {{"probe", {"ping"}, "what others asked", {"berlin"}, true}, {"", {}, "much"}};
    a.overlaps = {{"the log a (alb)", "the log b (csm)"}};
    a.comparisons.resize(2);
    a.comparisons[0].log = "trail";
    a.comparisons[0].uptime = core::Ratio(1, 2);
    a.comparisons[0].tier = 1;
    a.comparisons[1].log = "silent";
    a.not_before = a.cycle.span.end;
    a.due = core::CreditDue{a.cycle.span.end, {}};
  });
  // Not asked under another contract, which has no notice.
  ApiSite noticed;
  noticed.version().claim.notice = core::Notice{std::chrono::hours(1), "a support ticket"};
  core::Assessment& told = noticed.add(noticed.agreement("kms"), {{7, 40}}).assessment;
  told.notice = core::DeadlineDates{told.cycle.span.end, told.cycle.span.end};
  answers.note(noticed, "/api/v1/agreements/{id}", kms(), "a notice comes first");
  in_state(answers, "other readings, strikes, votes and incidents", [](ApiSite& site) {
    core::Judgement& judgement = site.add(site.agreement("kms"), {{7, 40}});
    const auto other = site.judged(site.agreement("kms"), MadeSite::kMonth, {}, 0);
    judgement.other_readings = {*other, *site.judged(site.agreement("kms"), MadeSite::kMonth, {})};
    judgement.otherwise.resize(2);
    judgement.otherwise[0].what = "requests without an answer are Errors";
    judgement.otherwise[1].measured = false;
    using Kind = core::Strike::Kind;
    for (const Kind kind : {Kind::source, Kind::vantage, Kind::probes, Kind::outside}) {
      core::Strike& strike = judgement.robustness.strikes.emplace_back();
      strike.kind = kind;
      strike.measured = kind != Kind::probes;
      if (kind == Kind::source) strike.name = "the probe ping";
    }
    core::Votes votes;
    votes.vantages = {{"berlin", 5, 1, 1}, {"tokyo"}};
    votes.vantages[0].uptime = core::Ratio(4, 5);
    judgement.robustness.votes = votes;
    core::ProviderIncident incident;
    incident.provider = "aws";
    incident.id = "arn:1";
    incident.services = {"KMS"};
    incident.begin = at("2026-10-01T00:30:00Z");
    incident.title = "Increased error rates";
    judgement.incidents = core::see_incidents(judgement.assessment, {incident});
  });
  in_state(answers, "evidence and failures of every kind", [](ApiSite& site) {
    site.add(site.agreement("kms"), {{7, 40}});
    site.sources = {{"probe", "ping", "here"},
                    {"probe", "pong", "here", site.now, std::chrono::seconds(5)},
                    {"log", "web", "abc", {}, {}, "access.log", 1, 2, 3, 4, 5, 6}};
    record::Exchange none;
    none.probe = "ping";
    none.result.outcome = core::Failed{core::NoAnswer::connect};
    record::Exchange refused = none;
    refused.target = "https://a.example";
    refused.peer = "203.0.113.****";
    refused.answered = "HTTP/1.1 403";
    refused.result.outcome = core::Answered{403, "SignatureDoesNotMatch", true, false, false, true};
    refused.result.checks = {{"status", "it is 403"}, {"body", ""}};
    refused.result.server = std::make_shared<const record::TlsSeen>();
    site.shown.failures = [none, refused](const std::string&, std::size_t) {
      return std::vector<record::Exchange>{none, refused};
    };
  });
}

void ask_claims(Answers& answers) {
  for (int i = 0; i <= static_cast<int>(record::ClaimState::expired); ++i) {
    const auto state = static_cast<record::ClaimState>(i);
    in_state(answers, "a claim is " + std::string(record::to_text(state)), [&](ApiSite& site) {
      site.add(site.agreement("kms"), {});
      const std::size_t silent = state == record::ClaimState::unmeasured ? 0 : SIZE_MAX;
      site.add_month(site.agreement("kms"), year(2026) / 9, {{7, 40}}, state, silent);
      if (state >= record::ClaimState::credited) {
        site.credit_last_month("kms", {core::Ratio(100, 1), "USD"});
      }
      site.lacks = {};
      site.refusals = {"the month is not over"};
    });
  }
  in_state(answers, "a claim whose amount is not known", [](ApiSite& site) {
    site.add(site.agreement("kms"), {});
    site.known_charge.reset();
    site.add_month(site.agreement("kms"), year(2026) / 9, {{7, 40}}, record::ClaimState::claimable);
  });
}

}  // namespace

TEST_CASE("answers keep to the API's document in every state") {
  if (!have_checks(kChecks)) return;
  Answers answers;
  ask_verdicts(answers);
  ask_formulas(answers);
  ask_asides(answers);
  ask_claims(answers);
  answers.check();
}
