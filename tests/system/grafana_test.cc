// The dashboards for Grafana: their form by Grafana's own types, their queries by a real Prometheus
// that scraped the demo. tests/dashboards holds the checks.

#include <filesystem>
#include <memory>

#include <fmt/format.h>

#include "support/catch.h"
#include "support/missing.h"
#include "support/places.h"
#include "system/world.h"

using namespace recoup::test;

namespace {

constexpr char kChecks[] = TESTS_DIR "/dashboards";
constexpr char kBoards[] = SOURCE_DIR "/dashboards";

Finished node(const TempDir& folder, std::vector<std::string> words) {
  words[0] = std::string(kChecks) + '/' + words[0];
  words.insert(words.begin(), "node");
  return run(words, folder.path().string());
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// Scraped is the demo and two Prometheus servers that scrape it every second. Both scrape it twice,
// as two instances, as they would two vantage points; only one of them has loaded our rules.
class Scraped {
 public:
  Scraped()
      : demo_({recoup_binary(), "demo", folder_.file("demo"), "--port", std::to_string(port_)},
              folder_.path().string()),
        with_rules_(start("with", rules_port_, "rule_files: [ recoup.yml ]\n")),
        without_rules_(start("without", plain_port_, "")) {}

  const TempDir& folder() const { return folder_; }
  static std::string url(int port) { return fmt::format("http://127.0.0.1:{}", port); }
  std::string with_rules() const { return url(rules_port_); }
  std::string without_rules() const { return url(plain_port_); }

  std::string told() const { return demo_.err() + with_rules_->err() + without_rules_->err(); }

 private:
  std::unique_ptr<Process> start(const std::string& name, int port, const std::string& rules) {
    const std::string folder = folder_.file(name);
    std::filesystem::create_directories(folder);
    write_text(folder + "/recoup.yml",
               replaced(read_text(SOURCE_DIR "/rules/prometheus/recoup.yml"), "interval: 30s",
                        "interval: 1s"));
    write_text(
        folder + "/prometheus.yml",
        fmt::format("global: {{ scrape_interval: 1s, evaluation_interval: 1s }}\n{}"
                    "scrape_configs:\n  - job_name: recoup\n    static_configs:\n"
                    "      - {{ targets: ['127.0.0.1:{}'], labels: {{ instance: north.a:1 }} }}\n"
                    "      - {{ targets: ['127.0.0.1:{}'], labels: {{ instance: south.b:2 }} }}\n",
                    rules, port_, port_));
    return std::make_unique<Process>(
        std::vector<std::string>{"prometheus", "--config.file=" + folder + "/prometheus.yml",
                                 "--storage.tsdb.path=" + folder + "/tsdb",
                                 fmt::format("--web.listen-address=127.0.0.1:{}", port)},
        folder);
  }

  TempDir folder_;
  int port_ = free_port();
  int rules_port_ = free_port();
  int plain_port_ = free_port();
  Process demo_;
  std::unique_ptr<Process> with_rules_;
  std::unique_ptr<Process> without_rules_;
};

}  // namespace

TEST_CASE("the dashboards are what Grafana's types and our rules ask for") {
  const TempDir folder;
  if (!have_checks(kChecks)) return;
  const Finished checked = node(folder, {"check.mjs", kBoards});
  INFO(checked.err);
  CHECK(checked.status == 0);
  CHECK(checked.out == "3 dashboards, 0 faults\n");
}

TEST_CASE("the checks of the dashboards find what is wrong with one") {
  const TempDir folder;
  if (!have_checks(kChecks)) return;
  const Finished tested =
      run({"node", "--test", std::string(kChecks) + "/check_test.mjs"}, folder.path().string());
  INFO(tested.out << tested.err);
  CHECK(tested.status == 0);
}

TEST_CASE("every query of the dashboards and of the rules returns what it is to return") {
  const Scraped world;
  if (!have_checks(kChecks)) return;
  const std::string with = world.with_rules();
  const std::string without = world.without_rules();
  const Finished ripe = node(world.folder(), {"ripe.mjs", with, without});
  if (ripe.status != 0) FAIL(ripe.err << world.told());

  const Finished asked = node(world.folder(), {"queries.mjs", kBoards, with, without});
  INFO(asked.out << asked.err);
  CHECK(asked.status == 0);

  // The check finds what is wrong with a query.
  struct Case {
    const char* from;
    const char* to;
    const char* fault;
  };
  const std::vector<Case> cases{
      {"sum by (state)", "sum by (state))", "parse error"},
      {"recoup_errors_total", "recoup_error_total", "returns nothing"},
      {"\"{{state}}\"", "\"{{stat}}\"", "its legend names {{stat}}"},
      {"\"{{state}}\"", "\"claims\"", "two of its series have the same legend"},
      {"\"Value #E\"", "\"Value #M\"", "renameByName names Value #M"},
      {"\"options\": \"expired\"", "\"options\": \"lapsed\"", "an override is for \"lapsed\""},
      {"< bool recoup", "< bool on (agreement) recoup", "many-to-many"},
  };
  const std::string board = read_text(std::string(kBoards) + "/recoup-overview.json");
  const std::string broken = world.folder().file("broken");
  std::filesystem::copy(kBoards, broken);
  for (const Case& c : cases) {
    INFO(c.from << " -> " << c.to);
    REQUIRE(board.find(c.from) != std::string::npos);
    write_text(broken + "/recoup-overview.json", replaced(board, c.from, c.to));
    const Finished found = node(world.folder(), {"queries.mjs", broken, with, without});
    INFO(found.err);
    CHECK(found.status == 1);
    CHECK(found.err.find(c.fault) != std::string::npos);
  }
}
