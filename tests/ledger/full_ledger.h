#pragma once

#include <string>

#include "ledger/ledger.h"
#include "record/digest.h"
#include "support/catch.h"

namespace recoup::test {

using namespace std::chrono_literals;

// When everything in it happened.
inline const core::Instant kFullBegin = *core::parse_instant("2026-10-03T10:00:00Z");

// Puts something into every table that a ledger has: of the agreement "kms" a probe with evidence
// and gaps, a log file, files of a trail, a followed log, and what rests on them.
class FullLedger {
 public:
  explicit FullLedger(ledger::Ledger& ledger) : ledger_(ledger) {
    fill_probe();
    fill_files();
    fill_trail();
    fill_followed();
    fill_beside();
    fill_seals();
  }

 private:
  template <typename Result>
  static void ok(const Result& result) {
    INFO((result.ok() ? std::string() : result.error().message));
    REQUIRE(result.ok());
  }

  static record::Evidence failure(core::Instant at, std::uint64_t tie) {
    return {at,
            tie,
            core::Answered{503, "KMSInternalException"},
            "req-" + std::to_string(tie),
            84ms,
            "192.0.2.7:443",
            "GET /"};
  }

  record::Batch batch_of(record::SeriesId series, core::Instant at) const {
    record::Batch batch;
    batch.minutes = {
        {series,
         core::minute_of(at),
         {{core::Answered{200}, 10}, {core::Answered{503, "KMSInternalException"}, 2}}}};
    batch.evidence = {{series, failure(at + 3s, 1)}, {series, failure(at + 8s, 2)}};
    return batch;
  }

  void fill_probe() {
    const auto series = *ledger_.series({"kms", record::SeriesKind::probe, "generate", "berlin"});
    record::Batch batch = batch_of(series, kFullBegin);
    batch.checkpoints = {{series, kFullBegin + 59s, 5s, "", 1}};
    batch.gaps = {{series, {{kFullBegin + 1min, kFullBegin + 2min}, 5s, core::NotSent::stopped}}};
    batch.unseen = {{series, {{kFullBegin + 1h, kFullBegin + 2h}, "StopLogging"}}};
    batch.clock_steps = {{kFullBegin + 3min, 250ms, 0ms, "berlin"}};
    ok(ledger_.write(batch));
    const auto another = *ledger_.series({"s3", record::SeriesKind::probe, "get", "berlin"});
    ok(ledger_.write(batch_of(another, kFullBegin + 24h)));
    ok(ledger_.become_writer({"berlin", "host", 7, kFullBegin}));
  }

  void fill_files() {
    record::ImportedFile file{std::string(64, 'd'), 700, "access.log", 5, 3, 1, 1};
    file.format = "combined";
    file.records = 5;
    file.identity = 77;
    file.span = {kFullBegin, kFullBegin + 1h};
    file.read = kFullBegin + 24h;
    record::LineRun run;
    run.earliest = core::minute_of(kFullBegin);
    run.latest = run.earliest;
    run.head = std::string("\0head", 5);
    run.prints = std::string("\0prints of lines", 16);
    file.runs = {run};
    const std::string keys = "8 bytes.";
    file.keys = {{kFullBegin, keys}};
    ok(ledger_.import("kms", "nginx", file, batch_of(0, kFullBegin + 5min), ""));
  }

  void fill_trail() {
    record::TrailFile file{"kms", "trail", {}, {}};
    file.file.digest = std::string(64, 'e');
    file.file.name = "a.json.gz";
    file.file.format = "cloudtrail";
    file.file.span = {kFullBegin, kFullBegin + 1h};
    file.events.outcomes = {core::Answered{200}, core::Answered{500, "KMSInternalException"}};
    file.events.events = {{kFullBegin + 9min, 1, 0, false}, {kFullBegin + 9min, 2, 1, false}};
    file.events.evidence = {failure(kFullBegin + 9min, 2)};
    file.events.evidence[0].outcome = file.events.outcomes[1];
    file.events.marks = {{kFullBegin + 30min, record::TrailMark::Kind::off, "StopLogging"}};
    record::TrailFile again = file;
    again.file.digest = std::string(64, 'f');
    again.file.name = "b.json.gz";
    again.events.evidence = {};
    again.events.events = {{kFullBegin + 9min, 1, 0, false}, {kFullBegin + 9min, 2, 0, true}};
    ok(ledger_.import_trail({file, again}));
    const core::Interval hour{kFullBegin, kFullBegin + 1h};
    ok(ledger_.keep_digests({{{{"bucket", "digest-1"}, hour, "{}", "ab"}},
                             {{"key", hour}},
                             {{file.file.digest, file.file.name, "yes", std::string(64, 'a')}}}));
  }

  void fill_followed() {
    record::FileGrowth growth;
    growth.agreement = "kms";
    growth.log = "followed";
    growth.file.digest = "followed file 1";
    growth.file.name = "access.log";
    growth.file.format = "combined";
    growth.file.lines = growth.file.requests = growth.file.records = growth.new_records = 12;
    growth.file.span = {kFullBegin + 7min, kFullBegin + 8min};
    growth.state.reader = "kms/followed";
    growth.state.path = "/var/log/access.log";
    growth.state.name = growth.file.digest;
    growth.state.size = growth.state.position = 900;
    growth.silence = {{"kms", record::SeriesKind::file, "followed", "silence"},
                      {{{kFullBegin + 2h, kFullBegin + 3h}, "the log said nothing"}}};
    const record::Pieces pieces = [&](const auto& take) {
      take(batch_of(0, kFullBegin + 7min));
      return core::Result<void>();
    };
    ok(ledger_.grow(growth, pieces, *ledger_.last_import("kms")));
  }

  void fill_beside() {
    core::ProviderIncident incident;
    incident.provider = "aws";
    incident.id = "arn:1";
    incident.services = {"KMS"};
    incident.regions = {"us-east-1"};
    incident.begin = kFullBegin;
    incident.title = "Increased error rates";
    incident.agreements = {"kms"};
    ok(ledger_.keep_incidents({{incident, {"kms"}}}));
    ok(ledger_.exclude("kms", {{kFullBegin + 4h, kFullBegin + 5h}, "we disabled the key"}));
    ok(ledger_.compare({{"kms", {{record::SeriesKind::file, "trail"}}}}));
    ok(ledger_.name_resources({{"kms", {{{record::SeriesKind::file, "nginx"}, "vault"}}}}));
    record::StampDocument document;
    document.agreement = "kms";
    document.span = {kFullBegin - 10h, kFullBegin + 14h};
    ok(ledger_.add_stamp({"kms", document.span, document.span.end + 11min,
                          record::canonical_stamp(document), std::string("token\0", 6), "chain"}));
    ok(ledger_.note_told("kms: 2026-10 is below", kFullBegin));
  }

  void fill_seals() {
    record::Seal seal;
    seal.agreement = "kms";
    seal.month = std::chrono::year(2026) / 10;
    seal.at = *core::parse_instant("2026-11-02T00:00:00Z");
    seal.cycle = {*core::parse_instant("2026-10-01T00:00:00Z"),
                  *core::parse_instant("2026-11-01T00:00:00Z")};
    seal.tallies_sha256 = seal.evidence_sha256 = std::string(64, 'a');
    seal.rule = "aws-kms";
    seal.version = std::chrono::year(2022) / 11 / 29;
    seal.rule_digest = seal.assessment_sha256 = seal.charge_sha256 = std::string(64, 'b');
    seal.requests = 60;
    seal.errors = 9;
    seal.evidence_records = 9;
    seal.measured = core::Ratio(12, 8928);
    seal.uptime = core::Ratio(8925, 8928);
    seal.share = core::Ratio(1, 10);
    seal.charge = core::Money{core::Ratio(184500, 100), "USD"};
    seal.charge_from = "bill";
    seal.amount = core::Money{core::Ratio(18450, 100), "USD"};
    seal.eligible = true;
    seal.exclusions = {"2026-10-03T14:00:00Z to 2026-10-03T15:00:00Z: we disabled the key"};
    const auto heads = ledger_.chain("kms", seal.cycle);
    ok(heads);
    seal.chain = *heads;
    record::close_seal(seal, nullptr);
    ok(ledger_.add_seal(seal));
    ok(ledger_.note_sealed("kms", seal.month, 1));
    record::ClaimEvent event;
    event.agreement = "kms";
    event.month = seal.month;
    event.at = seal.at + 1h;
    event.step = record::ClaimStep::submitted;
    event.case_id = "case-1";
    event.amount = seal.amount;
    event.revision = 1;
    ok(ledger_.add_claim_event(event));
  }

  ledger::Ledger& ledger_;
};

// Asks the ledger everything that it answers of the agreement; whether it answered all of it.
inline bool ask_everything(ledger::Ledger& ledger, const std::string& agreement) {
  const core::Interval all{kFullBegin - 24h * 40, kFullBegin + 24h * 60};
  bool whole = true;
  const auto take = [&whole](const auto& result) { whole = whole && result.ok(); };
  take(ledger.all_series(agreement));
  for (record::SeriesId series = 1; series < 7; ++series) {
    take(ledger.counts(series, core::minute_of(kFullBegin)));
    take(ledger.checkpoint(series));
    take(ledger.newest_minute(series));
  }
  take(ledger.tallies(agreement, all));
  take(ledger.sources(agreement, all));
  take(ledger.compared(agreement, all));
  take(ledger.tallies_by_source(agreement, all));
  take(ledger.clock_steps(all));
  take(ledger.seen(agreement));
  take(ledger.seen_from(agreement, all.begin));
  take(ledger.evidence(agreement, all, [](const record::Evidence&) {}));
  take(ledger.evidence_page(agreement, all, 1, 3));
  const auto chain = ledger.chain(agreement, all);
  take(chain);
  if (chain) take(ledger.check_chain(agreement, *chain));
  take(ledger.check_evidence(agreement));
  take(ledger.files(agreement));
  take(ledger.files_of_size(agreement, 700));
  take(ledger.files_alike(agreement, std::string(64, 'd'), 5, 77));
  take(ledger.short_files(agreement, 100));
  take(ledger.last_import(agreement));
  const auto runs = ledger.line_runs(agreement, all);
  take(runs);
  if (runs) {
    for (const record::LineRun& run : *runs) take(ledger.line_prints(run.id));
  }
  take(ledger.line_keys(agreement, "combined", kFullBegin, "", [](std::string_view) {}));
  take(ledger.followed("kms/followed"));
  take(ledger.silence({agreement, record::SeriesKind::file, "followed", "silence"}));
  take(ledger.digests(agreement, all, 1h));
  take(ledger.incidents(all));
  take(ledger.stamps(agreement, {}));
  take(ledger.exclusions(agreement));
  take(ledger.journal(agreement, 0));
  take(ledger.journal_news(0));
  const auto seals = ledger.seals(agreement);
  take(seals);
  if (seals) {
    for (const record::Seal& seal : *seals) (void)record::seal_faults(seal);
  }
  take(ledger.claim_events(agreement));
  take(ledger.claim_events_end());
  take(ledger.told());
  return whole;
}

}  // namespace recoup::test
