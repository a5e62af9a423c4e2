#include "service/probe_answers.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "metrics/exporter.h"
#include "metrics/probe_text.h"

namespace recoup::service {
namespace {

using core::Millis;
using sources::probe::Recent;

// What the answer needs of the time that Prometheus waits, as blackbox_exporter takes it.
constexpr Millis kReserve{500};

web::Response plain(int status, std::string text) {
  return {status, "text/plain; charset=utf-8", std::move(text)};
}

std::string value_of(const std::map<std::string, std::string>& values, const char* name) {
  const auto found = values.find(name);
  return found == values.end() ? "" : found->second;
}

// "10" or "2.5", in seconds; nothing where it is no time. Nobody waits longer than the probe does.
std::optional<Millis> scrape_timeout(const web::Request& request) {
  const std::string text = value_of(request.headers, "x-prometheus-scrape-timeout-seconds");
  const std::string whole = text.substr(0, text.find('.'));
  int seconds = 0;
  const auto [end, error] = std::from_chars(whole.data(), whole.data() + whole.size(), seconds);
  if (error != std::errc() || end != whole.data() + whole.size() || seconds < 0 || seconds > 3600) {
    return std::nullopt;
  }
  std::string fraction = text.size() > whole.size() ? text.substr(whole.size() + 1) : "";
  fraction.resize(3, '0');
  int millis = 0;
  std::from_chars(fraction.data(), fraction.data() + fraction.size(), millis);
  return std::chrono::seconds(seconds) + Millis(millis);
}

Millis patience(const web::Request& request, const Recent::Seen& seen) {
  // The request that is waited for may begin a little later than it is asked for.
  const Millis most = seen.timeout + kReserve;
  const auto scrape = scrape_timeout(request);
  return scrape ? std::min(most, std::max(*scrape - kReserve, kReserve)) : most;
}

// While the next request is under way the last result is what is known: a provider that answers
// nothing must not keep the threads waiting that show it.
bool is_of_now(const Recent::Seen& seen, core::Instant now) {
  if (!seen.last) return false;
  const bool under_way = seen.began && *seen.began > seen.last->started;
  return now - (under_way ? *seen.began : seen.last->started) <
         (under_way ? seen.timeout : seen.every);
}

}  // namespace

web::Response answer_probe(sources::probe::Prober& prober, const core::Clock& clock,
                           const web::Request& request) {
  const std::string target = value_of(request.query, "target");
  if (target.empty()) {
    return plain(400, "target is missing: /probe?target=AGREEMENT/PROBE\n");
  }
  const auto slash = target.find('/');
  const Recent::Name name{target.substr(0, slash),
                          slash == std::string::npos ? "" : target.substr(slash + 1)};
  auto seen = prober.recent().of(name);
  if (!seen) {
    return plain(400,
                 "target: expected AGREEMENT/PROBE as the settings name them, got another: "
                 "`recoup check` lists them\n");
  }
  if (seen->targets > 1) {
    return plain(400,
                 "target: expected one target, got a list of several: with `by_target = true` "
                 "each has a name of its own, AGREEMENT/PROBE/TARGET\n");
  }
  if (!is_of_now(*seen, clock.wall())) {
    prober.ask(name);
    const std::uint64_t ended = seen->ended;
    seen = prober.recent().await(clock, name, ended, clock.mono() + patience(request, *seen));
    if (!seen || seen->ended == ended) {
      return plain(503,
                   "no request of it was sent, or ended, in time: recoup_probes_missed_total "
                   "says why none was sent\n");
    }
  }
  return {200, metrics::kContentType, metrics::probe_text(*seen->last, seen->has_body_checks)};
}

}  // namespace recoup::service
