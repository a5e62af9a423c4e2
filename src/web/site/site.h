#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/result.h"
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
  // Has the settings read again, from a thread that may wait; nothing where it is not to be done
  // for who asks by HTTP. Null: there are none to be read.
  std::function<std::optional<core::Result<void>>()> reload = nullptr;
  Records* records = nullptr;  // null: the ledger can only be read by the service itself
};

}  // namespace recoup::web
