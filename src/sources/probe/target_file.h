#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/result.h"
#include "documents/lines.h"

namespace recoup::sources::probe {

// Target is one endpoint of a list, as its file has it.
struct Target {
  using Labels = std::map<std::string, std::string>;

  std::string name;                      // "db1.example:443", or a whole URL
  std::shared_ptr<const Labels> labels;  // of its group; never null
  std::string file;
  documents::Span at;  // where it stands in the file

  // A complaint about it: "targets.json:3:15: error: …", with a help line where there is one.
  std::string complaint(const std::string& message, const std::string& help = {}) const;
};

// Reads files in the form of Prometheus' file_sd, [{ "targets": […], "labels": { … } }, …]: YAML
// where the name ends in .yml or .yaml, and else JSON. Each path is a file or a pattern of some, as
// documents::named_files() takes it. A target of which there are two is refused, since its requests
// would be counted twice, and so is a list without any. Labels whose names begin with "__" are
// Prometheus' own, and left out. The error's message holds all complaints.
core::Result<std::vector<Target>> read_target_files(const std::vector<std::string>& paths);

}  // namespace recoup::sources::probe
