#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/read_file.h"
#include "report/json.h"
#include "service/import_trail.h"

namespace recoup::cli {

// ImportRow is what became of one file, as it is said in words and in JSON.
struct ImportRow {
  std::string file;
  std::string format;
  std::string digest;
  std::uint64_t requests = 0;    // that it has for the agreements
  std::uint64_t errors = 0;      // of these, by the contracts
  std::uint64_t indirect = 0;    // of these, made by other services of the provider
  std::uint64_t duplicates = 0;  // that were known
  std::uint64_t malformed = 0;
  std::uint64_t records = 0;  // all, to set the malformed ones against
  std::uint64_t own = 0;
  std::uint64_t evidence_dropped = 0;        // failed requests that found no room for a record
  core::Interval span;                       // of the requests
  std::optional<core::Instant> first, last;  // of the requests
  // How many came to which status; those without one as "no answer" and "unclassified".
  std::map<std::string, std::uint64_t> statuses;
  bool is_new = false;
  std::string signed_as;  // by CloudTrail's digests: "yes"; empty where nobody asked them
  // By agreement, the months that something new is of.
  struct Touched {
    std::string agreement;
    core::Interval span;
  };
  std::vector<Touched> touched;
};

ImportRow row_of(const service::TrailFileRead& read);

// The file of lines that was read for the agreement.
ImportRow row_of(const std::string& file, const service::Imported& imported,
                 const config::AgreementSettings& agreement);

// What a file of a trail came to, in words: a line, and the first malformed records below it.
std::string in_words(const service::TrailFileRead& read);

// What the requests that were counted are, in words: the first and the last instant, and statuses;
// empty where there are none.
std::string requests_in_words(const ImportRow& total);

// {"files": […], "total": {…}}, the sum of them, and what digests say of all, where they were
// asked.
std::string import_json(const std::vector<ImportRow>& rows, const report::Json* digests);
ImportRow total_of(const std::vector<ImportRow>& rows);

// What became of one file, of what it was for each of some agreements; there is one at least.
ImportRow sum_of_file(const std::vector<ImportRow>& parts);

}  // namespace recoup::cli
