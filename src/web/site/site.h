#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "record/probe_result.h"
#include "report/snapshot.h"
#include "web/site/records.h"

namespace recoup::web {

// Site is where all answers come from. The functions are called from the server's thread and must
// not block.
struct Site {
  // The newest snapshot; null before there is one.
  std::function<std::shared_ptr<const report::Snapshot>()> snapshot;
  std::function<std::string()> metrics_text;
  std::string metrics_type = "text/plain; version=0.0.4; charset=utf-8";
  std::string version;  // the program's
  // Differs from what it was whenever pages show what no clock brings: a step of a claim, what
  // another process wrote, other settings, a new start. Null: nothing of that happens.
  std::function<std::string()> news = nullptr;
  // Has the settings read again, from a thread that may wait; nothing where it is not to be done
  // for who asks by HTTP. Null: there are none to be read.
  std::function<std::optional<core::Result<void>>()> reload = nullptr;
  // The last failures of an agreement's probes, at most so many, the newest first; redacted. Called
  // by workers. Null: nothing is probed.
  std::function<std::vector<record::Exchange>(const std::string& agreement, std::size_t most)>
      failures = {};
  // What /probe answers. Called by workers: it may wait for a probe. Null: nothing is probed.
  std::function<Response(const Request&)> probe = {};
  Records* records = nullptr;  // null: the ledger can only be read by the service itself
};

}  // namespace recoup::web
