#pragma once

#include <string>
#include <vector>

#include "claim/claim.h"
#include "claim/out_file.h"

namespace recoup::claim {

// The files to attach in sets as large as a case takes them, in their order.
std::vector<std::vector<std::string>> attachment_sets(const std::vector<WrittenFile>& logs);

// The name of the file for the provider's support system; empty where none is known.
inline constexpr char kAwsCase[] = "create-case.json";
inline constexpr char kAlibabaCase[] = "create-ticket.json";
std::string case_file_name(const std::string& provider);

// That file: the requests to the support system's interface, ready to send, and what has to be
// looked up before. The first set of attachments is in it whole; `folder` holds them.
core::Result<std::string> case_text(const Claim& claim, const std::string& body,
                                    const std::vector<WrittenFile>& logs,
                                    const std::string& folder);

}  // namespace recoup::claim
