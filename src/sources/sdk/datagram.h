#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <variant>

#include "core/outcome.h"
#include "core/time.h"

namespace recoup::sources::sdk {

// Subject is which service, Region and process a datagram of an SDK is about.
struct Subject {
  std::string_view service;  // as SDKs call it: "KMS"
  std::string_view region;   // empty where the request was not signed
  std::string_view client;   // AWS_CSM_CLIENT_ID of the process, or empty
};

// Attempt is one HTTP request that an SDK made. Which credentials signed it is not in it: access
// key, session token and messages of errors are never read.
struct Attempt {
  Subject of;
  std::string_view api;  // "GenerateRandom"
  core::Instant at;      // when it began
  core::Outcome outcome;
  std::string_view request_id;  // the provider's, or empty
  core::Millis latency{0};
};

// Call is what an application asked of an SDK, which made attempts until one was answered well or
// it gave up.
struct Call {
  Subject of;
  core::Instant at;  // when it began
  std::uint64_t attempts = 0;
  bool gave_up = false;  // no more retries were left
};

// Other is a datagram of client-side monitoring that is neither.
struct Other {};

// Malformed is a datagram that is none of client-side monitoring, and what was expected of it;
// lives as long as the program.
struct Malformed {
  std::string_view expected;
};

// What one datagram says.
using Said = std::variant<Attempt, Call, Other, Malformed>;

// DatagramReader reads what AWS SDKs send by client-side monitoring: one JSON object a datagram,
// whose keys are in any order. Nothing that is sent breaks it. One thread.
class DatagramReader {
 public:
  DatagramReader();
  ~DatagramReader();
  DatagramReader(const DatagramReader&) = delete;
  DatagramReader& operator=(const DatagramReader&) = delete;

  // The texts are the reader's own, good until it reads again.
  Said read(std::string_view datagram);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace recoup::sources::sdk
