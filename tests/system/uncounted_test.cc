// Failures that a contract does not count as Errors, and settings that cannot run: what is said of
// them, by the real program.

#include <csignal>
#include <regex>
#include <sstream>

#include <fmt/format.h>

#include "support/catch.h"
#include "support/loopback_server.h"
#include "system/folder.h"

using namespace recoup::test;

namespace {

constexpr const char* kClause =
    "500 is not an Error: an Error is a Request that returns 5xx with InternalError";

const std::map<std::string, std::string> kNoCredentials{{"AWS_ACCESS_KEY_ID", ""},
                                                        {"AWS_SECRET_ACCESS_KEY", ""}};

// An agreement by whose contract an Error is called InternalError, with a probe of that URL.
std::string search(const std::string& id, const std::string& url, const std::string& keys) {
  return fmt::format(
      "[[agreement]]\nid = \"{}\"\nsla = \"google-vertex-ai-search-commerce\"\n"
      "account = \"project-1\"\nregion = \"us-central1\"\n"
      "[[agreement.probe]]\nid = \"p\"\nurl = \"{}\"\nevery = \"100ms\"\n{}",
      id, url, keys);
}

// The value of a sample on a page of metrics; 0 where it is not there.
int sample(const std::string& metrics, const std::string& series) {
  const auto at = metrics.find("\n" + series + ' ');
  return at == std::string::npos ? 0 : std::stoi(metrics.substr(at + series.size() + 2));
}

}  // namespace

TEST_CASE("an outage that is not counted is said on the page, in metrics, the log and assess") {
  const LoopbackServer provider([](const auto&) -> LoopbackServer::Reply {
    return {500, {}, R"({"error":{"message":"InternalError"}})", LoopbackServer::Ending::keep, {}};
  });
  const int port = free_port();
  const Folder folder(fmt::format("listen = \"127.0.0.1:{}\"\n", port) +
                      search("sees", provider.url(), "error_name_json = \"error.message\"\n") +
                      search("blind", provider.url(), ""));
  Process service({recoup_binary(), "run", "--config", folder.dir.file("recoup.toml")},
                  folder.dir.path().string());
  const std::string url = fmt::format("http://127.0.0.1:{}", port);
  std::string metrics;
  const std::string uncounted =
      R"(recoup_uncounted_failures{{agreement="{}",reason="error_name"}})";
  const bool told = recoup::test::eventually(
      [&] {
        metrics = http_get(url + "/metrics");
        return sample(metrics, fmt::format(fmt::runtime(uncounted), "blind")) > 0 &&
               sample(metrics, R"(recoup_errors_total{agreement="sees"})") > 0;
      },
      std::chrono::seconds(60));
  INFO(service.out() << service.err() << metrics);
  REQUIRE(told);
  CHECK(sample(metrics, fmt::format(fmt::runtime(uncounted), "sees")) == 0);
  CHECK(sample(metrics, R"(recoup_errors_total{agreement="blind"})") == 0);

  // Pages are of a moment that may be a second older than the metrics.
  std::string page;
  CHECK(recoup::test::eventually(
      [&] {
        page = http_get(url + "/agreements/blind");
        return has(page, "id=\"uncounted\"");
      },
      std::chrono::seconds(60)));
  CHECK_HAS(page, "Not counted: <a class=\"bad\" href=\"#uncounted\">");
  CHECK_HAS(page, "<section id=\"uncounted\"");
  CHECK_HAS(page, kClause);
  CHECK_FALSE(has(http_get(url + "/agreements/sees"), "uncounted"));
  CHECK_HAS(http_get(url + "/"), "of 5xx not counted");

  service.signal(SIGTERM);
  CHECK(service.wait() == 0);
  const std::string said = service.out() + service.err();
  CHECK_HAS(said, "warning: expected a key that says where the name of an error stands");
  const std::regex line(R"(blind: not counted as an Error: 500 came (once|\d+ times); )");
  CHECK(std::distance(std::sregex_iterator(said.begin(), said.end(), line), {}) == 1);
  CHECK_FALSE(has(said, "sees: not counted"));

  const std::string words = folder.done({"assess", "--agreement", "blind"});
  CHECK_HAS(words, "NOT COUNTED");
  CHECK_HAS(words, kClause);
  CHECK_HAS(folder.done({"assess", "--agreement", "blind", "--json"}), R"("reason": "error_name")");
  CHECK_FALSE(has(folder.done({"assess", "--agreement", "sees"}), "NOT COUNTED"));
}

TEST_CASE(
    "a log without names under a contract that asks for them says that it counts no failure") {
  const Folder folder(
      "[[agreement]]\nid = \"web\"\nsla = \"google-vertex-ai-search-commerce\"\n"
      "account = \"project-1\"\nregion = \"us-central1\"\n");
  folder.import(
      "minute,outcome,count\n2026-11-03T02:00:00Z,200,20\n2026-11-03T02:01:00Z,500,240\n");
  CHECK_HAS(folder.done({"check"}), "an Error is called InternalError");
  const std::string words = folder.done({"assess", "--month", "2026-11"});
  CHECK_HAS(words, "NOT COUNTED 240 answers of 5xx");
  CHECK_HAS(words, fmt::format("500 came 240 times; {}", kClause));
}

TEST_CASE("check refuses what run refuses, with the same words") {
  const std::string signing = "[[agreement.probe]]\nid = \"p\"\nuse = \"generate-random\"\n";
  struct Row {
    std::string settings;
    const char* complaint;
  };
  for (const Row& row : {
           Row{agreement(signing), "cannot sign probe 'p': expected AWS credentials, got none"},
           Row{"signing_key = \"nope.pem\"\n" + agreement(), "nope.pem"},
           Row{"signing_key = \"recoup.toml\"\n" + agreement(), "recoup.toml"},
           Row{"web_config = \"nope.yml\"\n" + agreement(), "nope.yml"},
           Row{"ledger = \"sqlite:none/recoup.db\"\n" + agreement(), "none/recoup.db"},
       }) {
    INFO(row.settings);
    const Folder folder("listen = \"127.0.0.1:0\"\n" + row.settings);
    const Finished check = recoup_in(folder.dir, {"check"}, kNoCredentials);
    CHECK(check.status == 2);
    CHECK_FALSE(has(check.out, "correct"));
    CHECK_HAS(check.err, row.complaint);
    const Finished refused = recoup_in(folder.dir, {"run"}, kNoCredentials);
    CHECK(refused.status != 0);
    CHECK_HAS(refused.err, row.complaint);
  }
}

TEST_CASE("check says all that run would refuse, and warns of what is probably not meant") {
  const Folder folder(
      "signing_key = \"nope.pem\"\n[[agreement]]\nid = \"kms\"\nsla = \"aws-kms\"\naccount = "
      "\"1234\"\nregion = \"us-east-99\"\n[[agreement.probe]]\nid = \"p\"\nuse = "
      "\"generate-random\"\n[agreement.charges]\nbill = { path = \"nope/*.csv\" }\n");
  const Finished check = recoup_in(folder.dir, {"check"}, kNoCredentials);
  CHECK(check.status == 2);
  for (const char* part :
       {"recoup.toml:5:11: warning: expected an account id of 12 digits, got '1234'",
        "recoup.toml:6:10: warning: expected a Region of aws, got 'us-east-99'",
        "warning: expected the path of a bill, got 'nope/*.csv', which no file has",
        "cannot sign probe 'p': expected AWS credentials, got none", "nope.pem"}) {
    CHECK_HAS(check.err, part);
  }
  const Folder warned(
      "[[agreement]]\nid = \"kms\"\nsla = \"aws-kms\"\naccount = \"1234\"\nregion = "
      "\"us-east-99\"\n");
  CHECK_HAS(warned.done({"check"}), "correct");
}

TEST_CASE("no line of check is wider than a terminal of a hundred columns, but for paths") {
  const Folder folder(
      agreement("[[agreement.probe]]\nid = \"p\"\nurl = \"http://127.0.0.1:1/\"\n"
                "[agreement.charges]\nbook = \"alibaba-api-gateway\"\n"));
  const std::string out = folder.done({"check"});
  CHECK_HAS(out, "charges: no estimate: ");
  std::istringstream lines(out);
  for (std::string line; std::getline(lines, line);) {
    INFO(line);
    if (!has(line, folder.dir.path().string())) CHECK(line.size() <= 100);
  }
}
