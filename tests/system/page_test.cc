// The pages of the real service in a real browser: tests/browser/page.mjs uses them as a reader
// would, tests/browser/check.mjs looks at each. With RECOUP_SHOTS set to a folder, the screenshots
// are kept there.

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>

#include "support/catch.h"
#include "support/missing.h"
#include "support/places.h"
#include "system/folder.h"

using namespace recoup::test;

namespace {

constexpr char kChecks[] = TESTS_DIR "/browser";

bool can_browse() { return have_program("chromium") && have_checks(kChecks); }

std::string shots(const TempDir& dir, const std::string& name) {
  const char* keep = std::getenv("RECOUP_SHOTS");
  return keep == nullptr ? dir.file("shots") : std::string(keep) + '/' + name;
}

Finished node(const std::string& script, std::vector<std::string> words, const TempDir& dir) {
  words.insert(words.begin(), {"node", std::string(kChecks) + '/' + script});
  return run(words, dir.path().string());
}

// The service, run in a folder until it is ready.
struct Service {
  std::string url;
  Process process;

  Service(const TempDir& dir, int port)
      : url(fmt::format("http://127.0.0.1:{}", port)),
        process({recoup_binary(), "run", "--config", dir.file("recoup.toml")},
                dir.path().string()) {
    const bool ready = eventually([&] {
      long status = 0;
      http_get(url + "/-/ready", &status);
      return status == 200;
    });
    if (!ready) FAIL("the service is not ready: " << process.err());
  }
};

void import(const TempDir& dir, const std::string& counts) {
  write_text(dir.file("counts.csv"), "minute,outcome,count\n" + counts);
  const Finished imported =
      run({recoup_binary(), "import", "--config", dir.file("recoup.toml"), "--agreement", "nginx",
           "--format", "counts", dir.file("counts.csv")},
          dir.path().string());
  INFO(imported.err);
  REQUIRE(imported.status == 0);
}

}  // namespace

TEST_CASE("the pages are read, filtered, paged, driven by keys and updated in a real browser") {
  const TempDir dir;
  if (!can_browse()) return;
  const Nginx nginx(dir.path().string());
  const int port = free_port();
  std::string settings = probing_settings(nginx.url(), port, 2);
  // So many that they are filtered.
  for (const char* region : {"eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3",
                             "us-west-1", "us-west-2", "ca-central-1"}) {
    settings += fmt::format(
        "[[agreement]]\nid = \"other-{0}\"\nsla = \"aws-kms\"\naccount = \"123456789012\"\n"
        "region = \"{0}\"\n",
        region);
  }
  write_text(dir.file("recoup.toml"), settings);
  import(dir, "2024-02-03T02:00:00Z,200,20\n");
  import(dir, "2024-03-02T02:00:00Z,200,20\n2024-03-02T02:01:00Z,503,4\n");
  // So many months that the older ones are folded away.
  std::string more;
  for (int month = 4; month <= 15; ++month) {
    more +=
        fmt::format("{}-{:02}-01T00:00:00Z,200,1\n", 2024 + (month - 1) / 12, (month - 1) % 12 + 1);
  }
  import(dir, more);
  const Service service(dir, port);
  const std::string folder = shots(dir, "pages");
  for (const char* path :
       {"/", "/agreements/nginx", "/agreements/nginx/2024-03",
        "/agreements/nginx/2024-03/2024-03-02", "/agreements/nginx/2024-03/evidence"}) {
    INFO(path);
    std::string name(path);
    std::replace(name.begin(), name.end(), '/', '-');
    const Finished checked = node("check.mjs", {service.url + path, folder + '/' + name}, dir);
    INFO(checked.err);
    CHECK(checked.status == 0);
  }
  const Finished used = node(
      "page.mjs", {service.url, folder, "nginx", dir.path().string() + "/nginx/answer-503"}, dir);
  INFO(used.err);
  CHECK(used.status == 0);
}

TEST_CASE("what an import and a mark changed is shown within two seconds") {
  const TempDir dir;
  const int port = free_port();
  const auto today = std::chrono::year_month_day(
      std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()));
  const auto before = today.year() / today.month() - std::chrono::months(2);
  const std::string month = fmt::format("{}-{:02}", static_cast<int>(before.year()),
                                        static_cast<unsigned>(before.month()));
  write_text(dir.file("recoup.toml"),
             fmt::format("listen = \"127.0.0.1:{}\"\n[[agreement]]\nid = \"nginx\"\nsla = "
                         "\"aws-kms\"\naccount = \"123456789012\"\nregion = \"us-east-1\"\n"
                         "[agreement.charges]\nstated = [ {{ month = \"{}\", amount = \"1845.00\", "
                         "currency = \"USD\" }} ]\n",
                         port, month));
  import(dir, fmt::format("{0}-02T02:00:00Z,200,20\n{0}-02T02:01:00Z,503,4\n", month));
  const Service service(dir, port);
  const auto shown = [&](const std::string& path, const std::string& words) {
    return eventually([&] { return has(http_get(service.url + path), words); });
  };
  REQUIRE(shown("/", "AWS owes you"));
  const auto within = [&](const std::string& path, const std::string& words) {
    const auto begin = std::chrono::steady_clock::now();
    CHECK(shown(path, words));
    return std::chrono::steady_clock::now() - begin;
  };
  const Finished marked =
      run({recoup_binary(), "claims", "mark", "--config", dir.file("recoup.toml"), "--agreement",
           "nginx", "--month", month, "submitted", "--case", "42"},
          dir.path().string());
  INFO(marked.err);
  REQUIRE(marked.status == 0);
  CHECK(within("/", "Nothing to claim today.") < std::chrono::seconds(2));
  const std::string news = http_get(service.url + "/-/news");
  import(dir, fmt::format("{}-{:02}-01T00:00:00Z,200,77\n", static_cast<int>(today.year()),
                          static_cast<unsigned>(today.month())));
  CHECK(within("/api/v1/agreements/nginx", "\"requests\":77") < std::chrono::seconds(2));
  CHECK(http_get(service.url + "/-/news") != news);
}

TEST_CASE("a thousand agreements are shown in views of less than 100 KB") {
  const TempDir dir;
  if (!can_browse()) return;
  constexpr int kAgreements = 1000;
  const int port = free_port();
  std::string settings =
      fmt::format("ledger = \"sqlite:recoup.db\"\nlisten = \"127.0.0.1:{}\"\n", port);
  for (int i = 0; i < kAgreements; ++i) {
    settings += fmt::format(
        "[[agreement]]\nid = \"a{}\"\nsla = \"aws-kms\"\naccount = \"{}\"\n"
        "region = \"us-east-1\"\n",
        i, 100'000'000'000 + i);
  }
  write_text(dir.file("recoup.toml"), settings);
  const Service service(dir, port);
  const Finished used = node(
      "page.mjs", {service.url, shots(dir, "many"), "--many", std::to_string(kAgreements)}, dir);
  INFO(used.err);
  CHECK(used.status == 0);
  WARN(used.out);  // how long it took: a figure, and no check
}
