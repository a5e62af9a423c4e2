#pragma once

#include <memory>
#include <string>

#include "sources/logs/format.h"

namespace recoup::sources {

// AutoReader tells a log's format by its first lines, says to the intake which it is, and goes on
// as that format's reader. A log whose first lines are of none is refused.
class AutoReader final : public Reader {
 public:
  explicit AutoReader(FormatOptions options) : options_(std::move(options)) {}

  core::Result<void> take(std::string_view bytes, Intake& intake) override;
  core::Result<void> finish(Intake& intake) override;

 private:
  core::Result<void> choose(Intake& intake);

  FormatOptions options_;
  std::string held_;  // until it is enough to tell
  std::unique_ptr<Reader> reader_;
};

// The reader of a format, which the intake is told of, or one that tells it. Errors: there is no
// such format, or it does not have the options.
core::Result<std::unique_ptr<Reader>> make_reader(const std::string& format,
                                                  const FormatOptions& options, Intake& intake);

}  // namespace recoup::sources
