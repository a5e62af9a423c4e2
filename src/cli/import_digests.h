#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/import_row.h"
#include "record/digest_files/digest_evidence.h"
#include "report/json.h"
#include "sources/logs/signed_logs.h"

namespace recoup::cli {

// ImportDigests is what an import is told of by CloudTrail's digests: which of its files are as
// they were signed.
class ImportDigests {
 public:
  // Reads and checks what the options name. Errors: the keys or the digests are not there, or are
  // none.
  static core::Result<ImportDigests> of(const ImportOptions& options);

  // Holds a log file against them: false where it must not be imported, since it was changed.
  bool admits(const documents::InputFile& file);

  // "yes", "changed" or "unlisted": of the file that was read with these bytes. What was not
  // checked is listed nowhere.
  std::string says_of(const std::string& digest) const;

  // Rows of files that are not imported: those that were changed, and those that are missing.
  std::vector<ImportRow> rows_of_the_rest() const;

  // What a ledger keeps of it: what verified, and what is said of the files that are imported.
  record::DigestEvidence evidence() const;

  // What there is to say, line by line; and what makes the import fail.
  std::vector<std::string> in_words() const;
  std::vector<core::Error> errors() const;

  report::Json json() const;

 private:
  ImportDigests(const ImportOptions& options, record::DigestKeys keys);
  std::vector<std::string> words_of_files() const;

  const ImportOptions& options_;
  std::unique_ptr<const record::DigestKeys> keys_;  // at a place that stays
  std::unique_ptr<const record::DigestCheck> check_;
  std::optional<sources::SignedLogs> logs_;
  struct Checked {
    std::string name;
    sources::LogSignature signature;
    bool is_kept_out = false;
  };
  std::vector<Checked> checked_;
  std::map<std::string, std::string> by_digest_;  // what is said, by the SHA-256 of a file
};

}  // namespace recoup::cli
