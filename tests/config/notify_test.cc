#include <sys/stat.h>

#include "config/settings.h"
#include "support/catch.h"
#include "support/temp_dir.h"

using namespace recoup;
using namespace std::chrono_literals;

namespace {

constexpr const char* kAgreement =
    "[[agreement]]\nid = \"kms\"\nsla = \"aws-kms\"\naccount = \"123456789012\"\n"
    "region = \"us-east-1\"\n";

config::Settings settings_of(const std::string& notify, const std::string& path = "recoup.toml") {
  auto settings = config::parse_settings(notify + kAgreement, path,
                                         {{"HOSTNAME", "test"},
                                          {"HOOK", "https://hooks.example.com:8443/T00/hunter2"},
                                          {"KEY", "Bearer hunter2"}});
  INFO((settings ? "" : settings.error().message));
  REQUIRE(settings.ok());
  return *std::move(settings);
}

}  // namespace

TEST_CASE("nobody is told anything unless the settings name somebody") {
  CHECK(settings_of("").notify.empty());
}

TEST_CASE("a webhook's address and its headers may be secrets, and are shown without them") {
  const auto notify = settings_of(
                          "[notify]\nwebhook = { env = \"HOOK\" }\ntimeout = \"5s\"\n"
                          "headers = { Authorization = { env = \"KEY\" }, X-From = \"recoup\" }\n")
                          .notify;
  CHECK(notify.webhook.reveal() == "https://hooks.example.com:8443/T00/hunter2");
  CHECK(notify.shown() == "https://hooks.example.com:8443");
  CHECK(notify.timeout == 5s);
  REQUIRE(notify.headers.size() == 2);
  CHECK(notify.headers[0].secret.reveal() == "Bearer hunter2");
  CHECK(notify.headers[0].value.empty());
  CHECK(notify.headers[1].value == "recoup");
}

TEST_CASE("a program of the settings' folder is found there, and one without a slash by its name") {
  const test::TempDir dir;
  const std::string tell = dir.write("tell", "#!/bin/sh\n");
  REQUIRE(chmod(tell.c_str(), 0700) == 0);
  const auto own =
      settings_of("[notify]\ncommand = [\"./tell\", \"sla\"]\n", dir.file("recoup.toml")).notify;
  CHECK(own.command == std::vector<std::string>{tell, "sla"});
  CHECK(own.timeout == 10s);
  CHECK(settings_of("[notify]\ncommand = [\"logger\"]\n").notify.command ==
        std::vector<std::string>{"logger"});
}

TEST_CASE("what is sent in the clear beyond this machine is warned of, without the address") {
  CHECK(settings_of("[notify]\nwebhook = \"http://127.0.0.1:9000/hunter2\"\n").warnings.empty());
  const std::string warnings =
      settings_of("[notify]\nwebhook = \"http://hooks.example.com/hunter2\"\n").warnings;
  CHECK(warnings.find("expected a URL of https, got one of http") != std::string::npos);
  CHECK(warnings.find("hunter2") == std::string::npos);
}
