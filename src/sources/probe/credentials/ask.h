#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "record/secret.h"

namespace recoup::sources::probe {

// Question is one request for credentials: to the machine's own metadata, to a token service. It
// and its answer hold secrets.
struct Question {
  std::string method = "GET";
  std::string url;
  std::vector<std::string> headers = {};  // "Name: value"
  std::string body = {};
  core::Millis within{5000};
  // AWS Signature Version 4, where it is to be signed: "aws:amz:REGION:SERVICE".
  std::string signed_for = {};
  record::Secret key_id = {}, key = {};
};

struct Reply {
  int status = 0;
  std::string body;
};

// Asks, and waits for the answer: for threads that may wait. Follows no redirect and uses no proxy
// for the machine's own addresses. The error names host and reason, nothing of what was sent.
core::Result<Reply> ask(const Question& question);

// What the command prints, run by the shell for at most a minute; it must end well. What it writes
// to its standard error goes to ours.
core::Result<std::string> printed_by(const std::string& command);

}  // namespace recoup::sources::probe
