// A claim filed with AWS Support: send.sh by Debian's AWS CLI, against a server that records what
// it gets.

#include <algorithm>

#include <nlohmann/json.hpp>

#include "claim/case_json.h"
#include "claim/folder.h"
#include "record/base64.h"
#include "support/loopback_server.h"
#include "support/missing.h"
#include "support/process.h"

using namespace recoup::test;
using nlohmann::json;

namespace {

// What the Support API answers, by the operation that X-Amz-Target names.
LoopbackServer::Reply support_answer(const LoopbackServer::Request& request) {
  const std::string target = request.header("X-Amz-Target");
  const std::string operation = target.substr(target.find('.') + 1);
  json answer = json::object();
  if (operation == "DescribeServices") {
    answer["services"] = {{{"code", "key-management-service"},
                           {"name", "Key Management Service (KMS)"},
                           {"categories",
                            {{{"code", "general-guidance"}, {"name", "General Guidance"}},
                             {{"code", "billing-kms"}, {"name", "Billing of KMS"}}}}},
                          {{"code", "other"}, {"name", "Other"}, {"categories", json::array()}}};
    if (json::parse(request.body).contains("serviceCodeList")) answer["services"].erase(1);
  } else if (operation == "DescribeSeverityLevels") {
    answer["severityLevels"] = {{{"code", "low"}, {"name", "General guidance"}},
                                {{"code", "normal"}, {"name", "System impaired"}}};
  } else if (operation == "AddAttachmentsToSet") {
    answer = {{"attachmentSetId", "set-" + std::to_string(request.body.size())},
              {"expiryTime", "2026-11-04T01:00:00Z"}};
  } else if (operation == "CreateCase") {
    answer["caseId"] = "case-123456789012-muen-2026-1";
  } else if (operation == "AddCommunicationToCase") {
    answer["result"] = true;
  }
  return {200, {{"Content-Type", "application/x-amz-json-1.1"}}, answer.dump()};
}

// The bodies of the requests for that operation.
std::vector<json> sent(const LoopbackServer& server, const std::string& operation) {
  std::vector<json> bodies;
  for (const auto& request : server.requests()) {
    if (request.header("X-Amz-Target") == "AWSSupport_20130415." + operation) {
      bodies.push_back(json::parse(request.body));
    }
  }
  return bodies;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

ClaimWorld breach() {
  ClaimWorld world;
  world.fail({600, 60, 12, 12});
  return world;
}

// send.sh with those words, answered by `answer`, with the AWS CLI of the folder first in the path.
Finished send(const ClaimFolder& claim, const std::string& words, const std::string& answer,
              const std::string& path = "/usr/bin:/bin") {
  const TempDir out;
  const std::string command = "echo " + answer + " | sh '" + claim.path() + "/send.sh' " + words;
  return run({"sh", "-c", command}, out.path().string(),
             {{"PATH", path},
              {"HOME", out.path().string()},
              {"AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"},
              {"AWS_SECRET_ACCESS_KEY", "not-a-secret"},
              {"AWS_EC2_METADATA_DISABLED", "true"},
              // Which the script does not leave to the user's settings.
              {"AWS_CONFIG_FILE", out.write("config",
                                            "[default]\n"
                                            "cli_binary_format = raw-in-base64-out\n"
                                            "output = json\nregion = eu-west-1\n")}});
}

bool have_cli() { return have(std::filesystem::exists("/usr/bin/aws"), "Debian's awscli"); }

}  // namespace

TEST_CASE("send.sh looks the codes up, asks, and sends the case with its attachments") {
  if (!have_cli()) return;
  const LoopbackServer server(support_answer);
  const ClaimFolder claim(breach());
  const std::string at = "--endpoint-url " + server.url();

  const Finished dry = send(claim, "--dry-run " + at, "y");
  INFO(dry.out << dry.err);
  CHECK(dry.status == 0);
  CHECK(has(dry.out, "service:  key-management-service\ncategory: billing-kms\nseverity: low\n"));
  CHECK(has(dry.out, "Dry run: nothing was sent.\n"));
  CHECK(sent(server, "AddAttachmentsToSet").empty());

  CHECK(send(claim, at, "n").status == 1);
  CHECK(sent(server, "AddAttachmentsToSet").empty());

  const Finished done = send(claim, at, "y");
  INFO(done.out << done.err);
  REQUIRE(done.status == 0);
  CHECK(has(done.out, "Created the case case-123456789012-muen-2026-1.\n"));
  const auto sets = sent(server, "AddAttachmentsToSet");
  REQUIRE(sets.size() == 1);
  REQUIRE(sets[0]["attachments"].size() == 2);
  CHECK(sets[0]["attachments"][0]["fileName"] == "intervals.log");
  CHECK(sets[0]["attachments"][0]["data"] ==
        recoup::record::to_base64(claim.read("intervals.log")));
  const auto cases = sent(server, "CreateCase");
  REQUIRE(cases.size() == 1);
  CHECK(cases[0]["communicationBody"] == claim.read("body.txt"));
  CHECK(cases[0]["subject"].get<std::string>() + '\n' == claim.read("subject.txt"));
  CHECK(cases[0]["serviceCode"] == "key-management-service");
  CHECK(cases[0]["categoryCode"] == "billing-kms");
  CHECK(cases[0]["severityCode"] == "low");
  CHECK(cases[0]["issueType"] == "customer-service");
  CHECK(cases[0]["attachmentSetId"].get<std::string>().starts_with("set-"));
}

TEST_CASE("send.sh stops where a code is not the only one, and takes the one that is named") {
  if (!have_cli()) return;
  ClaimWorld world = breach();
  world.rule.service = "AWS Payment Cryptography's \"$(touch x)\"";
  const LoopbackServer server(support_answer);
  const ClaimFolder claim(world);
  const std::string at = "--dry-run --endpoint-url " + server.url();
  const Finished stopped = send(claim, at, "y");
  CHECK(stopped.status == 1);
  CHECK(has(stopped.err, "key-management-service\tKey Management Service (KMS)\n"));
  CHECK(has(stopped.err, "expected one service called AWS Payment Cryptography's \"$(touch x)\""));
  CHECK(has(stopped.err, "choose with --service CODE"));
  const Finished named = send(claim, at + " --service other --category x --severity low", "y");
  CHECK(named.status == 0);
  CHECK(has(named.out, "service:  other\ncategory: x\n"));
}

TEST_CASE("send.sh stops at the first error, and says so") {
  if (!have_cli()) return;
  const LoopbackServer server([](const LoopbackServer::Request&) {
    return LoopbackServer::Reply{400,
                                 {{"Content-Type", "application/x-amz-json-1.1"}},
                                 R"({"__type": "SubscriptionRequiredException"})"};
  });
  const Finished failed = send(ClaimFolder(breach()), "--endpoint-url " + server.url(), "y");
  CHECK(failed.status != 0);
  CHECK(has(failed.err, "SubscriptionRequiredException"));
  CHECK(server.requests().size() == 1);
}

TEST_CASE("send.sh files nothing with blanks in it, nor by version 1 of the CLI") {
  if (!have_cli()) return;
  ClaimWorld world = breach();
  world.version().claim.needs = {"the API ids"};
  const LoopbackServer server(support_answer);
  const ClaimFolder claim(world);
  const std::string at = "--endpoint-url " + server.url();
  const Finished blank = send(claim, at, "y");
  CHECK(blank.status == 1);
  CHECK(has(blank.err, "fill in what stands as ____ in a copy of create-case.cli.json"));
  std::string filled = claim.read("create-case.cli.json");
  filled.replace(filled.find("____"), 4, "a1b2");
  const TempDir mine;
  mine.write("case.json", filled);
  const Finished sent_now = send(claim, at + " --case-file " + mine.file("case.json"), "y");
  CHECK(sent_now.status == 0);
  REQUIRE(sent(server, "CreateCase").size() == 1);
  CHECK(has(sent(server, "CreateCase")[0]["communicationBody"], "a1b2"));

  // It would take the attachments' base64 for their text.
  mine.write("aws", "#!/bin/sh\necho aws-cli/1.29.1 Python/3.11.2\n");
  std::filesystem::permissions(mine.file("aws"), std::filesystem::perms::owner_all);
  const Finished old = send(claim, at, "y", mine.path().string() + ":/usr/bin:/bin");
  CHECK(old.status == 1);
  CHECK(has(old.err, "expected version 2 of the AWS CLI, got: aws-cli/1.29.1 Python/3.11.2"));
}

TEST_CASE("send.sh never files practice data") {
  if (!have_cli()) return;
  ClaimWorld world = breach();
  world.agreement.practice = true;
  const LoopbackServer server(support_answer);
  const Finished stopped = send(ClaimFolder(world), "--endpoint-url " + server.url(), "y");
  CHECK(stopped.status == 1);
  CHECK(has(stopped.err, "this claim is of practice data: nothing was sent"));
  CHECK(sent(server, "AddAttachmentsToSet").empty());
}

TEST_CASE("send.sh sends each further set with a communication to the case") {
  if (!have_cli()) return;
  ClaimWorld world = breach();
  world.fail({700, 55000, 55000, 0});
  for (std::uint64_t i = 0; i < 55000; ++i) {
    recoup::record::Evidence record = world.record(700, 0);
    record.at += std::chrono::milliseconds(i);
    record.detail = std::string(200, 'x');
    world.evidence.push_back(record);
  }
  const LoopbackServer server(support_answer);
  const ClaimFolder claim(world);
  const Finished done = send(claim, "--endpoint-url " + server.url(), "y");
  INFO(done.out << done.err);
  CHECK(done.status == 0);
  CHECK(has(done.out, "Added set 2 of 2.\n"));
  const auto sets = sent(server, "AddAttachmentsToSet");
  REQUIRE(sets.size() == 2);
  CHECK(sets[1]["attachments"][1]["fileName"] == "requests-4.log");
  CHECK(sets[1]["attachments"][1]["data"] ==
        recoup::record::to_base64(claim.read("requests-4.log")));
  const auto more = sent(server, "AddCommunicationToCase");
  REQUIRE(more.size() == 1);
  CHECK(more[0]["caseId"] == "case-123456789012-muen-2026-1");
  CHECK(more[0]["communicationBody"] == "Further files of this claim, set 2 of 2.");
}

TEST_CASE("send.sh is a script without a complaint of shellcheck") {
  if (!have_program("shellcheck")) return;
  const ClaimFolder claim(breach());
  const TempDir out;
  const Finished checked = run({"shellcheck", claim.path() + "/send.sh"}, out.path().string());
  INFO(checked.out);
  CHECK(checked.status == 0);
}
