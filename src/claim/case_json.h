#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "claim/claim.h"
#include "core/result.h"

// What a claim is filed with: the requests to the provider's support system.
namespace recoup::claim {

struct Body;

// The files to attach in sets as large as a case takes them, in their order.
std::vector<std::vector<std::string>> attachment_sets(const std::vector<std::string>& attached);

inline constexpr char kAwsCase[] = "create-case.json";
inline constexpr char kAwsCliCase[] = "create-case.cli.json";
inline constexpr char kSend[] = "send.sh";
inline constexpr char kAlibabaCase[] = "create-ticket.json";
inline constexpr char kForm[] = "form.txt";

// What such a file is filed with, in a word for the user's notes.
std::string case_file_name(const Claim& claim);

// Whether files of that name are for filing.
bool is_case_file(std::string_view name);

// Takes the next bytes of a file.
using Sink = std::function<void(std::string_view)>;

// CaseFile is one of the files for filing; `write` gives its bytes in pieces, for which it may read
// the files that are attached.
struct CaseFile {
  std::string name;
  std::function<core::Result<void>(const Sink&)> write;
};

// All of them, by what the provider is; for a partner none: how a partner files is his to say.
//   AWS:      create-case.json, all requests of the interface in one, with what to look up first;
//             create-case.cli.json and add-attachments.cli.json (and -2, … for further sets), as
//             the AWS CLI takes them, and send.sh, which does
//   Alibaba:  create-ticket.json
//   others:   form.txt, the fields of the claim for a form, as far as the contract says any
// `folder` holds the files to attach. The claim, the body and the names must outlive what is given.
std::vector<CaseFile> case_files(const Claim& claim, const Body& body,
                                 const std::vector<std::string>& attached,
                                 const std::string& folder);

}  // namespace recoup::claim
