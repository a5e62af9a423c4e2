#include "cli/commands.h"
#include "cli/print_explanation.h"
#include "cli/said.h"
#include "cli/terminal.h"
#include "cli/workspace.h"
#include "judge/cycles.h"
#include "report/explanation_json.h"
#include "service/system_world.h"

namespace recoup::cli {
namespace {

Exit explain_interval(const Workplace& at, core::Instant instant, const ExplainOptions& options) {
  const auto about = judge::explain(*at.ledger, *at.agreement, instant, options.top,
                                    service::SystemClock().wall());
  if (!about) return complain(about.error(), kCouldNot);
  if (options.json) {
    say(report::to_json(*about));
  } else {
    print_explanation(*about);
  }
  return kDone;
}

Exit explain_period(const Workplace& at, const judge::Period& period,
                    const ExplainOptions& options) {
  const auto costs =
      judge::costs(*at.ledger, *at.agreement, period, options.top, service::SystemClock().wall());
  if (!costs) return complain(costs.error(), kCouldNot);
  if (options.json) {
    say(report::to_json(*costs));
  } else {
    print_costs(*costs);
  }
  return kDone;
}

struct Explain {
  const Workplace& at;
  const ExplainOptions& options;

  Exit operator()(const core::SaidTime& said) const {
    const core::Instant now = service::SystemClock().wall();
    if (const auto* day = std::get_if<core::SaidDay>(&said)) {
      const auto zone = judge::zone_at(*at.agreement, now);
      if (!zone) return complain(zone.error(), kWrongWords);
      return explain_period(at, core::day_in(*zone, *day, now), options);
    }
    const auto instant = instant_of(*at.agreement, said, now);
    if (!instant) return complain(instant.error(), kWrongWords);
    return explain_interval(at, *instant, options);
  }

  Exit operator()(const core::SaidMonth& said) const {
    const auto month = month_of(*at.agreement, said, service::SystemClock().wall());
    if (!month) return complain(month.error(), kWrongWords);
    return explain_period(at, *month, options);
  }
};

}  // namespace

Exit explain(const ExplainOptions& options) {
  return with_agreement(options.config, options.agreement, [&](const Workplace& at) {
    return std::visit(Explain{at, options}, options.when);
  });
}

}  // namespace recoup::cli
