#pragma once

#include <map>
#include <string>
#include <vector>

#include "simulation/oracle.h"
#include "simulation/script.h"
#include "support/sim_network.h"

namespace recoup::test {

// Provider answers as a script says, and is the witness of each request that came to it.
class Provider {
 public:
  // Seen is one request, and what became of it.
  struct Seen {
    core::Instant wall;                         // when it was sent, by the machine's wall clock
    core::MonoTime began;                       // likewise
    core::MonoTime ends;                        // when its answer has come; never where none does
    bool is_request = false, is_error = false;  // by the contract
    bool is_stranger = false;                   // a status of 503 without the provider's id
    int run = 0;                                // of which process
  };

  // Both outlive it.
  Provider(const SimWorld& world, const Script& script)
      : world_(world), script_(script), start_(world.mono()) {}

  core::Millis since_start() const {
    return std::chrono::floor<core::Millis>(world_.mono() - start_);
  }

  SimNetwork::Reply answer(core::Instant wall) {
    SimNetwork::Reply reply = of(since_start());
    Seen seen{wall, world_.mono(), world_.mono() + reply.after, false, false, false, run};
    if (!reply.head.empty()) {
      const int status = std::stoi(reply.head.substr(9));
      const bool has_id = reply.head.find("x-amzn-requestid") != std::string::npos;
      // A status that came is one, though the rest of the answer was cut off.
      const bool answered = reply.code == CURLE_OK || status >= 500;
      seen.is_error = answered && (status == 500 || status == 503) && has_id;
      seen.is_stranger = answered && status == 503 && !has_id;
      seen.is_request = answered && !seen.is_stranger;
    }
    all_.push_back(seen);
    return reply;
  }

  const std::vector<Seen>& all() const { return all_; }

  int run = 0;  // the process that asks now

 private:
  SimNetwork::Reply of(core::Millis now) const {
    using Kind = Event::Kind;
    using std::chrono::milliseconds;
    static const std::string id = "x-amzn-requestid: 00000000-0000-4000-8000-000000000001\r\n";
    SimNetwork::Reply reply = SimNetwork::answer(200, id);
    for (const Event& event : script_.events) {
      if (!event.is_on(now)) continue;
      switch (event.kind) {
        case Kind::refused: reply = {milliseconds(1), CURLE_COULDNT_CONNECT}; break;
        case Kind::reset: reply = {milliseconds(20), CURLE_RECV_ERROR}; break;
        case Kind::slow:
          reply = SimNetwork::answer(200, id);
          reply.after = core::Millis(event.amount);
          break;
        case Kind::silent: reply = SimNetwork::never(); break;
        case Kind::cut_off_200:
          reply = SimNetwork::answer(200, id);
          reply.code = CURLE_PARTIAL_FILE;
          break;
        case Kind::cut_off_503:
          reply = SimNetwork::answer(503, id);
          reply.code = CURLE_PARTIAL_FILE;
          break;
        case Kind::answers_500: reply = SimNetwork::answer(500, id); break;
        case Kind::answers_503: reply = SimNetwork::answer(503, id); break;
        case Kind::stranger_503: reply = SimNetwork::answer(503); break;
        case Kind::no_name: reply = {milliseconds(5), CURLE_COULDNT_RESOLVE_HOST}; break;
        default: break;
      }
    }
    return reply;
  }

  const SimWorld& world_;
  const Script& script_;
  const core::MonoTime start_;
  std::vector<Seen> all_;
};

}  // namespace recoup::test
