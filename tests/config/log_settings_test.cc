#include "config/log_settings.h"

#include "config/settings.h"
#include "support/catch.h"

using namespace recoup;
using namespace recoup::config;

namespace {

Settings parsed(const std::string& text) {
  auto settings = parse_settings(text, "etc/recoup.toml", {{"HOSTNAME", "here"}});
  if (!settings) FAIL(settings.error().message);
  return *std::move(settings);
}

std::string agreement(const std::string& id, const std::string& logs,
                      const std::string& region = "us-east-1") {
  return "[[agreement]]\nid = \"" + id +
         "\"\nsla = \"aws-kms\"\naccount = \"123456789012\"\nregion = \"" + region + "\"\n" + logs;
}

const std::string kListen = "sdk_listen = \"127.0.0.1:31000\"\n";
const std::string kSdk = "[[agreement.log]]\nid = \"sdk\"\nformat = \"csm\"\n";

}  // namespace

TEST_CASE("a log is read with its path from the settings' folder and its options") {
  const Settings settings = parsed(
      agreement("kms",
                "[[agreement.log]]\nid = \"nginx\"\nformat = \"auto\"\npath = \"logs/*.gz\"\n"
                "corroborates = true\nrequest_id = 11\ntime_zone = \"Europe/Zurich\"\n"
                "fields = { status = \"upstream_status\" }\n[[agreement.log]]\nid = \"other\"\n"));
  const std::vector<LogSettings>& logs = settings.agreements.at(0).logs;
  REQUIRE(logs.size() == 2);
  CHECK(logs[0].id == "nginx");
  CHECK(logs[0].format == "auto");
  CHECK(logs[0].path == "etc/logs/*.gz");
  CHECK(logs[0].corroborates);
  CHECK(logs[0].options.request_id == 11);
  CHECK(logs[0].options.fields ==
        std::map<std::string, std::string>{{"status", "upstream_status"}});
  CHECK(logs[0].options.time_zone);
  CHECK_FALSE(logs[0].listens());
  CHECK(logs[1].format == "auto");
  CHECK(logs[1].path.empty());
  CHECK_FALSE(logs[1].corroborates);
  CHECK_FALSE(logs[1].listens());
}

TEST_CASE("attempts of SDKs are of the services of the contract, or of those that the log names") {
  const Settings settings =
      parsed(kListen + agreement("kms", kSdk) +
             agreement("other", kSdk + "services = [\"Secrets Manager\"]\n", "eu-west-1"));
  REQUIRE(settings.sdk_listen);
  CHECK(to_text(*settings.sdk_listen) == "127.0.0.1:31000");
  CHECK(settings.agreements.at(0).logs.at(0).listens());
  CHECK(settings.agreements[0].logs[0].services == std::vector<std::string>{"KMS"});
  CHECK(settings.agreements[0].logs[0].clients.empty());
  CHECK(settings.agreements.at(1).logs.at(0).services ==
        std::vector<std::string>{"Secrets Manager"});
  CHECK(settings.warnings.empty());
}

TEST_CASE("agreements of one service count the attempts of one Region each, or of clients each") {
  CHECK(parsed(kListen + agreement("here", kSdk) + agreement("there", kSdk, "eu-west-1"))
            .warnings.empty());
  const Settings settings = parsed(kListen + agreement("one", kSdk + "clients = [\"app1\"]\n") +
                                   agreement("two", kSdk + "clients = [\"app2\", \"app3\"]\n"));
  CHECK(settings.agreements.at(1).logs.at(0).clients == std::vector<std::string>{"app2", "app3"});
}

TEST_CASE("a log's path has the account and the Region of each agreement") {
  const Settings settings = parsed(
      "[[agreement]]\nid = \"kms-{account}-{region}\"\nsla = \"aws-kms\"\n"
      "accounts = [\"123456789012\", \"210987654321\"]\nregions = [\"us-east-1\"]\n"
      "[[agreement.log]]\nid = \"trail\"\nformat = \"cloudtrail\"\n"
      "path = \"AWSLogs/{account}/CloudTrail/{region}/**/*.json.gz\"\n");
  REQUIRE(settings.agreements.size() == 2);
  CHECK(settings.agreements[0].logs.at(0).path ==
        "etc/AWSLogs/123456789012/CloudTrail/us-east-1/**/*.json.gz");
  CHECK(settings.agreements[1].logs.at(0).path ==
        "etc/AWSLogs/210987654321/CloudTrail/us-east-1/**/*.json.gz");
  CHECK(settings.agreements[0].logs.at(0).follows());
}

TEST_CASE("how long a log may be silent goes by how late its files come, unless it is said") {
  const auto silence = [](const std::string& keys) {
    return parsed(agreement("kms", "[[agreement.log]]\nid = \"one\"\npath = \"a.log\"\n" + keys))
        .agreements.at(0)
        .logs.at(0)
        .silent_after;
  };
  using namespace std::chrono_literals;
  CHECK(silence("") == 15min);
  CHECK(silence("format = \"cloudtrail\"\n") == 1h);
  CHECK(silence("format = \"s3\"\n") == 24h);
  CHECK(silence("silent_after = \"3h\"\n") == 3h);
  CHECK(silence("silent_after = \"never\"\n") == std::nullopt);
}

TEST_CASE("an address of SDKs that others reach is warned of, and one that nothing counts") {
  CHECK(parsed("sdk_listen = \"0.0.0.0:31000\"\n" + agreement("kms", kSdk)).warnings ==
        "etc/recoup.toml:1:14: warning: expected an address that only this machine reaches, got "
        "'0.0.0.0:31000'\n"
        "    1 | sdk_listen = \"0.0.0.0:31000\"\n"
        "      |              ^^^^^^^^^^^^^^^\n"
        "help: whoever can reach it can report attempts, and nobody is asked who they are; "
        "127.0.0.1 is for this machine alone");
  CHECK(parsed(kListen + agreement("kms", "")).warnings ==
        "etc/recoup.toml:1:14: warning: expected an [[agreement.log]] with format = \"csm\", got "
        "none\n"
        "    1 | sdk_listen = \"127.0.0.1:31000\"\n"
        "      |              ^^^^^^^^^^^^^^^^^\n"
        "help: without one nothing that SDKs report is counted");
}

TEST_CASE("where SDKs report to is changed by a new start, whose attempts count at once") {
  const Settings now = parsed(kListen + agreement("kms", kSdk));
  CHECK(check_exchange(now, parsed(kListen + agreement("kms", kSdk + "clients = [\"a\"]\n"))).ok());
  const auto other =
      check_exchange(now, parsed("sdk_listen = \"[::1]:31000\"\n" + agreement("kms", kSdk)));
  REQUIRE_FALSE(other.ok());
  CHECK(other.error().message ==
        "expected the 'sdk_listen' that the service runs with, '127.0.0.1:31000', got "
        "'[::1]:31000'");
  CHECK(other.error().help == "restart the service to change it");
  const auto none = check_exchange(now, parsed(agreement("kms", "")));
  REQUIRE_FALSE(none.ok());
  CHECK(none.error().message ==
        "expected the 'sdk_listen' that the service runs with, '127.0.0.1:31000', got 'none'");
}
