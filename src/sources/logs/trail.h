#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/result.h"
#include "documents/content.h"
#include "sources/logs/trail_content.h"

// Reads AWS CloudTrail log files: {"Records":[…]}, or one record a line. A record says itself whose
// Request it is, so that one file is read once for all agreements; it has an id, so that it counts
// once whichever files have it.
//
// A record is a Request of an agreement when it is an AwsApiCall of category Management or Data
// (older records name none), of the contract's event source, in the agreement's Region, delivered
// to the agreement's account and made by it: a call of another account on our key is that account's
// Request. A call by another service of AWS on behalf of the account is marked so
// (core::Answered::indirect); which contract counts those is not decided here.
namespace recoup::sources {

// Whether the file begins as one of CloudTrail's; false where it cannot be read.
bool looks_like_trail(const documents::InputFile& file);

// TrailFiles reads files one after another for the same wishes. One thread. It keeps its memory
// from file to file: of files up to 32 MiB, that are read at once, about twice the longest.
class TrailFiles {
 public:
  explicit TrailFiles(std::vector<TrailWish> wishes, const documents::UnpackLimit& limit = {});
  TrailFiles(TrailFiles&&) noexcept;
  ~TrailFiles();

  // Reads one file, plain or packed. Records may come in any order. Errors: it cannot be read to
  // its end, has more in it than the limit, or is no JSON: then nothing of it is kept.
  core::Result<TrailContent> read(const documents::InputFile& file,
                                  const documents::OnProgress& progress);

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace recoup::sources
