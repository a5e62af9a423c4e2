#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/said.h"
#include "cli/terminal.h"
#include "cli/workspace.h"
#include "config/worth.h"
#include "core/text.h"
#include "judge/beside.h"
#include "judge/judge.h"
#include "report/json.h"
#include "service/follow/query_log.h"
#include "service/system_world.h"
#include "sources/query/engine.h"

namespace recoup::cli {
namespace {

using config::AgreementSettings;
using config::QuerySettings;

// Asking is one run of the command.
class Asking {
 public:
  Asking(const QueryOptions& options, const config::Settings& settings)
      : options_(options), settings_(settings) {}

  Exit run() {
    std::size_t found = 0;
    for (const AgreementSettings& agreement : settings_.agreements) {
      if (!options_.agreement.empty() && options_.agreement != agreement.agreement.id) continue;
      for (const QuerySettings& query : agreement.queries) {
        if (!options_.query.empty() && options_.query != query.id) continue;
        ++found;
        const bool goes_on = options_.show ? show(agreement, query) : ask(agreement, query);
        if (!goes_on) return exit_;
      }
    }
    if (found == 0) {
      return complain(
          {"expected an [[agreement.query]] of that agreement and name, got none", settings_.file,
           "`recoup help query` says what it may be asked; docs/logs.md shows one"},
          kWrongWords);
    }
    if (options_.json && !options_.show) say(report::on_one_line(rows_));
    if (options_.dry_run && !options_.json) say("nothing was kept: --dry-run");
    return exit_;
  }

 private:
  // The time that was asked for, as it is said or `otherwise`.
  core::Result<core::Instant> time_of(const AgreementSettings& agreement,
                                      const std::optional<core::SaidTime>& said,
                                      core::Instant otherwise) const {
    return said ? instant_of(agreement, *said, world_.clock.wall()) : otherwise;
  }

  // Nothing where none was asked for.
  core::Result<std::optional<core::Interval>> span_of(const AgreementSettings& agreement,
                                                      const QuerySettings& query) const {
    using Span = std::optional<core::Interval>;
    if (!options_.from && !options_.to) return Span();
    const core::Instant now = world_.clock.wall();
    const auto minute = [](core::Instant at) -> core::Instant {
      return std::chrono::floor<std::chrono::minutes>(at);
    };
    const auto to = time_of(agreement, options_.to, now);
    if (!to) return to.error();
    const core::Instant end = std::min(minute(*to), minute(now - query.delay));
    const auto begin = time_of(agreement, options_.from, end - query.reread);
    if (!begin) return begin.error();
    if (options_.from && options_.to && *begin >= *to) {
      return core::Error{"expected --from before --to"};
    }
    return Span(core::Interval{minute(*begin), end});
  }

  // The text that is sent, for who would try it elsewhere; whether the words make sense.
  bool show(const AgreementSettings& agreement, const QuerySettings& query) {
    const auto asked = span_of(agreement, query);
    if (!asked) {
      exit_ = complain(asked.error(), kWrongWords);
      return false;
    }
    const core::Instant end =
        std::chrono::floor<std::chrono::minutes>(world_.clock.wall() - query.delay);
    say(sources::counts_text(query.query,
                             asked->value_or(core::Interval{end - query.reread, end})));
    return true;
  }

  // Whether the words make sense, and the ledger could be opened.
  bool ask(const AgreementSettings& agreement, const QuerySettings& query) {
    const auto span = span_of(agreement, query);
    if (!span) {
      exit_ = complain(span.error(), kWrongWords);
      return false;
    }
    if (!ledger_) {
      auto opened = options_.dry_run ? ledger::open_copy(settings_.ledger)
                                     : ledger::open_ledger(settings_.ledger, ledger::Missing::make);
      if (!opened) {
        exit_ = complain(opened.error(), kCouldNot);
        return false;
      }
      ledger_ = *std::move(opened);
      if (auto done = judge::note_compared(*ledger_, settings_); !done) {
        exit_ = complain(done.error(), kCouldNot);
        return false;
      }
    }
    const service::FollowContext context{*ledger_, world_, settings_.vantage,
                                         config::worth_a_record(settings_),
                                         [](const std::string&, core::Instant) {}};
    service::QueryLog log(agreement, query, context, nullptr);
    const std::string name = agreement.agreement.id + '/' + query.id;
    auto totals = log.run(*span, {});
    if (!totals) {
      core::Error error = totals.error();
      error.where = name;
      exit_ = complain(error, kCouldNot);
      return true;
    }
    if (options_.json) {
      rows_.push_back(json_of(agreement, query, *totals));
    } else {
      tell(name, *totals);
      if (!totals->touched.empty()) tell_months(agreement, totals->touched);
    }
    if (totals->malformed > 0) exit_ = kCouldNot;
    return true;
  }

  static void tell(const std::string& name, const service::QueryTotals& totals) {
    say(fmt::format("{}: {} to {}: {}, {}; {} changed, {} of single requests, {} malformed", name,
                    core::to_text(totals.asked.begin), core::to_text(totals.asked.end),
                    core::counted(totals.requests, "Request"),
                    core::counted(totals.errors, "Error"), core::counted(totals.changed, "minute"),
                    core::counted(totals.evidence, "new record"),
                    core::counted(totals.malformed, "row")));
    for (const sources::MalformedRow& one : totals.examples) {
      say(fmt::format("  malformed: expected {}, got {}", one.expected, one.got));
    }
  }

  // What the months came to that changed.
  void tell_months(const AgreementSettings& agreement, const core::Interval& touched) const {
    const core::Instant now = world_.clock.wall();
    for (core::Instant at = touched.begin; at < touched.end;) {
      const auto month = judge::month_at(agreement, at);
      if (!month) return say("  " + month.error().message);
      const auto terms = judge::cycle_terms(agreement, *month);
      if (!terms) {
        return say(
            fmt::format("  {}: not judged: {}", core::to_text(*month), terms.error().message));
      }
      const auto judgement =
          judge::judge(*ledger_, agreement, *terms, std::optional<core::Charge>(), now);
      if (judgement && judgement->assessment.is_measured()) {
        say(fmt::format("  {} {}: uptime {}{}", agreement.agreement.id, core::to_text(*month),
                        brief_percent(judgement->assessment.uptime),
                        judgement->assessment.is_estimated() ? ", estimated" : ""));
      }
      at = terms->cycle.span.end;
    }
  }

  static report::Json json_of(const AgreementSettings& agreement, const QuerySettings& query,
                              const service::QueryTotals& totals) {
    report::Json examples = report::Json::array();
    for (const sources::MalformedRow& one : totals.examples) {
      examples.push_back(fmt::format("expected {}, got {}", one.expected, one.got));
    }
    return {{"agreement", agreement.agreement.id},
            {"query", query.id},
            {"engine", std::string(to_text(query.query.engine))},
            {"from", core::to_text(totals.asked.begin)},
            {"to", core::to_text(totals.asked.end)},
            {"requests", totals.requests},
            {"errors", totals.errors},
            {"changed_minutes", totals.changed},
            {"records", totals.evidence},
            {"rows", totals.rows},
            {"malformed", totals.malformed},
            {"examples", std::move(examples)}};
  }

  const QueryOptions& options_;
  const config::Settings& settings_;
  const core::World world_ = service::system_world();
  std::unique_ptr<ledger::Ledger> ledger_;
  report::Json rows_ = report::Json::array();
  Exit exit_ = kDone;
};

}  // namespace

Exit query(const QueryOptions& options) {
  const auto settings = load(options.config);
  if (!settings) return complain(settings.error(), kWrongWords);
  if (!options.agreement.empty()) {
    if (const auto picked = pick(*settings, options.agreement); !picked) {
      return complain(picked.error(), kWrongWords);
    }
  }
  // The command says itself what the service would note in its log.
  spdlog::set_level(spdlog::level::off);
  return Asking(options, *settings).run();
}

}  // namespace recoup::cli
