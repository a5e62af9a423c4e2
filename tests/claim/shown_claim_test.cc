#include "record/seal.h"

#include <nlohmann/json.hpp>

#include "claim/folder.h"

using namespace recoup;
using recoup::test::ClaimFolder;
using recoup::test::ClaimWorld;
using recoup::test::joined;
using recoup::test::kTestPublicKey;
using recoup::test::leaves_open;
using recoup::test::names;
using recoup::test::TempDir;
using recoup::test::test_key;

namespace {

const std::string kOtherKey(64, 'b');

ClaimWorld breach() {
  ClaimWorld world;
  world.fail({600, 60, 12, 12});
  world.agreement.exclusions = {{{world.begin_of(1), world.begin_of(2)}, "we disabled the key"}};
  return world;
}

ClaimWorld sealed(const record::SealKey* key = nullptr) {
  ClaimWorld world = breach();
  world.key = key;
  world.seal_it(2, {"Errors: 12, before 10"});
  return world;
}

bool agreed(const claim::Verification& verification, const std::string& words) {
  return std::any_of(
      verification.agreed.begin(), verification.agreed.end(),
      [&](const std::string& line) { return line.find(words) != std::string::npos; });
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a claim says by which seal it stands, and verify makes its digest again") {
  const ClaimWorld world = sealed();
  const ClaimFolder folder(world);
  const std::string digest = world.seal->digest;
  CHECK(has(
      folder.read("body.md"),
      "\n## Seal\n\nThe counts and this verdict were sealed at 2026-11-03T00:00:00Z as revision "
      "2, SHA-256 " +
          digest + ".\n"));
  CHECK(has(folder.read("claim.html"), "<code>" + digest + "</code>"));
  CHECK(has(folder.read("claim.html"), "<li>Errors: 12, before 10</li>"));
  const claim::Verification verified = folder.verify();
  CHECK(joined(verified) == "");
  CHECK_FALSE(leaves_open(verified, "the digest"));
  CHECK_FALSE(leaves_open(verified, "a seal"));
  CHECK(agreed(verified, "the counts and the charge are those that revision 2 sealed"));
  CHECK(
      agreed(verified, "revision 2 was sealed at 2026-11-03T00:00:00Z with the SHA-256 " + digest));
  CHECK(agreed(verified, "the verdict says what revision 2 sealed"));
}

TEST_CASE("a claim inside the grace has no seal, which is for its own reader to know") {
  ClaimWorld world = breach();
  world.late_until = world.cycle.span.end + std::chrono::hours(24);
  const ClaimFolder folder(world);
  const std::string words =
      "ot sealed: late logs may still come until 2026-11-02T00:00:00Z; write the claim again after "
      "that";
  CHECK(has(folder.read("claim.json"), words));
  for (const char* file : {"body.md", "body.txt", "claim.html"}) {
    INFO(file);
    CHECK_FALSE(has(folder.read(file), words));
    CHECK_FALSE(has(folder.read(file), "ealed"));
  }
  CHECK(nlohmann::json::parse(folder.read("claim.json"))["seal"].is_null());
  CHECK(joined(folder.verify()) == "");
  CHECK(leaves_open(folder.verify(), "a seal: claim.json has none"));
}

TEST_CASE("a claim that says otherwise than its seal is an error and writes nothing") {
  struct Case {
    const char* what;
    void (*change)(ClaimWorld&);
  };
  const std::vector<Case> cases{
      {"assessment",
       [](ClaimWorld& w) {
         w.fail({601, 60, 1, 0});
       }},
      {"assessment", [](ClaimWorld& w) { w.agreement.exclusions.clear(); }},
      {"charge", [](ClaimWorld& w) { w.charge->note = "another bill"; }},
      {"rule", [](ClaimWorld& w) { w.version().digest = "0001"; }},
      {"agreement", [](ClaimWorld& w) { w.agreement.id = "another"; }},
      {"billing cycle",
       [](ClaimWorld& w) {
         w.cycle = core::cycle_of(std::chrono::year(2026) / 8, core::Zone::utc());
         w.fail({600, 60, 12, 0});
       }},
  };
  for (const Case& c : cases) {
    INFO(c.what);
    ClaimWorld world = sealed();
    c.change(world);
    TempDir temp;
    const auto written = claim::write_claim(world.claim(), world.reader(), temp.file("claim"));
    REQUIRE_FALSE(written.ok());
    CHECK(has(written.error().message,
              std::string("expected the ") + c.what + " as revision 2 of 2026-10 sealed it"));
    CHECK_FALSE(std::filesystem::exists(temp.file("claim")));
  }
}

TEST_CASE("a bill that is not final and says otherwise than the seal asks to wait for it") {
  ClaimWorld world = sealed();
  world.charge->amount.amount = core::Ratio(2000, 1);
  world.charge->final = false;
  TempDir temp;
  const auto written = claim::write_claim(world.claim(), world.reader(), temp.file("claim"));
  REQUIRE_FALSE(written.ok());
  CHECK(has(written.error().help, "the bill is not final: write the claim when it is"));
}

TEST_CASE("a seal that does not hold is an error") {
  ClaimWorld world = sealed();
  world.seal->evidence_records += 1;
  TempDir temp;
  const auto written = claim::write_claim(world.claim(), world.reader(), temp.file("claim"));
  REQUIRE_FALSE(written.ok());
  CHECK(
      has(written.error().message, "the seal does not hold: revision 2 of kms-us-east-1 2026-10"));
}

TEST_CASE("with a key the sums are signed, and a verifier can say whose key it must be") {
  const ClaimFolder folder(sealed(&test_key()));
  const std::string signature = folder.read("SHA256SUMS.sig");
  REQUIRE(signature.size() == 129);
  CHECK(
      record::signature_holds(folder.read("SHA256SUMS"), signature.substr(0, 128), kTestPublicKey));
  CHECK_FALSE(has(folder.read("SHA256SUMS"), "SHA256SUMS.sig"));
  CHECK(
      has(folder.read("body.md"), std::string(", signed with the Ed25519 key ") + kTestPublicKey));
  CHECK(joined(folder.verify()) == "");
  CHECK(agreed(folder.verify(), std::string("SHA256SUMS is signed with the Ed25519 key ") +
                                    kTestPublicKey + ", as claim.json says"));
  CHECK(joined(folder.verify(kTestPublicKey)) == "");
  CHECK(agreed(folder.verify(kTestPublicKey), "the seal is signed with the Ed25519 key"));
  const claim::Verification other = folder.verify(kOtherKey);
  CHECK(names(other, "claim.json: expected a signature with the key " + kOtherKey));
  CHECK(names(other, "SHA256SUMS.sig: expected a signature with the key " + kOtherKey));
}

TEST_CASE("a claim that is not signed is none of the key's that is expected") {
  const std::string finds =
      std::string("SHA256SUMS.sig: is missing: expected a signature of SHA256SUMS with the key ") +
      kTestPublicKey;
  CHECK(names(ClaimFolder(sealed()).verify(kTestPublicKey), finds));
  CHECK(names(ClaimFolder(breach()).verify(kTestPublicKey), finds));
}

TEST_CASE("the key of the sums and that of an older seal may be two, and both are named") {
  ClaimWorld world = sealed();
  world.key = &test_key();
  const ClaimFolder folder(world);
  CHECK(joined(folder.verify(kTestPublicKey)) == "");
  CHECK(has(folder.read("body.md"), "their Ed25519 signature (SHA256SUMS, SHA256SUMS.sig)"));
}

TEST_CASE("one changed byte of the sums or of their signature is found, and the file is named") {
  const ClaimFolder folder(sealed(&test_key()));
  for (const char* name : {"SHA256SUMS", "SHA256SUMS.sig"}) {
    const std::string text = folder.read(name);
    for (std::size_t at = 0; at < text.size(); ++at) {
      INFO(name << " byte " << at);
      std::string changed = text;
      changed[at] = static_cast<char>(changed[at] ^ 1);
      folder.write(name, changed);
      CHECK(names(folder.verify(), name));
    }
    folder.write(name, text);
  }
  std::filesystem::remove(folder.path() + "/SHA256SUMS.sig");
  CHECK(names(folder.verify(), "SHA256SUMS.sig: is missing"));
}

TEST_CASE("a signature beside a claim that names no key is found") {
  const ClaimFolder folder(sealed());
  folder.write("SHA256SUMS.sig", std::string(128, '0') + '\n');
  CHECK(
      names(folder.verify(), "SHA256SUMS.sig: expected no signature, as claim.json names no key"));
}

TEST_CASE("an edit of a signed claim is found although its checksums were made to fit") {
  const ClaimFolder folder(sealed(&test_key()));
  folder.replace("subject.txt", "SLA", "SLB");
  folder.sum_again();
  CHECK(names(folder.verify(), "SHA256SUMS.sig: expected a signature of SHA256SUMS"));
}

// Every leaf of the seal, and every figure of the verdict that it fixes.
TEST_CASE("an edit of the seal, or of what it sealed, is found although the checksums fit") {
  const ClaimFolder untouched(sealed(&test_key()));
  const auto json = nlohmann::ordered_json::parse(untouched.read("claim.json"));
  const auto flat = json["seal"].flatten();
  CHECK(flat.size() > 40);
  for (const auto& [place, value] : flat.items()) {
    INFO("/seal" << place);
    auto changed = json;
    auto& leaf = changed["seal"][nlohmann::ordered_json::json_pointer(place)];
    if (value.is_boolean()) {
      leaf = !value.get<bool>();
    } else if (value.is_number()) {
      leaf = value.get<int>() + 1;
    } else if (const std::string text = value; text.ends_with("Z")) {
      leaf = "2026-11-09T00:00:00Z";
    } else {
      leaf = text.starts_with("20") ? "20" + text.substr(2, text.size() - 3) + "1"
                                    : "1" + text.substr(std::min<std::size_t>(text.size(), 1));
    }
    if (leaf == value) continue;
    const ClaimFolder folder(sealed(&test_key()));
    folder.write("claim.json", changed.dump(2) + '\n');
    folder.sum_again();
    claim::Verification verified = folder.verify();
    std::erase_if(verified.differs,
                  [](const std::string& line) { return line.starts_with("SHA256SUMS.sig"); });
    // "withheld" only keeps the digest from being recomputed, and verify says so.
    if (place == "/withheld") {
      CHECK_FALSE(verified.unchecked.empty());
    } else {
      CHECK(names(verified, "claim."));
    }
  }
}

TEST_CASE("a verdict edited together with its files is not what was sealed") {
  struct Edit {
    const char* from;
    const char* to;
    const char* what;
  };
  for (const Edit& edit : std::vector<Edit>{
           {"\"id\": \"aws-kms\"", "\"id\": \"aws-kmt\"", "rule"},
           {"\"agreement\": \"kms-us-east-1\"", "\"agreement\": \"kms-us-east-2\"", "agreement"},
           {"\"requests\": 535620", "\"requests\": 535621", "Requests"},
           {"\"safe\": \"2026-12-01T00:00:00Z\"", "\"safe\": \"2026-12-02T00:00:00Z\"", "deadline"},
           {"\"eligible\": true", "\"eligible\": false", "eligibility"},
           {"\"reason\": \"we disabled the key\"", "\"reason\": \"we did not\"", "exclusions"}}) {
    INFO(edit.what);
    const ClaimFolder folder(sealed());
    folder.replace("claim.json", edit.from, edit.to);
    folder.sum_again();
    CHECK(names(folder.verify(), std::string("expected the ") + edit.what));
  }
}

TEST_CASE("a page or a case file that says otherwise than the claim is found") {
  const ClaimWorld world = sealed();
  struct Edit {
    const char* file;
    std::string from;
    std::string to;
    const char* finds;
  };
  for (const Edit& edit : std::vector<Edit>{
           {"claim.html", "<dt>Amount claimed</dt><dd>184.50", "<dt>Amount claimed</dt><dd>984.50",
            "claim.html:"},
           {"claim.html", "= <b>99.99", "= <b>98.99", "claim.html:"},
           {"claim.html", world.seal->digest, kOtherKey, "claim.html:"},
           {"create-case.json", "We request a Service Credit of 184.50",
            "We request a Service Credit of 984.50", "create-case.json:23: expected"},
           {"create-case.json", "\"subject\": \"SLA", "\"subject\": \"SLB",
            "create-case.json:22: expected"},
           {"create-case.json", "\"data\": \"Iy", "\"data\": \"Ia", "create-case.json:"},
           {"create-case.json", "\"fileName\": \"intervals.log\"",
            "\"fileName\": \"../secret.log\"", "../secret.log"},
           {"create-case.json", "{", "[", "create-case.json:1: expected '{'"}}) {
    INFO(edit.finds);
    const ClaimFolder folder(world);
    folder.replace(edit.file, edit.from, edit.to);
    folder.sum_again();
    CHECK(names(folder.verify(), edit.finds));
  }
}
