// A real Prometheus scrapes the service.

#include <cctype>
#include <csignal>
#include <regex>
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "support/catch.h"
#include "support/places.h"
#include "system/world.h"

using namespace recoup::test;

TEST_CASE("Prometheus answers the Monthly Uptime Percentage after one scrape") {
  const TempDir folder;
  Nginx nginx(folder.path().string());
  const int port = free_port();
  write_text(folder.path().string() + "/recoup.toml", probing_settings(nginx.url(), port, 2));
  Process service({recoup_binary(), "run", "--config", folder.path().string() + "/recoup.toml"},
                  folder.path().string());
  const std::string page = fmt::format("http://127.0.0.1:{}", port);
  REQUIRE(eventually([&] { return http_get(page + "/-/ready") != ""; }));

  const int prometheus_port = free_port();
  write_text(
      folder.path().string() + "/prometheus.yml",
      fmt::format("global: {{ scrape_interval: 1s }}\nscrape_configs:\n  - job_name: recoup\n"
                  "    static_configs: [{{ targets: ['127.0.0.1:{}'] }}]\n",
                  port));
  Process prometheus({"prometheus", "--config.file=" + folder.path().string() + "/prometheus.yml",
                      "--storage.tsdb.path=" + folder.path().string() + "/tsdb",
                      fmt::format("--web.listen-address=127.0.0.1:{}", prometheus_port)},
                     folder.path().string());
  const std::string query = fmt::format(
      "http://127.0.0.1:{}/api/v1/query?query=recoup_monthly_uptime_ratio", prometheus_port);
  std::string answer;
  const bool answered = eventually([&] {
    answer = http_get(query);
    return answer.find("\"agreement\":\"nginx\"") != std::string::npos;
  });
  INFO(answer << prometheus.err().substr(0, 2000));
  CHECK(answered);
  CHECK(answer.find(",\"1\"]") != std::string::npos);
}

TEST_CASE("promtool finds nothing to say about the service's metrics") {
  const TempDir folder;
  Nginx nginx(folder.path().string());
  const int port = free_port();
  write_text(folder.path().string() + "/recoup.toml", probing_settings(nginx.url(), port, 2));
  Process service({recoup_binary(), "run", "--config", folder.path().string() + "/recoup.toml"},
                  folder.path().string());
  const std::string page = fmt::format("http://127.0.0.1:{}", port);
  REQUIRE(eventually([&] {
    return http_get(page + "/metrics").find("recoup_monthly_uptime_ratio{") != std::string::npos;
  }));
  write_text(folder.path().string() + "/metrics.txt", http_get(page + "/metrics"));
  const Finished lint =
      run({"sh", "-c", "promtool check metrics < " + folder.path().string() + "/metrics.txt"},
          folder.path().string());
  CHECK(lint.status == 0);
  CHECK(lint.out + lint.err == "");
}

TEST_CASE("the Prometheus rules say what they are to say, and of metrics that there are") {
  const TempDir folder;
  const std::string rules = SOURCE_DIR "/rules/prometheus/recoup.yml";
  const auto promtool = [&](const std::vector<std::string>& words) {
    std::vector<std::string> all{"promtool"};
    all.insert(all.end(), words.begin(), words.end());
    const Finished done = run(all, folder.path().string());
    INFO(done.out << done.err);
    CHECK(done.status == 0);
  };
  promtool({"check", "rules", "--lint=all", "--lint-fatal", rules});
  promtool({"test", "rules", TESTS_DIR "/prometheus/recoup_test.yml"});

  // The page leaves out what it has no sample of, like a claim that is open: the source has them
  // all.
  std::string exporter;
  for (const auto& file : std::filesystem::directory_iterator(SOURCE_DIR "/src/metrics")) {
    exporter += read_text(file.path().string());
  }
  const std::string text = read_text(rules);
  // "recoup_errors_total", and not "agreement:recoup_errors:ratio_rate5m".
  const std::regex metric(R"((^|[^:a-z_])(recoup_[a-z_]+)(?![a-z_:.]))");
  std::set<std::string> names;
  for (std::sregex_iterator at(text.begin(), text.end(), metric), end; at != end; ++at) {
    names.insert((*at)[2]);
  }
  CHECK(names.size() > 8);
  for (const std::string& name : names) {
    INFO(name);
    CHECK(exporter.find('"' + name + '"') != std::string::npos);
  }
}

namespace {

// What the group of the expression matches, each once.
std::set<std::string> all_matches(const std::string& text, const std::string& expression) {
  const std::regex regex(expression);
  std::set<std::string> found;
  for (std::sregex_iterator at(text.begin(), text.end(), regex), end; at != end; ++at) {
    found.insert((*at)[1]);
  }
  return found;
}

// "claims mark" of "claims mark --agreement kms submitted": words as far as they are subcommands.
std::vector<std::string> command_of(const std::string& words) {
  std::vector<std::string> command;
  std::istringstream in(words);
  for (std::string word; in >> word && std::isalpha(static_cast<unsigned char>(word[0]));) {
    command.push_back(word);
  }
  return command;
}

}  // namespace

TEST_CASE("every alert is in the README, with all that a user is told of it") {
  const std::string rules = read_text(SOURCE_DIR "/rules/prometheus/recoup.yml");
  const std::string readme = read_text(SOURCE_DIR "/rules/prometheus/README.md");
  const auto alerts = all_matches(rules, R"(- alert: (\w+))");
  CHECK(alerts.size() > 10);
  CHECK(alerts == all_matches(readme, R"(\n\| `(Recoup\w+)` \|)"));
  for (const std::string& name : all_matches(readme, R"(`(\w+:[\w:]+)`)")) {
    CHECK(rules.find("- record: " + name + "\n") != std::string::npos);
  }
  for (const char* part : {"severity: (?:page|ticket)", "summary:", "description:", "runbook:"}) {
    INFO(part);
    const std::regex regex(part);
    CHECK(std::distance(std::sregex_iterator(rules.begin(), rules.end(), regex), {}) ==
          static_cast<std::ptrdiff_t>(alerts.size()));
  }
}

TEST_CASE("the runbooks name commands and options that the program has") {
  const TempDir folder;
  // A runbook breaks its lines inside of commands.
  const std::string rules = std::regex_replace(read_text(SOURCE_DIR "/rules/prometheus/recoup.yml"),
                                               std::regex("\n +"), " ");
  const auto commands = all_matches(rules, "`recoup ([^`]+)`");
  CHECK(commands.size() > 8);
  for (const std::string& words : commands) {
    INFO(words);
    std::vector<std::string> help = command_of(words);
    REQUIRE(!help.empty());
    help.insert(help.begin(), recoup_binary());
    help.emplace_back("--help");
    const Finished said = run(help, folder.path().string());
    CHECK(said.status == 0);
    for (const std::string& option : all_matches(words, "(--[a-z]+)")) {
      INFO(option);
      CHECK(said.out.find("  " + option + ' ') != std::string::npos);
    }
  }
}
