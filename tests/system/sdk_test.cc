// Real AWS SDKs call a KMS of ours, retry, and report each attempt to a running service: what it
// has counted is what the server's own log says.

#include <csignal>
#include <filesystem>
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "ledger/open.h"
#include "support/catch.h"
#include "support/missing.h"
#include "support/places.h"
#include "system/folder.h"

using namespace recoup;
using namespace recoup::test;

namespace {

const std::string kScripts = TESTS_DIR "/sdk";
// The system's, which has the SDK from its packages: PATH may have another one before it.
constexpr const char* kPython = "/usr/bin/python3";
constexpr const char* kKeyId = "AKIAIOSFODNN7EXAMPLE";
constexpr const char* kSecretKey = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY";
constexpr const char* kToken = "FwoGZXIvYXdzEXAMPLETOKEN";

using Counts = std::map<std::string, std::uint64_t>;

// Sdk is one of them, with the Region that it calls, by which its attempts are told apart.
struct Sdk {
  std::string name;  // as the KMS writes it down, and the agreement's id
  std::string region;
  std::vector<std::string> script;
  std::vector<std::string> has;  // what ends well where the SDK is there
  bool sends_request_id;
  std::string refused;  // what a refused connection is to it
};

const std::vector<Sdk> kSdks{
    {"boto3",
     "us-east-1",
     {kPython, kScripts + "/call.py"},
     {kPython, "-c", "import boto3"},
     true,
     "connect"},
    {"ruby",
     "eu-west-1",
     {"ruby", kScripts + "/call.rb"},
     {"ruby", "-e", "require 'aws-sdk-kms'"},
     false,
     "connect"},
    {"javascript",
     "ap-south-1",
     {"node", kScripts + "/call.mjs"},
     {"node", "--version"},
     true,
     "other"},
};

// World is the KMS, the service and a folder that has what both write.
struct World {
  TempDir dir;
  std::unique_ptr<Process> kms;
  std::unique_ptr<Process> service;
  int kms_port = 0, sdk_port = 0;

  World() {
    std::string settings = "listen = \"127.0.0.1:0\"\nsdk_listen = \"127.0.0.1:0\"\n";
    for (const Sdk& sdk : kSdks) {
      settings += fmt::format(
          "[[agreement]]\nid = \"{}\"\nsla = \"aws-kms\"\naccount = \"123456789012\"\n"
          "region = \"{}\"\n[[agreement.log]]\nid = \"sdk\"\nformat = \"csm\"\n",
          sdk.name, sdk.region);
    }
    write_text(dir.file("recoup.toml"), settings);
    std::filesystem::create_directory(dir.path() / "kms");
    kms = std::make_unique<Process>(
        std::vector<std::string>{kPython, kScripts + "/kms.py", dir.file("kms.log")},
        dir.file("kms"));
    service = std::make_unique<Process>(
        std::vector<std::string>{recoup_binary(), "run", "--config", dir.file("recoup.toml")},
        dir.path().string());
    REQUIRE(eventually([&] { return number_in(kms->out(), "") > 0; }));
    kms_port = number_in(kms->out(), "");
    REQUIRE(eventually([&] { return number_in(service->out(), "AWS_CSM_PORT=") > 0; }));
    sdk_port = number_in(service->out(), "AWS_CSM_PORT=");
  }

  // The number behind a text, on a line that has ended; 0 where there is none.
  static int number_in(const std::string& text, const std::string& before) {
    const auto at = text.find(before);
    if (at == std::string::npos || text.find('\n', at) == std::string::npos) return 0;
    return std::atoi(text.c_str() + at + before.size());
  }

  void call(const Sdk& sdk, int calls) const {
    std::vector<std::string> words = sdk.script;
    words.insert(words.end(),
                 {fmt::format("http://127.0.0.1:{}", kms_port), sdk.region, std::to_string(calls)});
    const Finished finished = run(words, dir.file("kms"),
                                  {{"AWS_ACCESS_KEY_ID", kKeyId},
                                   {"AWS_SECRET_ACCESS_KEY", kSecretKey},
                                   {"AWS_SESSION_TOKEN", kToken},
                                   {"AWS_CSM_ENABLED", "true"},
                                   {"AWS_CSM_PORT", std::to_string(sdk_port)},
                                   {"AWS_CSM_CLIENT_ID", "app1"},
                                   {"AWS_EC2_METADATA_DISABLED", "true"}});
    INFO(finished.out << finished.err);
    REQUIRE(finished.status == 0);
  }

  void stop() {
    service->signal(SIGTERM);
    REQUIRE(service->wait() == 0);
  }

  // What became of an SDK's requests, by the server's own log, and the ids of those that failed.
  Counts logged(const Sdk& sdk) const {
    Counts counts;
    each_request(sdk, [&](const std::string& status, const std::string&) {
      ++counts[status == "drop" ? "reset" : status];
    });
    return counts;
  }
  std::multiset<std::string> failed_ids(const Sdk& sdk) const {
    std::multiset<std::string> ids;
    each_request(sdk, [&](const std::string& status, const std::string& id) {
      if (status == "500" || status == "503") ids.insert(id);
    });
    return ids;
  }

  void each_request(
      const Sdk& sdk,
      const std::function<void(const std::string& status, const std::string& id)>& each) const {
    std::istringstream log(read_text(dir.file("kms.log")));
    for (std::string name, status, id; log >> name >> status >> id;) {
      if (name == sdk.name) each(status, id);
    }
  }
};

const core::Interval kAlways{core::Instant{}, core::kOpenEnd};

// What the ledger has counted, by status alone.
Counts counted(ledger::Ledger& ledger, const std::string& agreement) {
  const auto tallies = ledger.tallies(agreement, kAlways);
  REQUIRE(tallies.ok());
  Counts counts;
  for (const auto& row : tallies->rows()) {
    const std::string outcome = core::to_text(tallies->outcomes()[row.outcome]);
    counts[outcome.substr(0, outcome.find('/'))] += row.count;
  }
  return counts;
}

std::vector<record::Evidence> evidence(ledger::Ledger& ledger, const std::string& agreement) {
  std::vector<record::Evidence> all;
  REQUIRE(ledger.evidence(agreement, kAlways, [&](const auto& one) { all.push_back(one); }).ok());
  return all;
}

// "500 x 9" of each.
std::vector<std::string> lines(const Counts& counts) {
  std::vector<std::string> all;
  for (const auto& [outcome, count] : counts) all.push_back(fmt::format("{} x {}", outcome, count));
  return all;
}

std::uint64_t errors(const Counts& counts) { return counts.at("500") + counts.at("503"); }

bool have_sdks() {
  if (!have_checks(kScripts) || !have_program("ruby")) return false;
  const TempDir dir;
  for (const Sdk& sdk : kSdks) {
    const bool there = run(sdk.has, dir.path().string()).status == 0;
    if (!have(there, "the AWS SDK of " + sdk.name)) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("attempts that real AWS SDKs report are those that the server has answered") {
  if (!have_sdks()) return;
  World world;
  constexpr int kCalls = 30;
  for (const Sdk& sdk : kSdks) world.call(sdk, kCalls);
  // Where nobody listens any more there is no answer, and no line of the server's.
  world.kms = nullptr;
  for (const Sdk& sdk : kSdks) world.call(sdk, 1);
  world.stop();

  const auto ledger = *ledger::open_ledger("sqlite:" + world.dir.file("recoup.db"));
  for (const Sdk& sdk : kSdks) {
    INFO(sdk.name);
    Counts expected = world.logged(sdk);
    // There were retries, which their application never heard of.
    CHECK(errors(expected) > kCalls / 2);
    CHECK(expected["reset"] > 0);
    expected[sdk.refused] = 4;
    CHECK(lines(counted(*ledger, sdk.name)) == lines(expected));

    // Each of the failures has a record, and those that were answered the provider's id.
    std::multiset<std::string> ids;
    std::uint64_t answered = 0;
    const auto records = evidence(*ledger, sdk.name);
    for (const record::Evidence& one : records) {
      CHECK(one.detail == "GenerateRandom");
      answered += std::holds_alternative<core::Answered>(one.outcome) ? 1 : 0;
      if (!one.request_id.empty()) ids.insert(one.request_id);
    }
    CHECK(records.size() == errors(expected) + expected["reset"] + expected[sdk.refused]);
    CHECK(answered == errors(expected));
    CHECK(ids == (sdk.sends_request_id ? world.failed_ids(sdk) : std::multiset<std::string>{}));
  }
  CHECK(recoup_in(world.dir, {"verify", "--agreement", "boto3"}).status == 0);
  const std::uint64_t failed = errors(world.logged(kSdks.front()));
  CHECK_HAS(
      recoup_in(world.dir, {"assess", "--agreement", "boto3"}).out,
      fmt::format("Reported by local processes, through AWS SDKs: {0} of {0} Errors.", failed));
  CHECK_HAS(recoup_in(world.dir, {"assess", "--agreement", "boto3", "--json"}).out,
            fmt::format("\"errors_reported_by_local_processes\": {},", failed));

  // The keys that signed the requests are in none of what is kept and said.
  std::string kept = world.service->out() + world.service->err();
  for (const auto& file : std::filesystem::directory_iterator(world.dir.path())) {
    if (file.path().filename().string().starts_with("recoup.db")) kept += read_text(file.path());
  }
  for (const char* secret : {kKeyId, kSecretKey, kToken}) CHECK_FALSE(has(kept, secret));
}
