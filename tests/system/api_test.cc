// The API of the real service against its own OpenAPI document: tests/api/check.mjs asks every path
// for what there is and for what there is not.

#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>

#include <fmt/format.h>

#include "support/missing.h"
#include "support/places.h"
#include "system/folder.h"

using namespace recoup::test;

namespace {

constexpr char kChecks[] = TESTS_DIR "/api";
constexpr char kDocument[] = SOURCE_DIR "/src/web/assets/openapi.json";

// So many months ago: what can be claimed depends on the day.
std::chrono::year_month ago(int months) {
  const std::chrono::year_month_day today(
      std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()));
  return today.year() / today.month() - std::chrono::months(months);
}

std::string line(std::chrono::year_month month, int minute, int second, int status) {
  constexpr std::array<const char*, 12> kNames{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return fmt::format(
      "203.0.113.9 - - [03/{}/{}:02:{:02}:{:02} +0000] \"POST / HTTP/1.1\" {} 12 \"-\" "
      "\"aws-sdk\"\n",
      kNames[static_cast<unsigned>(month.month()) - 1], static_cast<int>(month.year()), minute,
      second, status);
}

// Two months ago: twenty Requests, and four that failed in the minute after; one Request in the
// month after, so that nothing is to be claimed of it.
std::string access_log() {
  std::string log = line(ago(1), 0, 0, 200);
  for (int i = 0; i < 24; ++i) log += line(ago(2), i < 20 ? 0 : 1, i, i < 20 ? 200 : 503);
  return log;
}

// An agreement with a month that was lost, and one that is probed now.
std::string settings(int port, const std::string& probed) {
  return fmt::format("listen = \"127.0.0.1:{}\"\n", port) +
         agreement(fmt::format(
             "[agreement.charges]\nstated = [ {{ month = \"{}-{:02}\", amount = \"1845.00\", "
             "currency = \"USD\" }} ]\n",
             static_cast<int>(ago(2).year()), static_cast<unsigned>(ago(2).month()))) +
         "[[agreement]]\nid = \"live\"\nsla = \"aws-kms\"\naccount = \"123456789013\"\n"
         "region = \"us-east-1\"\n[[agreement.probe]]\nid = \"ping\"\nurl = \"" +
         probed + "\"\nevery = \"1s\"\n";
}

}  // namespace

TEST_CASE("every path of the API keeps to the document that it serves") {
  if (!have_checks(kChecks)) return;
  TempDir temp;
  const Nginx nginx(temp.path().string());
  const int port = free_port();
  const Folder folder(settings(port, nginx.url()));
  write_text(folder.dir.file("access.log"), access_log());
  folder.done({"import", "--agreement", "web", "--format", "combined", "access.log"});
  Process service({recoup_binary(), "run", "--config", folder.dir.file("recoup.toml")},
                  folder.dir.path().string());
  const std::string url = fmt::format("http://127.0.0.1:{}", port);
  // The probe's series is there once its first counts are written.
  const bool probed = eventually(
      [&] { return has(http_get(url + "/api/v1/agreements/live/series"), "\"kind\":\"probe\""); });
  INFO(service.err());
  REQUIRE(probed);
  const Finished checked =
      run({"node", std::string(kChecks) + "/check.mjs", kDocument, url}, temp.path().string());
  INFO(checked.out << checked.err);
  CHECK(checked.status == 0);
  service.signal(SIGTERM);
  CHECK(service.wait() == 0);
}
