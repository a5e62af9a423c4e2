#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "record/evidence.h"

namespace recoup::record {

// Records of one series are chained as they are written: each has a link, the SHA-256 of the link
// before it and its own canonical line (canonical.h). The link before the first is the SHA-256 of
//   recoup chain 1 <agreement> <kind> <name> <part>
// and LF, each as canonical_words() writes it. A record that is changed, taken out or put in fits
// no more, and neither does any after it.

// ChainHead is how far the chain of one series of an agreement reached.
struct ChainHead {
  std::string kind;  // to_text(SeriesKind)
  std::string name;  // the probe's or the log source's id
  std::string part;  // the vantage point, or the file's digest
  std::uint64_t records = 0;
  std::string head;  // the last record's link, in hexadecimal digits

  auto operator<=>(const ChainHead&) const = default;
};

// A link is 32 bytes, not text.
std::string first_link(const std::string& agreement, const std::string& kind,
                       const std::string& name, const std::string& part);

// Linker makes links; it keeps its memory from one to the next. For one thread at a time.
class Linker {
 public:
  Linker();
  ~Linker();
  Linker(const Linker&) = delete;
  Linker& operator=(const Linker&) = delete;

  // Replaces the link before by the record's.
  void advance(std::string& link, const Evidence& evidence);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
  std::string text_;
};

}  // namespace recoup::record
