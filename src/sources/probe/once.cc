#include "sources/probe/once.h"

#include <algorithm>
#include <system_error>

#include <curl/curl.h>

#include "sources/probe/loop.h"
#include "sources/probe/transfer.h"
#include "sources/probe/trust.h"

namespace recoup::sources::probe {
namespace {

// What ended, or, when its time is over, that it has.
Network::EndedTransfer ended_within(Network& network, void* easy, core::MonoTime began,
                                    core::Millis timeout, const core::Clock& clock) {
  for (;;) {
    const auto left = std::chrono::ceil<core::Millis>(began + timeout - clock.mono());
    if (left <= core::Millis(0)) break;
    const auto& ended = network.turn(left);
    if (!ended.empty()) return ended.front();
  }
  network.remove(easy);
  return {easy, CURLE_OPERATION_TIMEDOUT,
          std::chrono::floor<std::chrono::microseconds>(clock.mono() - began)};
}

core::Result<std::unique_ptr<Network>> open() {
  try {
    return std::unique_ptr<Network>(std::make_unique<Loop>());
  } catch (const std::system_error& error) {
    return core::Error{error.what()};
  }
}

}  // namespace

core::Result<RawExchange> send_once(const std::shared_ptr<const Probe>& probe,
                                    const Identity& identity, const core::Clock& clock) {
  auto network = open();
  if (!network) return network.error();
  Trusts trusts(nullptr);
  const auto trust = trusts.of(*probe);
  if (trust && !trust->ready()) return core::Error{"nobody is there whom its TLS could believe"};
  Transfer transfer(**network, identity);
  if (!transfer.usable()) return core::Error{"no memory is left for a request"};
  transfer.configure(probe, trust);
  transfer.keep_every_answer();
  const core::Instant now = clock.wall();
  if (!transfer.can_sign(now)) return core::Error{"there are no credentials to sign it with"};
  transfer.begin(now, now);
  const core::MonoTime began = clock.mono();
  if (!(*network)->add(transfer.easy())) return core::Error{"libcurl could not begin it"};
  const auto ended =
      ended_within(**network, transfer.easy(), began, probe->settings.timeout, clock);
  Observation seen = transfer.end(ended, false, {});
  record::ProbeResult result = transfer.result(seen);
  return transfer.exchange(seen, std::move(result), ended.code);
}

}  // namespace recoup::sources::probe
