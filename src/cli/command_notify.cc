#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "cli/workspace.h"
#include "report/json.h"
#include "service/notify/deliver.h"
#include "service/notify/notice.h"
#include "service/system_world.h"

namespace recoup::cli {

Exit notify(const NotifyOptions& options) {
  const auto settings = load(options.config);
  if (!settings) return complain(settings.error(), kWrongWords);
  const config::NotifySettings& target = settings->notify;
  if (target.empty()) {
    return complain({"expected somebody to tell, got no [notify]", settings->file,
                     "write [notify] with webhook = \"https://…\" or command = [\"…\"]"},
                    kWrongWords);
  }
  if (!options.test) {
    if (options.json) {
      say(report::indented({{"tells", target.shown()}}));
      return kDone;
    }
    say(fmt::format("`recoup run` tells {} what there is to know; --test sends one notice now",
                    target.shown()));
    return kDone;
  }
  const service::SystemClock clock;
  const core::Instant now = clock.wall();
  const std::string json = service::notice_json(service::test_notice(now), now);
  if (const auto done = service::deliver(target, json, clock, {}); !done) {
    return complain({fmt::format("the notice was not accepted: {}", done.error().message),
                     target.shown(), "nothing else stops for that: the service tries again"},
                    kCouldNot);
  }
  say(options.json ? json : fmt::format("{} took the notice\n{}", target.shown(), json));
  return kDone;
}

}  // namespace recoup::cli
