// The README is true: its commands are run, in their order, as a newcomer would.

#include <algorithm>
#include <filesystem>
#include <sstream>

#include <fmt/format.h>

#include "support/catch.h"
#include "support/places.h"
#include "system/world.h"

using namespace recoup::test;
namespace fs = std::filesystem;

namespace {

// The lines of the README's shell blocks, without their comments.
std::vector<std::string> shell_lines(const std::string& readme) {
  std::vector<std::string> lines;
  std::istringstream in(readme);
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("```")) {
      inside = line == "```sh";
    } else if (inside) {
      lines.push_back(line.substr(0, line.find(" #")));
    }
  }
  return lines;
}

// The trail of an account with an outage in October 2026.
std::string outage_trail() {
  std::string records;
  for (int minute = 0; minute < 60; ++minute) {
    records +=
        fmt::format(R"({}{{"eventVersion":"1.11","userIdentity":{{"type":"IAMUser"}},)"
                    R"("eventTime":"2026-10-03T02:{:02}:07Z","eventSource":"kms.amazonaws.com",)"
                    R"("eventName":"Decrypt","awsRegion":"us-east-1","eventID":"{}",{})"
                    R"("eventType":"AwsApiCall","recipientAccountId":"123456789012"}})",
                    minute == 0 ? "" : ",", minute, minute,
                    minute < 20 ? R"("errorCode":"KMSInternalException",)" : "");
  }
  return "{\"Records\":[" + records + "]}";
}

}  // namespace

TEST_CASE("every command of the README and its pages does what it says, in that order") {
  const TempDir folder;
  fs::create_directory(folder.file("cloudtrail"));
  write_text(folder.file("cloudtrail/trail.json"), outage_trail());
  write_text(folder.file("access.log"),
             "192.0.2.1 - - [03/Oct/2026:02:00:00 +0000] \"POST / HTTP/1.1\" 503 1 \"-\" \"-\"\n");
  REQUIRE(run({"gzip", folder.file("access.log")}, folder.path().string()).status == 0);
  const std::map<std::string, std::string> environment{
      {"PATH", fs::path(recoup_binary()).parent_path().string() + ":" + getenv("PATH")},
      {"AWS_ACCESS_KEY_ID", "practice"},
      {"AWS_SECRET_ACCESS_KEY", "practice"}};
  const auto sh = [&](const std::string& command) {
    return run({"sh", "-c", "cd " + folder.path().string() + " && " + command},
               folder.path().string(), environment);
  };

  int commands = 0;
  std::string pages;
  for (const char* page : {"README", "docs/logs", "docs/probes", "docs/claims", "docs/service"}) {
    pages += read_text(fmt::format("{}/{}.md", SOURCE_DIR, page));
  }
  for (const std::string& line : shell_lines(pages)) {
    if (!line.starts_with("recoup ")) continue;
    ++commands;
    INFO(line);
    // The service runs until it is told to stop; it would probe the real KMS, so the network is
    // taken away from it. So it is from a test of one probe and from the doctor, who say that
    // nothing came back.
    const bool service = line.starts_with("recoup run");
    const bool one = line.starts_with("recoup test") || line.starts_with("recoup doctor");
    const std::string no_network = "https_proxy=http://127.0.0.1:1 ";
    const Finished done = sh(service ? no_network + "timeout -s TERM 2 " + line
                             : one   ? no_network + line
                                     : line);
    INFO(done.out << done.err);
    CHECK(done.status == (service ? 124 : one ? 1 : 0));
    if (line.starts_with("recoup init")) {
      // What the next steps of the README's reader are: the charges are in the file as a comment.
      CHECK(sh("sed -i 's/# \\[agreement.charges\\]/[agreement.charges]/; s/# stated   =/stated   "
               "=/; "
               "s/127.0.0.1:9464/127.0.0.1:0/' recoup.toml")
                .status == 0);
    }
  }
  CHECK(commands >= 21);
}

TEST_CASE("the README names what is there") {
  const std::string readme = read_text(SOURCE_DIR "/README.md");
  CHECK(readme.find("./dev run") != std::string::npos);
  CHECK(readme.find("./dev test") != std::string::npos);
  CHECK(fs::exists(SOURCE_DIR "/src/README.md"));
  for (const char* word : {"run)", "test)", "check)", "bench)", "fmt)"}) {
    CHECK(read_text(SOURCE_DIR "/dev").find(word) != std::string::npos);
  }
}

TEST_CASE("every link of the README and its pages leads to a file") {
  int links = 0;
  for (const char* page :
       {"README.md", "docs/logs.md", "docs/probes.md", "docs/claims.md", "docs/service.md"}) {
    const fs::path path = fs::path(SOURCE_DIR) / page;
    const std::string text = read_text(path.string());
    for (auto at = text.find("]("); at != std::string::npos; at = text.find("](", at + 1)) {
      const std::string target = text.substr(at + 2, text.find_first_of("#)", at + 2) - at - 2);
      if (target.empty() || target.find("://") != std::string::npos) continue;
      INFO(page << " " << target);
      CHECK(fs::exists(path.parent_path() / target));
      ++links;
    }
  }
  CHECK(links > 15);
}

TEST_CASE("the README promises no more contracts than the program lists") {
  const std::string readme = read_text(SOURCE_DIR "/README.md");
  const std::string before = "| contracts | more than ";
  const auto promised = readme.find(before);
  REQUIRE(promised != std::string::npos);
  const TempDir folder;
  const Finished listed = run({recoup_binary(), "rules", "list"}, folder.path().string());
  const auto lines = std::count(listed.out.begin(), listed.out.end(), '\n');
  CHECK(lines - 1 > std::stoi(readme.substr(promised + before.size())));  // a line of titles
}
