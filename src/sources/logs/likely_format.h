#pragma once

#include <string>
#include <vector>

#include "sources/logs/intake.h"

namespace recoup::sources {

// Guesses a log's format by its first lines that are not empty, or by their beginnings. The shapes
// of AWS are those of its user guides: Application and Classic Load Balancer access logs,
// CloudFront standard logs, S3 server access logs, CloudTrail log files.
LikelyFormat likely_format(const std::vector<std::string>& lines);

}  // namespace recoup::sources
