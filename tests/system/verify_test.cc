// A claim and the ledger it came from, as somebody checks them who trusts neither.

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "ledger/open.h"
#include "ledger/other.h"
#include "record/digest.h"
#include "support/catch.h"
#include "support/places.h"
#include "system/world.h"

using namespace recoup;
using namespace recoup::test;
namespace fs = std::filesystem;

namespace {

constexpr char kSettings[] = R"({}
[[agreement]]
id = "web"
sla = "aws-kms"
account = "123456789012"
region = "us-east-1"
[agreement.charges]
stated = [ {{ month = "2026-08", amount = "1845.00", currency = "USD", note = "invoice 42" }} ]
)";

// An application's log of one busy hour in August 2026, of which some requests failed.
std::string access_log(int failed) {
  std::string text;
  for (int i = 0; i < 120; ++i) {
    text += fmt::format(
        "203.0.113.9 - - [03/Aug/2026:02:{:02}:{:02} +0000] \"POST / HTTP/1.1\" {} "
        "12 \"-\" \"app/1.0\"\n",
        i / 12, i % 12 * 5, i < failed ? 503 : 200);
  }
  return text;
}

// A month that is over, as the program finds it.
class Place {
 public:
  explicit Place(const std::string& top = "") {
    write_text(path("recoup.toml"), fmt::format(kSettings, top));
  }

  std::string path(const std::string& name) const { return folder_.file(name); }

  Finished ran(std::vector<std::string> words) const {
    words.insert(words.begin(), recoup_binary());
    words.insert(words.end(), {"--config", path("recoup.toml")});
    return run(words, folder_.path().string());
  }

  Finished import(const std::string& name, int failed) const {
    write_text(path(name), access_log(failed));
    return ran({"import", "--agreement", "web", "--format", "combined", path(name)});
  }

  Finished claim(const std::string& folder) const {
    return ran({"claim", "--agreement", "web", "--month", "2026-08", "--accept", "late", "--out",
                path(folder)});
  }

  std::unique_ptr<ledger::Ledger> ledger() const {
    return *ledger::open_ledger("sqlite:" + path("recoup.db"));
  }

 private:
  TempDir folder_;
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string public_key_of(const Place& place) {
  return nlohmann::json::parse(read_text(place.path("claim/claim.json")))["public_key"];
}

// Has SHA256SUMS, and the list of files in claim.json, agree with the files as they are now.
void sum_again(const fs::path& claim) {
  const auto sum = [&](const std::string& name) {
    return record::sha256_hex(read_text((claim / name).string()));
  };
  std::string json = read_text((claim / "claim.json").string());
  std::istringstream old(read_text((claim / "SHA256SUMS").string()));
  std::vector<std::string> names;
  for (std::string before, name; old >> before >> name;) {
    names.push_back(name);
    const auto at = json.find(before);
    if (at != std::string::npos) json.replace(at, before.size(), sum(name));
  }
  write_text((claim / "claim.json").string(), json);
  std::string sums;
  for (const std::string& name : names) sums += fmt::format("{}  {}\n", sum(name), name);
  write_text((claim / "SHA256SUMS").string(), sums);
}

}  // namespace

TEST_CASE("a claim of a month that is over is sealed, noted in the ledger, and verifies alone") {
  const Place place;
  REQUIRE(place.import("access.log", 12).status == 0);
  const Finished written = place.claim("claim");
  INFO(written.out << written.err);
  REQUIRE(written.status == 0);
  CHECK(has(written.out, " as revision 1, SHA-256 "));

  const auto seals = place.ledger()->seals("web");
  REQUIRE(seals->size() == 1);
  CHECK(seals->front().errors == 12);
  CHECK(has(written.out, seals->front().digest));
  CHECK(has(read_text(place.path("claim/body.md")), seals->front().digest));
  const auto events = place.ledger()->claim_events("web");
  REQUIRE(events->size() == 1);
  CHECK(events->front().step == record::ClaimStep::written);
  CHECK(core::to_text(*events->front().amount) == "184.50 USD");
  CHECK(events->front().revision == 1);
  CHECK(events->front().folder == fs::canonical(place.path("claim")).string());

  // The ledger is not there any more.
  fs::remove(place.path("recoup.db"));
  fs::remove(place.path("recoup.toml"));
  const Finished verified = run({recoup_binary(), "verify", place.path("claim")}, place.path("."));
  INFO(verified.out << verified.err);
  CHECK(verified.status == 0);
  CHECK(has(verified.out, "agrees   revision 1 was sealed at "));
  CHECK(has(verified.out, "everything that was checked agrees"));
}

TEST_CASE("a log that comes later makes a revision, and the claim says what changed") {
  const Place place;
  REQUIRE(place.import("access.log", 12).status == 0);
  REQUIRE(place.claim("claim").status == 0);
  REQUIRE(place.import("late.log", 30).status == 0);
  const Finished again = place.claim("again");
  INFO(again.out << again.err);
  REQUIRE(again.status == 0);
  CHECK(has(again.out, " as revision 2, SHA-256 "));
  const std::string page = read_text(place.path("again/claim.html"));
  CHECK(has(page, "<li>Requests: 240, before 120</li>\n<li>Errors: 42, before 12</li>\n"));
  CHECK(has(page, "<li>log file imported: late.log</li>"));
  CHECK(place.ran({"verify", place.path("again")}).status == 0);
  CHECK(place.ran({"verify", "--agreement", "web"}).status == 0);
}

TEST_CASE("a claim that is submitted stays so when its files are written again") {
  const Place place;
  REQUIRE(place.import("access.log", 12).status == 0);
  REQUIRE(place.claim("claim").status == 0);
  record::ClaimEvent submitted = place.ledger()->claim_events("web")->front();
  submitted.step = record::ClaimStep::submitted;
  submitted.case_id = "case-1";
  REQUIRE(place.ledger()->add_claim_event(submitted).ok());
  REQUIRE(place.claim("again").status == 0);
  const auto ledger = place.ledger();
  const auto life = record::claim_life(record::ground_of(ledger->seals("web")->back()),
                                       *ledger->claim_events("web"), submitted.at);
  CHECK(life.state == record::ClaimState::submitted);
  CHECK(life.case_id == "case-1");
}

TEST_CASE("a refused claim seals nothing and is noted nowhere") {
  const Place place;
  REQUIRE(place.import("access.log", 0).status == 0);
  const Finished refused = place.claim("claim");
  CHECK(refused.status == 1);
  CHECK(has(refused.err, "no breach"));
  CHECK(place.ledger()->seals("web")->empty());
  CHECK(place.ledger()->claim_events("web")->empty());
}

TEST_CASE("with a signing key the claim is signed, and verify knows whose key it must be") {
  const Place place("signing_key = \"seal.pem\"");
  const Finished made =
      run({"openssl", "genpkey", "-algorithm", "ed25519", "-out", place.path("seal.pem")},
          place.path(""));
  INFO(made.err);
  REQUIRE(made.status == 0);
  REQUIRE(place.import("access.log", 12).status == 0);
  const Finished written = place.claim("claim");
  INFO(written.err);
  REQUIRE(written.status == 0);
  CHECK(has(written.out, "claim/SHA256SUMS.sig\n"));

  std::string key = public_key_of(place);
  const Finished verified = place.ran({"verify", place.path("claim"), "--key", key});
  INFO(verified.out);
  CHECK(verified.status == 0);
  CHECK(has(verified.out, "SHA256SUMS is signed with the Ed25519 key " + key));
  CHECK(place.ran({"verify", "--agreement", "web", "--key", key}).status == 0);

  std::transform(key.begin(), key.end(), key.begin(), ::toupper);
  CHECK(place.ran({"verify", place.path("claim"), "--key", key}).status == 0);
  const std::string other(64, 'a');
  CHECK(place.ran({"verify", place.path("claim"), "--key", other}).status == 1);
  CHECK(place.ran({"verify", "--agreement", "web", "--key", other}).status == 1);
  CHECK(place.ran({"verify", place.path("claim"), "--key", "abc"}).status == 2);
}

TEST_CASE("a signing key that others can read is refused, by check, claim and run alike") {
  const Place place("signing_key = \"seal.pem\"");
  REQUIRE(run({"openssl", "genpkey", "-algorithm", "ed25519", "-out", place.path("seal.pem")},
              place.path(""))
              .status == 0);
  REQUIRE(place.import("access.log", 12).status == 0);
  fs::permissions(place.path("seal.pem"), fs::perms(0640));
  for (const Finished& refused : {place.claim("claim"), place.ran({"check"}), place.ran({"run"}),
                                  place.ran({"claims", "seal"})}) {
    CHECK(refused.status == 2);
    CHECK(has(refused.err,
              "seal.pem: error: expected a key that its owner alone can read, got the mode 0640"));
    CHECK(has(refused.err, "help: chmod 600 '"));
  }
  fs::permissions(place.path("seal.pem"), fs::perms(0600));
  CHECK(place.ran({"check"}).status == 0);
  CHECK(place.claim("claim").status == 0);
}

TEST_CASE("a claim whose signature was taken away is none of the key's") {
  const Place place("signing_key = \"seal.pem\"");
  REQUIRE(run({"openssl", "genpkey", "-algorithm", "ed25519", "-out", place.path("seal.pem")},
              place.path(""))
              .status == 0);
  REQUIRE(place.import("access.log", 12).status == 0);
  REQUIRE(place.claim("claim").status == 0);
  const std::string key = public_key_of(place);
  const Finished unvouched = place.ran({"verify", place.path("claim")});
  CHECK(unvouched.status == 0);
  CHECK(has(unvouched.out, "UNKNOWN  who wrote it: it is signed by " + key +
                               ", which nobody vouched for here: give --key"));
  fs::remove(place.path("claim/SHA256SUMS.sig"));
  const Finished stripped = place.ran({"verify", place.path("claim"), "--key", key});
  CHECK(stripped.status == 1);
  CHECK(has(stripped.out,
            "DIFFERS  SHA256SUMS.sig: is missing: expected a signature of SHA256SUMS "
            "with the key " +
                key));
}

TEST_CASE("the ledger's own seals are checked, month by month, and what was changed is named") {
  const Place place;
  REQUIRE(place.import("access.log", 12).status == 0);
  const Finished none = place.ran({"verify", "--agreement", "web"});
  CHECK(none.status == 0);
  CHECK(has(none.out, "UNKNOWN  seals: there is none yet"));
  REQUIRE(place.claim("claim").status == 0);

  const Finished whole = place.ran({"verify", "--agreement", "web", "--month", "2026-08"});
  INFO(whole.out << whole.err);
  CHECK(whole.status == 0);
  CHECK(has(whole.out, "agrees   every record of evidence fits its chain"));
  CHECK(has(whole.out, "agrees   revision 1 of web 2026-08, sealed at "));
  CHECK(has(place.ran({"verify", "--agreement", "web", "--month", "2026-07"}).out,
            "UNKNOWN  seals: there is none yet"));

  Other(place.path("recoup.db")).run("UPDATE evidence SET detail = 'GET /else'");
  const Finished changed = place.ran({"verify", "--agreement", "web"});
  INFO(changed.out);
  CHECK(changed.status == 1);
  CHECK(has(changed.out, "DIFFERS  evidence of the log import ("));
  CHECK(
      has(changed.out, "DIFFERS  revision 1 of web 2026-08: the evidence is not what was sealed"));
  CHECK(has(changed.out, "does not agree with itself"));
}

TEST_CASE("verify wants a folder or an agreement, and not both") {
  const Place place;
  CHECK(place.ran({"verify"}).status == 2);
  CHECK(place.ran({"verify", "claim", "--agreement", "web"}).status == 2);
  CHECK(place.ran({"verify", "claim", "--month", "2026-08"}).status == 2);
  CHECK(place.ran({"verify", "--agreement", "nobody"}).status == 2);
}

TEST_CASE(
    "verify says in one screen what it shows and what it cannot, and in its answer what of it") {
  const Place place;
  const Finished help = place.ran({"verify", "--help"});
  const auto at = help.out.find("What it shows of a claim's folder");
  REQUIRE(at != std::string::npos);
  const std::string screen = help.out.substr(at);
  CHECK(screen == read_text(TESTS_DIR "/golden/verify-shows.txt"));
  std::istringstream in(screen);
  int lines = 0;
  for (std::string line; std::getline(in, line); ++lines) CHECK(line.size() <= 80);
  CHECK(lines <= 40);

  REQUIRE(place.import("busy.log", 40).status == 0);
  REQUIRE(place.claim("claim").status == 0);
  const std::string claim = place.path("claim");
  const Finished verified = place.ran({"verify", claim});
  CHECK(verified.status == 0);
  CHECK(has(verified.out, "UNKNOWN  when it was recorded: the claim has no tokens"));
  CHECK(has(verified.out, "  signature   none\n  tokens      none\n  digests     none\n"));
  CHECK(has(verified.out, "It cannot show that this folder was not made up whole"));
  write_text(place.path("none.pem"), "no certificate");
  const Finished wrong = place.ran({"verify", claim, "--ca", place.path("none.pem")});
  CHECK(wrong.status == 2);
  CHECK(has(wrong.err, "expected certificates in PEM form, got none"));
}

// It goes to whoever receives a claim: what it is linked with, they must install.
TEST_CASE("recoup-verify says of a claim what recoup says, and is linked with little") {
  const fs::path verifier = fs::path(recoup_binary()).parent_path() / "recoup-verify";
  const Place place;
  REQUIRE(place.import("busy.log", 40).status == 0);
  REQUIRE(place.claim("claim").status == 0);
  const std::string claim = place.path("claim");
  const auto verified = [&](std::vector<std::string> words) {
    words.insert(words.begin(), verifier.string());
    return run(words, place.path(""));
  };
  const Finished agrees = verified({claim});
  CHECK(agrees.status == 0);
  CHECK(agrees.out == place.ran({"verify", claim}).out);
  CHECK(verified({place.path("nothing")}).status == 2);
  CHECK(verified({}).status == 2);
  write_text(claim + "/body.txt", read_text(claim + "/body.txt") + "And more.\n");
  const Finished differs = verified({claim});
  CHECK(differs.status == 1);
  CHECK(differs.out == place.ran({"verify", claim}).out);

  const Finished read = run({"readelf", "--wide", "--dynamic", verifier.string()}, place.path(""));
  REQUIRE(read.status == 0);
  const std::set<std::string> allowed{"date-tz", "tomlplusplus", "yaml-cpp", "fmt",   "gmp",
                                      "crypto",  "stdc++",       "m",        "gcc_s", "c"};
  static const std::regex kNeeded(R"(\(NEEDED\).*\[lib([^\]]+?)\.so)");
  std::size_t needed = 0;
  for (std::sregex_iterator one(read.out.begin(), read.out.end(), kNeeded), end; one != end;
       ++one) {
    INFO((*one)[1].str());
    CHECK(allowed.contains((*one)[1].str()));
    ++needed;
  }
  CHECK(needed > 5);
}

// What earlier programs wrote stays what it was: the figures must agree with any later one.
TEST_CASE(
    "claims that earlier programs wrote verify, and a figure that is changed in one is found") {
  const std::string verifier = (fs::path(recoup_binary()).parent_path() / "recoup-verify").string();
  const TempDir dir;
  std::size_t claims = 0;
  for (const auto& written : fs::directory_iterator(TESTS_DIR "/golden/written")) {
    INFO(written.path().filename().string());
    const Finished agrees = run({verifier, written.path().string()}, dir.path().string());
    INFO(agrees.out);
    CHECK(agrees.status == 0);
    CHECK(has(agrees.out, "the words are an earlier recoup's"));
    CHECK(has(agrees.out, "agrees   every figure of claim.json follows from its counts"));
    struct Edit {
      const char* file;
      const char* from;
      const char* to;
    };
    for (const Edit& edit :
         {Edit{"claim.json", "\"lower\": \"99.", "\"lower\": \"98."},
          Edit{"claim.json", "\"percent\": \"10\"", "\"percent\": \"25\""},
          Edit{"claim.json", "\"measured\": 8928", "\"measured\": 8927"},
          Edit{"claim.json", "\"safe\": \"2026-12", "\"safe\": \"2027-12"},
          Edit{"body.txt", "184.50", "984.50"}, Edit{"subject.txt", "SLA", "Urgent SLA"}}) {
      INFO(edit.file << ": " << edit.from);
      const fs::path forged = dir.path() / "forged";
      fs::remove_all(forged);
      fs::copy(written.path(), forged, fs::copy_options::recursive);
      std::string text = read_text((forged / edit.file).string());
      REQUIRE(text.find(edit.from) != std::string::npos);
      for (auto at = text.find(edit.from); at != std::string::npos; at = text.find(edit.from, at)) {
        text.replace(at, std::string(edit.from).size(), edit.to);
        at += std::string(edit.to).size();
      }
      write_text((forged / edit.file).string(), text);
      sum_again(forged);
      CHECK(run({verifier, forged.string()}, dir.path().string()).status == 1);
    }
    ++claims;
  }
  CHECK(claims >= 2);
}
