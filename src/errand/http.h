#pragma once

#include <cstddef>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "record/secret.h"

// Errands: one request or one program, by threads that may wait for its end. Credentials are
// fetched so, notices delivered, times asked for. Probes are sent by a loop of their own.
namespace recoup::errand {

// Request is one HTTP request. It may hold secrets, and so may its answer.
struct Request {
  std::string method = "GET";
  std::string url;
  std::vector<std::string> headers = {};  // "Name: value"
  std::string body = {};
  core::Millis within{5000};                  // from its begin to the last byte
  std::size_t most = std::size_t{256} << 10;  // bytes of an answer's body
  std::string user_agent = "recoup";
  // AWS Signature Version 4, where it is to be signed: "aws:amz:REGION:SERVICE".
  std::string signed_for = {};
  record::Secret key_id = {}, key = {};
};

struct Answer {
  int status = 0;
  std::string body = {};
  std::string type = {};                   // Content-Type, at most 80 characters
  std::optional<core::Instant> date = {};  // what the Date header says that it is there
};

// Sends it, and waits for the answer of whatever status. Follows no redirect, and uses no proxy for
// this machine's own addresses. A stop ends the waiting. The error is a reason alone, such as
// "Timeout was reached": nothing of the address, of what was sent and of what was answered.
core::Result<Answer> send(const Request& request, const std::stop_token& stop = {});

// The instant that a Date header says; nothing where it says none.
std::optional<core::Instant> date_in(const std::string& text);

}  // namespace recoup::errand
