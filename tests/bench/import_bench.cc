// How fast does one core read an access log, beside the SHA-256 of its bytes that it needs as well?
//
//   bench_import [MEBIBYTES]
//
// Processor time, medians of seven rounds in which SHA-256 alone, the copy out of the page cache
// alone and the reading take turns. A second reading leaves out all lines as read before. GoAccess,
// which tells more of each line and no uptime, reads the same log once.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <vector>

#include <fmt/format.h>

#include "documents/content.h"
#include "ledger/open.h"
#include "peer_program.h"
#include "processor_time.h"
#include "record/digest.h"
#include "service/import.h"
#include "support/temp_dir.h"

using namespace recoup;

namespace {

std::string access_log(std::size_t bytes) {
  std::string log;
  log.reserve(bytes + 400);
  for (unsigned i = 0; log.size() < bytes; ++i) {
    const unsigned second = i / 100 % 86400;
    log += fmt::format(
        "198.51.100.{} - - [03/Oct/2026:{:02}:{:02}:{:02} +0000] \"GET /v1/orders/{}?page={} "
        "HTTP/1.1\" {} {} \"https://shop.example/cart\" \"Mozilla/5.0 (X11; Linux x86_64; "
        "rv:109.0) Gecko/20100101 Firefox/115.0\"\n",
        i % 251, second / 3600, second / 60 % 60, second % 60, i, i % 7, 200, i % 9973);
  }
  return log;
}

// The bytes out of the page cache, which no reading does without.
void copy(const std::string& path) {
  documents::Content content(path, nullptr);
  std::vector<char> chunk(1 << 18);
  while (content.read(chunk.data(), chunk.size()) > 0) {
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t size = (argc > 1 ? std::stoul(argv[1]) : 256) << 20;
  const test::TempDir dir;
  const std::string log = access_log(size);
  const std::string path = dir.write("access.log", log);
  const double gigabytes = static_cast<double>(log.size()) * 1e-9;

  const auto content = sources::read_log(path, {"combined"});
  if (!content || content->malformed != 0 || content->digest != record::sha256_hex(log)) {
    fmt::print(stderr, "the log was not read right\n");
    return 1;
  }
  const auto [digest, copying, reading] =
      bench::median_times_in_turns([&] { (void)record::sha256_hex(log); }, [&] { copy(path); },
                                   [&] { (void)sources::read_log(path, {"combined"}); });
  const auto goaccess = bench::run_peer({"goaccess", path, "--log-format=COMBINED", "--no-progress",
                                         "--no-global-config", "-o", dir.file("report.json")});
  const std::uint64_t records = content->requests;
  fmt::print("{:.2f} GB, {} requests\n", gigabytes, records);
  fmt::print("SHA-256 of the bytes   {:6.2f} GB/s\n", gigabytes / digest);
  fmt::print("reading the file       {:6.2f} GB/s\n", gigabytes / copying);
  fmt::print(
      "read_log               {:6.2f} GB/s: {:.2f} of SHA-256 alone, {:.2f} of both; {:.3f} ns "
      "of each byte are the lines'\n",
      gigabytes / reading, digest / reading, (digest + copying) / reading,
      (reading - digest - copying) / gigabytes);

  if (goaccess) {
    fmt::print("GoAccess               {:6.2f} GB/s; read_log is {:.1f} times as fast\n",
               gigabytes / goaccess->seconds, goaccess->seconds / reading);
  } else {
    fmt::print("GoAccess               not measured: it is not installed, see ./dev bench\n");
  }

  const auto ledger = *ledger::open_ledger("sqlite:" + dir.file("ledger.db"));
  const service::LogSource source{"kms", "web", "combined"};
  double begin = bench::cpu_seconds();
  const auto first = service::import_log(*ledger, source, path, nullptr);
  const double importing = bench::cpu_seconds() - begin;
  const std::string rest = dir.write("rest.log", log.substr(log.find('\n', log.size() / 3) + 1));
  begin = bench::cpu_seconds();
  const auto again = service::import_log(*ledger, source, rest, nullptr);
  const double again_time = bench::cpu_seconds() - begin;
  if (!first || !again || first->content.requests != records || again->new_to_ledger) {
    fmt::print(stderr, "the log was not imported right\n");
    return 1;
  }
  fmt::print("import into a ledger   {:6.2f} GB/s\n", gigabytes / importing);
  fmt::print("the last two thirds of it again, nothing new: {:.2f} GB/s\n",
             gigabytes * 2 / 3 / again_time);
  return 0;
}
