#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"
#include "record/digest.h"

namespace recoup::claim {

// What a file of a claim came to.
struct WrittenFile {
  std::string name;  // inside the claim's folder
  std::uint64_t bytes = 0;
  std::string sha256;
};

// OutFile writes one new file of a claim, for its owner alone to read, buffered, and digests it on
// the way. A failed write is kept and reported by finish(). Not for more than one thread.
class OutFile {
 public:
  // The file must not exist yet.
  OutFile(const std::string& folder, std::string name);
  ~OutFile();
  OutFile(const OutFile&) = delete;
  OutFile& operator=(const OutFile&) = delete;

  void append(std::string_view text);

  // Writes what is left and waits until it is on the disk.
  core::Result<WrittenFile> finish();

 private:
  void flush();
  void fail(const char* doing);

  std::string path_;
  WrittenFile file_;
  record::Sha256 digest_;
  std::string buffer_;
  std::string failure_;
  int handle_;
};

}  // namespace recoup::claim
