// What a third party signed of a claim's time: in the folder, by plain openssl, and what verify
// finds of whoever changes it.

#include "claim/timestamps.h"

#include "claim/folder.h"
#include "claim/notes.h"
#include "record/digest.h"
#include "record/time_token.h"
#include "support/process.h"
#include "support/time_authority.h"

using namespace recoup;
using recoup::test::ClaimFolder;
using recoup::test::ClaimWorld;
using recoup::test::joined;
using recoup::test::leaves_open;
using recoup::test::names;
using recoup::test::TimeAuthority;

namespace {

constexpr core::Millis kDay = std::chrono::hours(24);

const TimeAuthority& authority() {
  static const TimeAuthority one;
  return one;
}

// The month's counts as one probe's.
record::SourceTallies source_of(const ClaimWorld& world, const core::Interval& days) {
  record::SourceTallies source{{record::SeriesKind::probe, "generate-random"}, "office-berlin", {}};
  const core::Tallies all = world.all();
  for (const core::Tallies::Row& row : all.rows()) {
    if (days.contains(core::Instant(row.minute))) {
      source.tallies.add(row.minute, all.outcomes()[row.outcome], row.count);
    }
  }
  return source;
}

record::ReadStamp stamp_of(record::StampDocument document, const std::string& previous,
                           const TimeAuthority& by = authority()) {
  document.previous = previous.empty() ? "" : record::sha256_hex(previous);
  const std::string text = record::canonical_stamp(document);
  const core::Instant at = document.span.end + std::chrono::minutes(11);
  return {{document.agreement, document.span, at, text, by.answer(record::time_query(text), at),
           by.ca()},
          document};
}

// Of every day of the month but those before `first`.
std::shared_ptr<const record::StampedTime> stamped(const ClaimWorld& world, int first = 0,
                                                   const TimeAuthority& by = authority()) {
  auto time = std::make_shared<record::StampedTime>();
  std::string previous;
  for (int day = first; day < 31; ++day) {
    record::StampDocument document;
    document.agreement = world.agreement.id;
    document.span = {world.cycle.span.begin + day * kDay,
                     world.cycle.span.begin + (day + 1) * kDay};
    const record::SourceTallies source = source_of(world, document.span);
    document.sources = {record::stamped_source(source)};
    time->stamps.push_back(stamp_of(document, previous, by));
    time->texts[document.span.begin] = record::canonical_source(source);
    previous = time->stamps.back().stamp.token;
  }
  if (world.seal) {
    record::StampDocument document;
    document.agreement = world.agreement.id;
    document.span = world.cycle.span;
    document.seal = record::StampedSeal{world.seal->month, 1, world.seal->digest};
    time->stamps.push_back(stamp_of(document, previous, by));
  }
  time->missing = record::uncovered(world.cycle.span, time->stamps);
  return time;
}

ClaimWorld breach() {
  ClaimWorld world;
  world.fail({600, 60, 12, 12});
  world.seal_it();
  return world;
}

const ClaimWorld& stamped_breach() {
  static const ClaimWorld world = [] {
    ClaimWorld made = breach();
    made.stamps = stamped(made);
    return made;
  }();
  return world;
}

std::vector<std::string> summed(const ClaimFolder& folder) {
  std::vector<std::string> names;
  std::istringstream lines(folder.read("SHA256SUMS"));
  for (std::string line; std::getline(lines, line);) names.push_back(line.substr(66));
  return names;
}

// Takes a file out of the folder, of claim.json and of SHA256SUMS.
void take_out(const ClaimFolder& folder, const std::string& name) {
  std::vector<std::string> left = summed(folder);
  std::erase(left, name);
  std::filesystem::remove(folder.path() + '/' + name);
  std::string json = folder.read("claim.json");
  const auto at = json.find("    {\n      \"name\": \"" + name + '"');
  REQUIRE(at != std::string::npos);
  json.erase(at, json.find("},\n", at) + 3 - at);
  folder.write("claim.json", json);
  folder.sum_again(left);
}

}  // namespace

TEST_CASE(
    "a claim carries its tokens, and verify counts every interval again from what was signed") {
  const ClaimFolder folder(stamped_breach());
  const auto trusted = folder.verify("", authority().ca());
  CHECK(joined(trusted) == "");
  CHECK(std::any_of(trusted.agreed.begin(), trusted.agreed.end(), [](const std::string& line) {
    return line.starts_with("32 tokens, signed by CN=test authority (certificate ") &&
           line.ends_with("; 8928 of 8928 intervals counted again from them");
  }));
  CHECK_FALSE(leaves_open(trusted, "whose the tokens are"));
  CHECK_FALSE(leaves_open(trusted, "when it was recorded"));
  CHECK(leaves_open(trusted, "that the counts were true when they were signed"));
  CHECK(trusted.basis.tokens == claim::Basis::Trust::vouched);
  const auto plain = folder.verify();
  CHECK(joined(plain) == "");
  CHECK(leaves_open(plain, "whose the tokens are: they rest on the certificates in"));
  CHECK(plain.basis.tokens == claim::Basis::Trust::unvouched);
  // Under another authority's certificate none of them holds.
  static const TimeAuthority foreign("foreign");
  CHECK(
      names(folder.verify("", foreign.ca()), "timestamps/2026-10-01.tsr: expected a certificate"));
  const std::string body = folder.read("body.md");
  CHECK(body.find("32 tokens by RFC 3161, from 2026-10-02T00:11:00Z") != std::string::npos);
}

TEST_CASE("the tokens of a claim are verified by plain openssl") {
  const ClaimFolder folder(stamped_breach());
  const auto verify = [&](const std::string& data, const std::string& token) {
    return test::run({"openssl", "ts", "-verify", "-data", folder.path() + "/timestamps/" + data,
                      "-in", folder.path() + "/timestamps/" + token, "-CAfile",
                      folder.path() + "/timestamps/ca.pem"},
                     folder.path())
        .status;
  };
  CHECK(verify("2026-10-03.json", "2026-10-03.tsr") == 0);
  CHECK(verify("seal-2026-10-r1.json", "seal-2026-10-r1.tsr") == 0);
  CHECK(verify("2026-10-03.json", "2026-10-04.tsr") != 0);
}

TEST_CASE("days without a token are said, in the claim and by verify") {
  ClaimWorld world = breach();
  world.stamps = stamped(world, 3);
  const ClaimFolder folder(world);
  CHECK(joined(folder.verify()) == "");
  CHECK(leaves_open(folder.verify(), "when 2026-10-01 to 2026-10-03 was recorded: there is no"));
  CHECK(folder.read("body.md").find("Without a token: 2026-10-01 to 2026-10-03.") !=
        std::string::npos);
  CHECK(claim::notes_text(world.claim(), "claim").find("No third party signed the time of") !=
        std::string::npos);
  const ClaimFolder none(breach());
  CHECK(leaves_open(none.verify(), "when it was recorded: the claim has no tokens"));
}

TEST_CASE("a day that changed after it was signed is said as such, and not taken for signed") {
  ClaimWorld world = breach();
  auto time = std::make_shared<record::StampedTime>(*stamped(world));
  const core::Instant third = world.cycle.span.begin + 2 * kDay;
  auto source = source_of(world, {third, third + kDay});
  source.tallies.add(core::minute_of(third), core::Answered{404}, 1);
  time->texts[third] = record::canonical_source(source);
  {
    world.stamps = time;
    const ClaimFolder folder(world);
    CHECK(names(folder.verify(), "timestamps/2026-10-03.tallies: expected the counts that"));
  }
  time->changed = {{third, third + kDay}};
  world.stamps = time;
  const ClaimFolder folder(world);
  CHECK(joined(folder.verify()) == "");
  CHECK(leaves_open(folder.verify(),
                    "the counts of 2026-10-03: they changed after they were signed"));
}

TEST_CASE("whoever changes what was signed is found, however consistent the folder is") {
  struct Forgery {
    const char* what;
    std::function<void(const ClaimFolder&)> commit;
    const char* found;
  };
  const auto edit = [](const char* file, const char* from, const char* to) {
    return [=](const ClaimFolder& folder) { folder.replace(file, from, to); };
  };
  const std::vector<Forgery> forgeries{
      {"a day's counts",
       edit("timestamps/2026-10-03.tallies", " 503/KMSInternalException 12",
            " 503/KMSInternalException 11"),
       "timestamps/2026-10-03.tallies: expected the counts that"},
      {"a day's document", edit("timestamps/2026-10-03.json", "\"requests\": ", "\"requests\": 1"),
       "timestamps/2026-10-03.tsr: expected a token of the SHA-256"},
      {"the token of another day",
       [](const ClaimFolder& folder) {
         folder.write("timestamps/2026-10-03.tsr", folder.read("timestamps/2026-10-04.tsr"));
       },
       "timestamps: expected tokens of which each names the one before it"},
      {"a token that is garbage",
       [](const ClaimFolder& folder) { folder.write("timestamps/2026-10-31.tsr", "garbage"); },
       "timestamps: expected tokens of which each names the one before it"},
      {"the certificates",
       [](const ClaimFolder& folder) {
         static const TimeAuthority foreign("foreign");
         folder.write("timestamps/ca.pem", foreign.ca());
       },
       "timestamps/2026-10-01.tsr: expected a certificate"},
      {"a token taken out of the middle",
       [](const ClaimFolder& folder) {
         for (const char* name : {"timestamps/2026-10-03.json", "timestamps/2026-10-03.tsr",
                                  "timestamps/2026-10-03.tallies"}) {
           take_out(folder, name);
         }
       },
       "timestamps: expected tokens of which each names the one before it"},
      {"the first token taken out, and not said",
       [](const ClaimFolder& folder) {
         for (const char* name : {"timestamps/2026-10-01.json", "timestamps/2026-10-01.tsr",
                                  "timestamps/2026-10-01.tallies"}) {
           take_out(folder, name);
         }
       },
       "claim.json: expected the days without a token that there are"},
      {"a day called changed",
       edit("claim.json", "\"changed\": []",
            "\"changed\": [{\"begin\": \"2026-10-03T00:00:00Z\", \"end\": "
            "\"2026-10-04T00:00:00Z\"}]"),
       "claim.json: expected 2026-10-03 as signed, got it as changed since"},
  };
  for (const Forgery& forgery : forgeries) {
    INFO(forgery.what);
    const ClaimFolder folder(stamped_breach());
    forgery.commit(folder);
    folder.sum_again(summed(folder));
    const auto found = folder.verify();
    INFO(joined(found));
    CHECK(names(found, forgery.found));
  }
}

TEST_CASE("a claim made anew over tokens that are genuine is found by its counts") {
  // Whoever has this program writes a claim of an outage that never was, beside the day's tokens.
  ClaimWorld world = breach();
  const auto genuine = stamped(world);
  world.fail({700, 60, 12, 12});
  world.seal = {};
  world.seal_it();
  world.stamps = genuine;
  const ClaimFolder folder(world);
  const auto found = folder.verify("", authority().ca());
  CHECK(names(found,
              "claim.json: expected 60 Requests and 0 Errors in the interval "
              "2026-10-03T10:20:00Z, by the counts that were signed, got 60 and 12"));
  CHECK(names(found, "than were signed"));
  CHECK(names(found, "of the seal in claim.json"));
  // By tokens of his own it agrees, and only not under a certificate that the reader trusts.
  static const TimeAuthority own("his own");
  world.stamps = stamped(world, 0, own);
  const ClaimFolder made_up(world);
  CHECK(joined(made_up.verify()) == "");
  CHECK(leaves_open(made_up.verify(), "whose the tokens are"));
  CHECK_FALSE(made_up.verify("", authority().ca()).ok());
  // Stripped, it is one of which nobody signed the time.
  world.stamps = nullptr;
  CHECK(leaves_open(ClaimFolder(world).verify(), "when it was recorded: the claim has no tokens"));
}

TEST_CASE("names that look confidential keep the tokens out of the claim, and the notes say so") {
  ClaimWorld world = breach();
  auto time = std::make_shared<record::StampedTime>(*stamped(world));
  time->stamps[0].document.sources[0].name = "AKIAIOSFODNN7EXAMPLE";
  world.stamps = time;
  const ClaimFolder folder(world);
  CHECK_FALSE(std::filesystem::exists(folder.path() + "/timestamps"));
  CHECK(joined(folder.verify()) == "");
  CHECK(claim::notes_text(world.claim(), "claim").find("look confidential") != std::string::npos);
}
