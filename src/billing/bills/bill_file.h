#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "documents/content.h"

namespace recoup::billing {

// BillFile reads what is in a zip file, or in any other as documents::Content does, told by its
// first bytes, in bounded memory. Each .csv or .json in a zip is a member of its own; any other
// file is its only member. `progress` gets the bytes of this file; it may be empty.
class BillFile {
 public:
  BillFile(std::string path, documents::OnProgress progress);
  ~BillFile();
  BillFile(const BillFile&) = delete;
  BillFile& operator=(const BillFile&) = delete;

  // Goes to the next member; false after the last, and where reading failed.
  bool next_member();

  // The path, or "x.zip:member.csv".
  const std::string& name() const;

  // The next bytes of the member, valid until the next call; empty at its end and where reading
  // failed.
  std::string_view read();

  // Whether everything could be read up to here. A damaged file is found at its end at the latest:
  // what was read before may be wrong until then.
  const core::Result<void>& state() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace recoup::billing
