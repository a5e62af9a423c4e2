#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/said.h"
#include "cli/terminal.h"
#include "cli/text_table.h"
#include "cli/workspace.h"
#include "judge/judge.h"
#include "report/json.h"
#include "service/system_world.h"

namespace recoup::cli {
namespace {

using core::Error;
using core::ExclusionWindow;
using core::Result;
using Windows = std::vector<ExclusionWindow>;

std::string span_in_words(const core::Interval& span) {
  return core::to_text(span.begin) + " to " + core::to_text(span.end);
}

// Whether the words on the command line have all that is needed.
Result<void> check_words(const ExcludeOptions& options) {
  if (!options.from || !options.to) {
    return Error{"expected --from and --to, or --list", "",
                 "instants like 2026-10-03T02:00:00Z; the end is not included"};
  }
  if (!options.remove && options.reason.find_first_not_of(" \t\r\n") == std::string::npos) {
    return Error{"expected a --reason, got none", "",
                 "it stands in the assessment and in the claim"};
  }
  return {};
}

// What they say, by the clock of the agreement's billing cycle.
Result<ExclusionWindow> window_of(const ExcludeOptions& options,
                                  const config::AgreementSettings& agreement) {
  const core::Instant now = service::SystemClock().wall();
  const auto from = instant_of(agreement, *options.from, now);
  if (!from) return from.error();
  const auto to = instant_of(agreement, *options.to, now);
  if (!to) return to.error();
  const ExclusionWindow window{{*from, *to}, options.reason};
  if (window.span.empty()) {
    return Error{fmt::format("expected --to after --from, got {}", span_in_words(window.span))};
  }
  return window;
}

Exit list(const Windows& of_settings, const Windows& kept, const std::string& file) {
  TextTable table({"FROM", "TO", Column("REASON").broken_to(20), Column("KEPT IN").goes(1)});
  const auto add = [&](const Windows& windows, const std::string& where) {
    for (const ExclusionWindow& window : windows) {
      table.add(
          {core::to_text(window.span.begin), core::to_text(window.span.end), window.reason, where});
    }
  };
  add(of_settings, file);
  add(kept, "the ledger");
  if (of_settings.empty() && kept.empty()) {
    say("  nothing is excluded");
  } else {
    table.print();
  }
  return kDone;
}

Exit list_json(const Windows& of_settings, const Windows& kept) {
  report::Json rows = report::Json::array();
  const auto add = [&](const Windows& windows, const char* where) {
    for (const ExclusionWindow& window : windows) {
      rows.push_back({{"from", core::to_text(window.span.begin)},
                      {"to", core::to_text(window.span.end)},
                      {"reason", window.reason},
                      {"kept_in", where}});
    }
  };
  add(of_settings, "settings");
  add(kept, "ledger");
  say(report::indented(rows));
  return kDone;
}

Exit remove(ledger::Exclusions& ledger, const std::string& agreement, const core::Interval& span) {
  const auto removed = ledger.remove_exclusion(agreement, span);
  if (!removed) return complain(removed.error(), kCouldNot);
  if (!*removed) {
    return complain(
        {fmt::format("expected an exclusion of the ledger from {}, got none", span_in_words(span)),
         agreement,
         fmt::format("recoup exclude --agreement {} --list shows them; those of "
                     "recoup.toml are removed there",
                     agreement)},
        kCouldNot);
  }
  say(fmt::format("{}: counts again: {}", agreement, span_in_words(span)));
  return kDone;
}

Exit keep(ledger::Exclusions& ledger, const config::AgreementSettings& settings,
          const ExclusionWindow& window) {
  const std::string& agreement = settings.agreement.id;
  if (auto done = ledger.exclude(agreement, window); !done)
    return complain(done.error(), kCouldNot);
  say(fmt::format("{}: excluded {}: {}", agreement, span_in_words(window.span), window.reason));
  if (const auto month = judge::month_at(settings, window.span.begin)) {
    const auto terms = judge::cycle_terms(settings, *month);
    if (terms && std::holds_alternative<core::RequestRatio>(terms->version->formula)) {
      say("the contract divides failed Requests by all: the served ones of that time are left out "
          "too, which can lower the uptime");
    } else if (terms && terms->version->excluded == core::Excluded::left_out) {
      say("the contract leaves that time out of what the uptime is divided by, which can lower it");
    }
    say(fmt::format("see what it does with: recoup assess --agreement {} --month {}", agreement,
                    core::to_text(*month)));
  }
  return kDone;
}

}  // namespace

Exit exclude(const ExcludeOptions& options) {
  if (!options.list) {
    if (const auto words = check_words(options); !words) {
      return complain(words.error(), kWrongWords);
    }
  }
  return with_agreement(options.config, options.agreement, [&](const Workplace& at) {
    if (options.list) {
      const auto kept = at.ledger->exclusions(options.agreement);
      if (!kept) return complain(kept.error(), kCouldNot);
      const Windows& own = at.agreement->agreement.exclusions;
      return options.json ? list_json(own, *kept) : list(own, *kept, at.settings.file);
    }
    const auto window = window_of(options, *at.agreement);
    if (!window) return complain(window.error(), kWrongWords);
    if (options.remove) return remove(*at.ledger, options.agreement, window->span);
    return keep(*at.ledger, *at.agreement, *window);
  });
}

}  // namespace recoup::cli
