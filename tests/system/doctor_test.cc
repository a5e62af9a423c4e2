// `recoup doctor` over a service that is in order, and over what is not.

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "support/catch.h"
#include "system/folder.h"

using namespace recoup::test;

namespace {

// The states of what was looked at, by its name and in order.
std::multimap<std::string, std::string> states(const Finished& finished) {
  std::multimap<std::string, std::string> all;
  for (const auto& one : nlohmann::json::parse(finished.out)) {
    all.emplace(one["what"], one["state"]);
    const bool advised = !one["next"].is_null();
    CHECK(advised == (one["state"] != "ok"));
  }
  return all;
}

std::string settings(const std::string& url, int port, const std::string& more = {}) {
  return fmt::format("listen = \"127.0.0.1:{}\"\n", port) +
         agreement(fmt::format(
             "[[agreement.probe]]\nid = \"p\"\nurl = \"{}\"\nevery = \"100ms\"\n{}", url, more));
}

}  // namespace

TEST_CASE("the doctor finds a service that runs in order") {
  const TempDir servers;
  const Nginx nginx(servers.path().string());
  const int port = free_port();
  const Folder folder(settings(nginx.url(), port));
  const Process service({recoup_binary(), "run", "--config", folder.dir.file("recoup.toml")},
                        folder.dir.path().string());
  Finished found{};
  REQUIRE(eventually([&] {
    found = folder.recoup({"doctor", "--json"});
    return found.status == 0 && has(found.out, "its chains hold") &&
           !has(found.out, "nobody answers");
  }));
  const auto all = states(found);
  for (const char* what :
       {"settings", "endpoint", "clock", "descriptors", "ledger", "evidence", "service"}) {
    INFO(what << " of " << found.out);
    REQUIRE(all.count(what) == 1);
    CHECK(all.find(what)->second == "ok");
  }
  CHECK(all.count("disk") == 1);
  CHECK(all.count("processes") == 2);  // a prober and the judge, in one
  CHECK_HAS(folder.done({"doctor"}), "0 bad");
}

TEST_CASE("the doctor says what is bad, and what to do next") {
  const int nobody = free_port();
  const Folder folder(settings(fmt::format("http://127.0.0.1:{}/", nobody), free_port()));
  const Finished found = folder.recoup({"doctor"});
  CHECK(found.status == 1);
  CHECK_HAS(found.out, "bad   endpoint    web/p: connect after ");
  CHECK_HAS(found.out, "`recoup test web/p` says it step by step");
  CHECK_HAS(found.out, "look  ledger");
  CHECK_HAS(found.out, "look  service     nobody answers at 127.0.0.1:");
  CHECK_FALSE(has(found.out, "\033["));  // no terminal, no colours

  // Without Requests nothing of the endpoint is said; a ledger that is there is looked through.
  folder.import();
  const Finished quiet = folder.recoup({"doctor", "--no-requests"});
  CHECK_FALSE(has(quiet.out, "endpoint"));
  CHECK(quiet.status == 0);
  CHECK_HAS(quiet.out, "of web: from 2026-06-03T02:00:00Z to 2026-06-03T04:03:00Z");

  // Keys that are not there.
  const Folder keyless(
      settings("https://kms.us-east-1.amazonaws.com/", free_port(), "sign = \"kms\"\n"));
  const Finished lacking = keyless.recoup({"doctor", "--no-requests"});
  CHECK(lacking.status == 1);
  CHECK_HAS(lacking.out, "bad   credentials of web/p: ");
}
