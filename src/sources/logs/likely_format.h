#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace recoup::sources {

// LikelyFormat is what a log looks like by its first lines.
struct LikelyFormat {
  std::string name;         // in words: "a CloudFront standard log"; empty where it is not known
  std::string_view format;  // what read_log() calls it; empty where it cannot read it

  bool operator==(const LikelyFormat&) const = default;
};

// Guesses a log's format by its first lines that are not empty, or by their beginnings. The shapes
// of AWS are those of its user guides: Application and Classic Load Balancer access logs,
// CloudFront standard logs, S3 server access logs, CloudTrail log files.
LikelyFormat likely_format(const std::vector<std::string>& lines);

}  // namespace recoup::sources
