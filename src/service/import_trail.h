#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "config/settings.h"
#include "core/world.h"
#include "ledger/ledger.h"
#include "service/import.h"
#include "sources/logs/trail.h"

namespace recoup::service {

// TrailImport is how files of a trail are read.
struct TrailImport {
  // Whose Requests are looked for: agreements of the settings, each with the name of the log that
  // its part of a file is kept under.
  struct Target {
    const config::AgreementSettings* agreement;
    std::string log;
  };
  std::vector<Target> targets;
  record::WorthARecord worth;               // which outcomes are worth a record, beside failures
  core::Interval only{{}, core::kOpenEnd};  // what lies outside is left out
  documents::UnpackLimit limit = {};
};

// TrailPart is what a file had for one agreement.
struct TrailPart {
  std::string agreement;
  std::uint64_t requests = 0;  // as the file has them, and of these:
  std::uint64_t errors = 0;    // by the agreement's contract in force, calls of other services too
  std::uint64_t indirect = 0;  // made by another service
  std::uint64_t key_store = 0;
  std::uint64_t outside = 0;                 // beside them: not in TrailImport::only
  std::vector<core::OutcomeCount> outcomes;  // of the requests
  std::uint64_t evidence_dropped = 0;
  record::TrailAdded added;
  core::Interval span;
};

// TrailFileRead is what became of one file.
struct TrailFileRead {
  std::string file;
  core::Result<sources::TrailContent> content = core::Error{};  // without its shares
  std::vector<TrailPart> parts;  // of agreements that it had something for
  // By target the last thing that it told of the account, of whatever service; 1970: nothing.
  std::vector<core::Instant> heard = {};
  std::optional<core::Error> read_in_part = {};  // why nothing was read of it now
  bool is_new() const;
};

// A trail of which this agreement's contract names the service; false where none does, or the rule
// names none.
bool can_have_trail(const config::AgreementSettings& agreement);

// Reads files of a trail, each once for all targets, on two threads, and puts what is new in the
// ledger, group by group, each in one transaction: what was interrupted is read again without harm.
// `each` is told of every file in order, when it is durable; `progress` of bytes as they lie and
// records when a file was read, by one thread at a time, and never while `each` is told. That a
// file was read before of another time, which is not all of this one, is told in its place. The
// error is the ledger's; a file that cannot be read is told of, and the others go on.
core::Result<void> import_trail(ledger::FileStore& ledger, core::World world,
                                const TrailImport& import,
                                const std::vector<documents::InputFile>& files,
                                const std::function<void(const TrailFileRead&)>& each,
                                const OnImportProgress& progress);

}  // namespace recoup::service
