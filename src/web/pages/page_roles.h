#pragma once

#include "report/html.h"
#include "report/snapshot.h"

namespace recoup::web {

// Which part of the service this process is, who is the judge, and who records for each vantage
// point; nothing of a process that does everything alone.
report::Html roles_html(const report::Snapshot& snapshot);

}  // namespace recoup::web
