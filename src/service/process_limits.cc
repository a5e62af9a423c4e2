#include "service/process_limits.h"

#include <algorithm>

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "sources/probe/schedule.h"
#include "web/http/limits.h"

namespace recoup::service {
namespace {

// The ledger's files, those of bills and claims that are being read, and what every thread keeps.
constexpr std::size_t kFiles = 64;
// The ledger, the prober and the server have about 20 open before anybody asks anything.
constexpr std::size_t kFewest = 32;
// A Request that waits for a name holds a pair of sockets, one to the name server and a file; one
// that is sent holds a connection, and another one may lie idle for the next.
constexpr std::size_t kOfARequest = 5;
constexpr std::size_t kLeastShare = 8;  // of the server: an eighth
// Whatever is configured: a table of the prober's grows with the highest number of a descriptor.
constexpr std::size_t kUsual = 65'536;

std::size_t need_of(const sources::probe::Probes& probes) {
  std::size_t requests = 0;
  for (const auto& probe : probes) {
    requests += sources::probe::most_in_flight(probe->settings.every, probe->settings.timeout);
  }
  return kOfARequest * requests;
}

}  // namespace

Descriptors share_out(std::size_t all, const sources::probe::Probes& probes) {
  Descriptors shares{all, need_of(probes), 0};
  const std::size_t others = kFiles + shares.probes;
  shares.web = std::max(all > others ? all - others : 0, all / kLeastShare);
  return shares;
}

core::Result<Descriptors> raise_descriptors(const sources::probe::Probes& probes) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return share_out(kUsual, probes);
  const rlim_t wanted =
      std::max(kUsual, kFiles + need_of(probes) + web::descriptors_of(web::Limits{}));
  if (limit.rlim_cur < wanted) {
    rlimit raised = limit;
    raised.rlim_cur = std::min(wanted, limit.rlim_max);
    if (setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  }
  const auto all = static_cast<std::size_t>(std::min(limit.rlim_cur, wanted));
  if (all < kFewest) {
    return core::Error{
        fmt::format("expected that {} files and connections may be open, got {}", kFewest, all), "",
        "raise the limit: ulimit -n, or LimitNOFILE= of systemd"};
  }
  const Descriptors shares = share_out(all, probes);
  if (kFiles + shares.probes + shares.web > all) {
    spdlog::warn(
        "{} descriptors may be open: where nothing that is probed answers, the probes alone can "
        "need "
        "{}, and what is over is missed; raise the limit (ulimit -n, LimitNOFILE= of systemd)",
        all, shares.probes);
  }
  return shares;
}

void forbid_core_dumps(const documents::Environment& environment) {
  const auto wanted = environment.find("RECOUP_CORE_DUMPS");
  if (wanted != environment.end() && wanted->second == "1") return;
  const rlimit none{0, 0};
  // A pipe that takes core files is not bound by the limit; what cannot be dumped is not piped.
  if (setrlimit(RLIMIT_CORE, &none) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
    spdlog::warn("core files cannot be forbidden: one of this process would hold its secrets");
  }
}

}  // namespace recoup::service
