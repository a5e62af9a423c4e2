// What a claim must not show, planted wherever a user, a log or a server can write.

#include "support/secrets.h"

#include <openssl/evp.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "claim/folder.h"

using namespace recoup;
using recoup::test::ClaimFolder;
using recoup::test::ClaimWorld;
using recoup::test::joined;
using recoup::test::kPlants;
using recoup::test::leaves_open;
using recoup::test::Plant;

namespace {

constexpr char kAccount[] = "999988887777";

std::string decoded(const std::string& base64) {
  std::string bytes(base64.size(), '\0');
  const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                     reinterpret_cast<const unsigned char*>(base64.data()),
                                     static_cast<int>(base64.size()));
  REQUIRE(length >= 0);
  bytes.resize(static_cast<std::size_t>(length));
  return bytes;
}

// Every file as it is, and what create-case.json has in base64.
std::map<std::string, std::string> texts_of(const ClaimFolder& folder) {
  std::map<std::string, std::string> texts;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    const std::string name = entry.path().filename();
    texts[name] = folder.read(name);
  }
  const auto sent = nlohmann::json::parse(texts.at("create-case.json"));
  for (const auto& attachment : sent["AddAttachmentsToSet"]["attachments"]) {
    const std::string name = attachment["fileName"];
    texts[name + " in create-case.json"] = decoded(attachment["data"]);
    CHECK(texts[name + " in create-case.json"].starts_with(texts.at(name)));
  }
  return texts;
}

// What of the plant may stand in no file. A short value stands by chance in a digest: then it is
// looked for with its name.
std::string hidden(const Plant& plant) {
  constexpr std::size_t kShortest = 8;
  constexpr std::string_view kMask = "****";
  const std::size_t before = plant.shown.find(kMask);
  const std::size_t after = plant.shown.size() - before - kMask.size();
  const std::string value = plant.text.substr(before, plant.text.size() - after - before);
  return value.size() < kShortest ? plant.text : value;
}

// Of long intervals: few claims of this file need a picture of thousands.
ClaimWorld quiet() {
  ClaimWorld world = ClaimWorld::with(core::MeanOfIntervals{std::chrono::minutes(60)}, 60);
  world.agreement.account = kAccount;
  world.fail({600, 60, 12, 12});
  return world;
}

// Writes the secret into every field that a user, a log or a server decides, and says before it
// which one that is.
void plant(ClaimWorld& w, const std::string& secret) {
  record::Evidence& record = w.evidence[0];
  record.detail = "POST /detail " + secret + " x";
  record.request_id = "request-id " + secret;
  record.peer = secret;
  std::get<core::Answered>(record.outcome).error_name = secret;
  w.agreement.id = "agreement " + secret;
  w.agreement.region = "region " + secret;
  w.agreement.exclusions = {{{w.begin_of(1), w.begin_of(2)}, "reason " + secret}};
  w.charge->note = "note " + secret;
  w.charge->from = "from " + secret;
  w.charge->lines = {{"item " + secret, "calculation " + secret, core::Ratio(1845, 1)}};
  w.charge->remarks = {"remark " + secret};
  w.charge->others = {{"other " + secret, {core::Ratio(1, 1), "USD"}}};
  core::Version& terms = w.version();
  terms.claim.subject = "subject " + secret;
  terms.claim.needs = {"need " + secret};
  terms.credit_base = "base " + secret;
  terms.clauses = {{"(i)", "clause " + secret}};
  terms.exclusions = {{"(i)", "excluded " + secret}};
}

void expect_hidden(const ClaimWorld& world, const Plant& plant) {
  const ClaimFolder folder(world);
  for (const auto& [name, text] : texts_of(folder)) {
    const auto at = text.find(hidden(plant));
    const auto around =
        at == std::string::npos ? "" : text.substr(at - std::min<std::size_t>(at, 40), 120);
    INFO(name << ": " << around);
    CHECK(at == std::string::npos);
  }
  CHECK(joined(folder.verify()) == "");
}

}  // namespace

TEST_CASE("no secret of any kind in any field reaches any file of a claim") {
  for (const Plant& each : kPlants) {
    INFO(each.kind);
    ClaimWorld world = quiet();
    plant(world, each.text);
    world.seal_it();
    expect_hidden(world, each);
  }
}

TEST_CASE("no secret in a seal's own words reaches any file, and the claim says what that costs") {
  for (const Plant& plant : kPlants) {
    INFO(plant.kind);
    ClaimWorld world = quiet();
    world.seal_it(2, {"log file imported: of " + plant.text});
    world.seal->chain[1].name = "probe " + plant.text;
    world.seal->chain[1].part = "host " + plant.text;
    record::close_seal(*world.seal, nullptr);
    expect_hidden(world, plant);
    CHECK(leaves_open(ClaimFolder(world).verify(),
                      "the digest of the seal: words that it was made over are"));
  }
}

TEST_CASE("an agreement named by the account that it is of is named so, and its seal verifies") {
  ClaimWorld world = quiet();
  world.agreement.id = std::string("kms-") + kAccount;
  world.seal_it();
  const ClaimFolder folder(world);
  CHECK(folder.read("claim.json").find("\"agreement\": \"kms-999988887777\"") != std::string::npos);
  CHECK_FALSE(leaves_open(folder.verify(), "the digest of the seal"));
  CHECK(joined(folder.verify()) == "");
}

TEST_CASE("a request id that is a UUID stays: the provider finds the request by it") {
  ClaimWorld world = quiet();
  world.evidence[0].request_id = "1234abcd-12ab-34cd-56ef-1234567890ab";
  CHECK(ClaimFolder(world).read("requests.log").find("1234abcd-12ab-34cd-56ef-1234567890ab") !=
        std::string::npos);
}

TEST_CASE("text that turns its direction is shown as what it is, in every file of a claim") {
  ClaimWorld world = quiet();
  world.evidence[0].detail = "GET /gnp.\u202Egnp";
  world.evidence[0].request_id = "id\u2066x";
  std::get<core::Answered>(world.evidence[0].outcome).error_name = "Slow\u202EDown";
  const ClaimFolder folder(world);
  for (const auto& [name, text] : texts_of(folder)) {
    INFO(name);
    CHECK(text.find("\u202E") == std::string::npos);
    CHECK(text.find("\u2066") == std::string::npos);
  }
  CHECK(folder.read("requests.log").find("Slow\\u202eDown") != std::string::npos);
  CHECK(joined(folder.verify()) == "");
}
