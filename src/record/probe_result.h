#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/outcome.h"
#include "core/time.h"
#include "record/phases.h"

namespace recoup::record {

// TlsSeen is what a server showed of itself when a connection to it was encrypted.
struct TlsSeen {
  std::string version;                     // "TLSv1.3"
  std::string cipher;                      // "TLS_AES_256_GCM_SHA384"
  core::Instant earliest_end;              // of all certificates that it sent
  std::optional<core::Instant> chain_end;  // of those between it and an authority
  std::string fingerprint;                 // SHA-256 of its own certificate, in lower-case hex
  std::string subject, issuer;             // of that, as RFC 2253 writes them
  std::string names;                       // the hosts that it is for, with commas
};

// CheckResult is what one check beside the contract said of a request.
struct CheckResult {
  std::string check;  // "status", "body", "json status.state", "header Content-Type", …
  std::string why;    // why it failed, without what a server said; empty: it holds
  bool failed() const { return !why.empty(); }
};

// ProbeResult is what became of the last request of a probe, beside the counts of all of them.
struct ProbeResult {
  core::Instant started;
  core::Outcome outcome;
  bool expected = false;  // an answer that the probe waits for, and no failure
  std::chrono::nanoseconds duration{0};
  Phases phases{};
  int http_version = 0;                             // 10, 11, 20; 0: nobody knows
  int ip_protocol = 0;                              // 4 or 6; 0: no connection stood
  std::uint32_t ip_hash = 0;                        // FNV-1a of the address that answered
  std::int64_t content_length = -1;                 // as the answer says it; -1: it does not
  std::int64_t body_bytes = 0;                      // that came
  std::optional<core::Instant> last_modified = {};  // as the answer says it
  bool tls = false;                                 // the probe asks by https
  std::shared_ptr<const TlsSeen> server = {};  // null: it was not asked, or did not get that far
  std::vector<CheckResult> checks = {};

  int status() const {
    const auto* answer = std::get_if<core::Answered>(&outcome);
    return answer == nullptr ? 0 : answer->status;
  }
  bool check_failed() const {
    for (const CheckResult& one : checks) {
      if (one.failed()) return true;
    }
    return false;
  }
  // Whether it was answered as the probe expects, and every check holds.
  bool success() const { return expected && !check_failed(); }
};

// Exchange is what one request asked and what came back, as far as that may be shown: secrets and
// what is confidential are replaced by asterisks.
struct Exchange {
  std::string probe;
  std::string target;  // of a list, as that names it; empty: the probe has none
  ProbeResult result;
  std::string peer;      // who answered, or empty
  std::string why;       // libcurl's or the TLS library's words, where no answer came; or empty
  std::string asked;     // the request's line and headers
  std::string answered;  // the answer's; empty where none began
  std::string body;      // how its body begins: a kilobyte at most, valid UTF-8
  bool body_is_cut = false;
};

// CheckCounts is how often a probe's check was made and failed since the service started.
struct CheckCounts {
  std::string check;
  std::uint64_t made = 0;
  std::uint64_t failed = 0;
  std::string why;  // it failed the last time, and why; empty: it held
};

}  // namespace recoup::record
