#pragma once

#include <compare>
#include <string>
#include <vector>

#include "core/result.h"
#include "documents/content.h"
#include "sources/logs/format_options.h"

// Files of what AWS SDKs report by client-side monitoring, one datagram a line. They do not say of
// which account they are.
namespace recoup::sources {

// The name of the format.
inline constexpr char kSdkFormat[] = "csm";

// SdkSubject is whose attempts there are (sdk::Subject).
struct SdkSubject {
  std::string service, region, client;
  auto operator<=>(const SdkSubject&) const = default;
};

// Whether the file's first line is such a datagram; false where it cannot be read.
bool looks_like_sdk_log(const documents::InputFile& file);

// Whose attempts are in the file, each once; of 100,000 at most. Errors: those of reading it.
core::Result<std::vector<SdkSubject>> sdk_subjects(const documents::InputFile& file,
                                                   const documents::UnpackLimit& limit);

// Whether one of them is about the subject.
bool wants(const std::vector<SdkSubjects>& wanted, const SdkSubject& subject);

}  // namespace recoup::sources
