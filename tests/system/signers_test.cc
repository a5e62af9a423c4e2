// The service probes one that computes each signature again with what the providers themselves
// publish: all agree, and none would with one byte changed.

#include <csignal>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "support/catch.h"
#include "support/missing.h"
#include "support/places.h"
#include "system/folder.h"

using namespace recoup;
using namespace recoup::test;

namespace {

const std::string kScripts = TESTS_DIR "/sdk";
constexpr const char* kPython = "/usr/bin/python3";
// One secret for all signers: the service knows one.
constexpr const char* kSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

// A probe, by the lines that are its own.
struct Signed {
  const char* id;
  const char* kind;
  const char* path;
  const char* lines;
};

const std::vector<Signed> kProbes{
    {"aws-get", "sigv4", "/list?b=2&a=x%2fy&c", "sign = \"kms\"\n"},
    {"aws-fips", "sigv4", "/",
     "sign = \"kms\"\nmethod = \"POST\"\nbody = '{\"NumberOfBytes\":16}'\nheaders = { Host = "
     "\"kms-fips.us-east-1.amazonaws.com\", Content-Type = \"application/x-amz-json-1.1\", "
     "X-Amz-Target = \"TrentService.GenerateRandom\" }\n"},
    {"s3-get", "sigv4", "/a%20folder/object",
     "sign = \"s3\"\nheaders = { x-amz-content-sha256 = "
     "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\" }\n"},
    {"acs-get", "acs3", "/?RegionId=cn-hangzhou&Name=a%20b+c",
     "sign = { by = \"acs3\" }\nheaders = { x-acs-action = \"DescribeRegions\", x-acs-version = "
     "\"2016-01-20\" }\n"},
    {"acs-post", "acs3", "/",
     "sign = { by = \"acs3\" }\nmethod = \"POST\"\nbody = '{\"n\":1}'\nheaders = { x-acs-action = "
     "\"GenerateDataKey\", x-acs-version = \"2016-01-20\", Content-Type = \"application/json\" "
     "}\n"},
    {"tc-get", "tc3", "/?Limit=1",
     "sign = { by = \"tc3\", service = \"kms\" }\nheaders = { Host = "
     "\"kms.tencentcloudapi.com\", X-TC-Action = \"ListKeys\", X-TC-Version = \"2019-01-18\" }\n"},
    {"tc-post", "tc3", "/",
     "sign = { by = \"tc3\", service = \"kms\" }\nmethod = \"POST\"\nbody = "
     "'{\"Limit\":1}'\nheaders = { Host = \"kms.tencentcloudapi.com\", X-TC-Action = "
     "\"ListKeys\", X-TC-Version = \"2019-01-18\" }\n"},
    {"gateway-get", "alibaba-gateway", "/orders?z=1&a=b%20c&e=",
     "sign = { by = \"alibaba-gateway\" }\nheaders = { X-Ca-Stage = \"RELEASE\" }\n"},
    {"gateway-form", "alibaba-gateway", "/orders?z=1",
     "sign = { by = \"alibaba-gateway\" }\nmethod = \"POST\"\nbody = \"b=1&a=x%20y\"\n"},
    {"gateway-json", "alibaba-gateway", "/orders",
     "sign = { by = \"alibaba-gateway\" }\nmethod = \"POST\"\nbody = '{\"n\":1}'\nheaders = { "
     "Content-Type = \"application/json\", Accept = \"application/json\" }\n"},
    {"google", "token", "/g", "sign = { by = \"google\", file = \"account.json\" }\n"},
    {"azure", "token", "/a",
     "sign = { by = \"azure\", tenant = \"tenant\", client_id = \"client\", secret = { env = "
     "\"OF_CLIENT\" }, scope = \"https://vault.azure.net/.default\", authority = "
     "\"http://127.0.0.1:PORT\" }\n"},
    {"basic", "basic", "/b",
     "sign = { by = \"basic\", user = \"me\", password = { file = \"password\" } }\n"},
};

const std::map<std::string, std::string> kEnvironment{
    {"AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"},           {"AWS_SECRET_ACCESS_KEY", kSecret},
    {"AWS_SESSION_TOKEN", "IQoJb3JpZ2luX2Vj//8="},  {"ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAIEXAMPLE"},
    {"ALIBABA_CLOUD_ACCESS_KEY_SECRET", kSecret},   {"ALIBABA_CLOUD_SECURITY_TOKEN", "CAISEXAMPLE"},
    {"TENCENTCLOUD_SECRET_ID", "AKIDTENCENT"},      {"TENCENTCLOUD_SECRET_KEY", kSecret},
    {"TENCENTCLOUD_SESSION_TOKEN", "tokenEXAMPLE"}, {"ALIBABA_GATEWAY_APP_KEY", "203000000"},
    {"ALIBABA_GATEWAY_APP_SECRET", kSecret},        {"OF_CLIENT", kSecret},
};

std::string settings_for(int port) {
  std::string text = "listen = \"127.0.0.1:0\"\n" + agreement();
  for (const Signed& one : kProbes) {
    std::string lines = one.lines;
    if (const auto at = lines.find("PORT"); at != std::string::npos) {
      lines.replace(at, 4, std::to_string(port));
    }
    text += fmt::format(
        "[[agreement.probe]]\nid = \"{}\"\nevery = \"100ms\"\nurl = "
        "\"http://127.0.0.1:{}{}\"\n{}",
        one.id, port, one.path, lines);
  }
  return text;
}

// What the service has printed of its requests, once it has seen so many.
std::vector<nlohmann::json> seen_by(const Process& service) {
  std::vector<nlohmann::json> seen;
  std::istringstream lines(service.out());
  for (std::string line; std::getline(lines, line);) {
    auto one = nlohmann::json::parse(line, nullptr, false);
    if (!one.is_discarded() && one.contains("kind")) seen.push_back(std::move(one));
  }
  return seen;
}

}  // namespace

TEST_CASE("what providers publish for Node.js and botocore compute the signatures that are sent") {
  if (!have_checks(kScripts)) return;
  const TempDir dir;
  std::filesystem::create_directory(dir.path() / "provider");
  Process provider({"node", kScripts + "/signatures.mjs", kSecret}, dir.file("provider"));
  REQUIRE(eventually([&] { return has(provider.out(), "\n"); }));
  const auto place = nlohmann::json::parse(provider.out());
  write_text(dir.file("recoup.toml"), settings_for(place["port"].get<int>()));
  write_text(dir.file("account.json"), place["account"].dump());
  write_text(dir.file("password"), kSecret);
  Process service({recoup_binary(), "run", "--config", dir.file("recoup.toml")},
                  dir.path().string(), kEnvironment);
  REQUIRE(eventually([&] { return seen_by(provider).size() >= 60 * kProbes.size(); }));
  service.signal(SIGTERM);
  REQUIRE(service.wait() == 0);

  const auto seen = seen_by(provider);
  std::map<std::string, std::set<std::string>> methods;
  for (const auto& one : seen) {
    INFO(one.dump(2));
    CHECK(one["agrees"].get<bool>());
    CHECK_FALSE(one["fooled"].get<bool>());
    methods[one["kind"].get<std::string>()].insert(one["method"].get<std::string>());
  }
  const std::set<std::string> both{"GET", "POST"};
  CHECK(methods == std::map<std::string, std::set<std::string>>{{"acs3", both},
                                                                {"alibaba-gateway", both},
                                                                {"sigv4", both},
                                                                {"tc3", both},
                                                                {"token", {"GET"}},
                                                                {"basic", {"GET"}}});

  write_text(dir.file("seen"), provider.out());
  const Finished botocore = run({"sh", "-c", "exec \"$0\" \"$1\" \"$2\" < \"$3\"", kPython,
                                 kScripts + "/signatures.py", kSecret, dir.file("seen")},
                                dir.path().string());
  INFO(botocore.err);
  CHECK(botocore.status == 0);
  CHECK(has(botocore.out, "agrees"));
  CHECK_FALSE(has(botocore.out, "differs"));

  // No secret is said or kept.
  std::string kept = service.out() + service.err();
  for (const auto& file : std::filesystem::directory_iterator(dir.path())) {
    if (file.path().filename().string().starts_with("recoup.db")) kept += read_text(file.path());
  }
  for (const auto& [name, value] : kEnvironment) {
    INFO(name);
    CHECK_FALSE(has(kept, value));
  }
  CHECK_FALSE(has(kept, "PRIVATE KEY"));
  // Tokens of two seconds were replaced, and none of them is kept.
  std::set<std::string> tokens;
  for (const auto& one : seen) {
    if (one["kind"] == "token") tokens.insert(one["headers"]["authorization"].get<std::string>());
  }
  CHECK(tokens.size() >= 4);
  for (const std::string& token : tokens) CHECK_FALSE(has(kept, token.substr(7)));
}
