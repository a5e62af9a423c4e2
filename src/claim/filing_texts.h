#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "claim/claim.h"

// Texts that a claim is filed with. For case_json.cc alone.
namespace recoup::claim {

// send.sh: a shell script that files the claim by the AWS CLI, of the set of attachments in
// add-attachments.cli.json and those after it.
std::string send_script(const std::string& service, std::size_t sets);

// form.txt: what goes into the fields of a provider's form, as far as the contract says what it
// wants; plain text.
std::string form_text(const Claim& claim, const std::vector<std::string>& attached);

}  // namespace recoup::claim
