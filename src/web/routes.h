#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/snapshot.h"
#include "web/server.h"

namespace recoup::web {

// Pages is where the answers come from. The functions are called from the server's thread and must
// not block.
struct Pages {
  // The newest snapshot; null before there is one.
  std::function<std::shared_ptr<const core::Snapshot>()> snapshot;
  std::function<std::string()> metrics_text;
  std::string metrics_type = "text/plain; version=0.0.4; charset=utf-8";
};

// Answers GET of /, /metrics, /-/healthy (200 while the process works) and /-/ready (503 until the
// first assessment of every agreement was made); else 404, or 405 for another method.
Handler make_handler(Pages pages);

}  // namespace recoup::web
