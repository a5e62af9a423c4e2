#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "documents/content.h"
#include "documents/whole_file.h"
#include "record/digest_files/digest_chain.h"

// CloudTrail's digest files in a folder, and log files held against them.
namespace recoup::sources {

// What is called like a digest, or like what the AWS CLI prints of one's object
// (NAME.json.gz.head.json): no log file.
bool is_of_digests(const documents::InputFile& file);

// All digests in a folder and those below it, each with the signature that NAME.head.json beside it
// has. One whose content cannot be read is among them. Errors: there is none, or a file with a
// signature has none.
core::Result<std::vector<record::FoundDigest>> read_digests(const std::string& folder,
                                                            const documents::UnpackLimit& limit);

// LogSignature is what the digests say of one log file.
struct LogSignature {
  enum class Says {
    yes,       // a digest that verifies has the hash of its content
    changed,   // one has another hash for a file of its name
    unlisted,  // none names it
  };

  Says says = Says::unlisted;
  std::string why = {};         // in words, where there is more to say
  std::string as_it_lies = {};  // SHA-256 of the file; empty where it cannot be read
  std::string hash = {};        // of what is in it, unpacked
};

std::string_view to_text(LogSignature::Says says);  // "yes", "changed", "unlisted"

// SignedLogs holds log files against digests that verify.
class SignedLogs {
 public:
  // The digests outlive it.
  explicit SignedLogs(const record::DigestCheck& digests);

  // A file is known by its content, whatever it is called, and by its name where the content is
  // another.
  LogSignature check(const documents::InputFile& file, const documents::UnpackLimit& limit);

  // What is listed and was not among the files that were checked, by place.
  std::vector<const record::DigestFile::Log*> missing() const;

 private:
  using Log = record::DigestFile::Log;

  core::Result<LogSignature> hashed(const documents::InputFile& file,
                                    const documents::UnpackLimit& limit);
  static LogSignature unlike(const documents::InputFile& file, const Log& listed,
                             LogSignature found, const documents::UnpackLimit& limit);

  documents::WholeFile whole_;  // its memory is used for file after file
  std::multimap<std::string, const Log*> by_hash_, by_name_;
  std::set<std::string> unproven_;  // names that only digests list that do not verify
  std::set<const Log*> met_;
};

}  // namespace recoup::sources
