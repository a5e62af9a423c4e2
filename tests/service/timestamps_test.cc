// The service has a third party sign the time: an authority on loopback that is there, away, and
// wrong in every way.

#include "service/timestamps.h"

#include <atomic>
#include <mutex>

#include "judge/stamps.h"
#include "ledger/open.h"
#include "record/digest.h"
#include "record/time_token.h"
#include "service/timestamp_post.h"
#include "support/captured_log.h"
#include "support/catch.h"
#include "support/fake_clock.h"
#include "support/loopback_server.h"
#include "support/process.h"
#include "support/temp_dir.h"
#include "support/time_authority.h"

using namespace recoup;
using namespace std::chrono_literals;
using recoup::test::TempDir;
using recoup::test::TimeAuthority;
using Reply = LoopbackServer::Reply;

namespace {

core::Instant at(const char* text) { return *core::parse_instant(text); }

const TimeAuthority& authority() {
  static const TimeAuthority one;
  return one;
}

// A ledger with some days of October, an authority, and the stamper between them.
class Stamping {
 public:
  explicit Stamping(const std::string& more = "", const TimeAuthority& by = authority())
      : settings_(read(more, by)),
        ledger_(*ledger::open_ledger(settings_->ledger, ledger::Missing::make)),
        beside_(*ledger_->beside()),
        stamper_(settings_, *beside_, clock, service::post_time_query) {}

  // So many requests in the minute.
  void count(const char* minute, std::uint64_t requests) {
    const auto series = *ledger_->series({"kms", record::SeriesKind::probe, "random", "berlin"});
    record::Batch batch;
    batch.minutes = {{series, core::minute_of(at(minute)), {{core::Answered{200}, requests}}}};
    batch.evidence = {{series, {at(minute), requests, core::Answered{503}, "id", 5ms, "", ""}}};
    REQUIRE(ledger_->write(batch).ok());
  }

  // Lets the clock pass, turn by turn.
  void pass(core::Millis time, core::Millis step = 30min) {
    for (core::Millis passed{0}; passed < time; passed += step) {
      clock.advance(step);
      stamper_.turn();
    }
  }

  void turn() { stamper_.turn(); }
  record::StampCounts counts() const { return stamper_.counts(); }
  std::uint64_t failures(const char* what) const {
    const auto all = counts().failures;
    return all.contains(what) ? all.at(what) : 0;
  }
  std::uint64_t waiting() const { return counts().agreements.at(0).waiting; }
  std::vector<judge::ReadStamp> stamps() { return *judge::read_stamps(*ledger_, "kms", {}); }
  ledger::Ledger& ledger() { return *ledger_; }
  std::size_t asked() const { return server_.requests().size(); }
  LoopbackServer::Request last() const { return server_.requests().back(); }

  // What the server does from here on; nothing: it answers as it should.
  void behave(std::function<Reply(const std::string& query)> how) {
    const std::lock_guard lock(mutex_);
    how_ = std::move(how);
  }
  Reply answered(const std::string& query, const TimeAuthority& by = authority()) const {
    return {200, {{"Content-Type", "application/timestamp-reply"}}, by.answer(query, clock.wall())};
  }

  FakeClock clock{at("2026-10-04T00:20:00Z")};

 private:
  Reply reply(const LoopbackServer::Request& request) {
    const std::lock_guard lock(mutex_);
    return how_ ? how_(request.body) : answered(request.body);
  }

  config::SharedSettings read(const std::string& more, const TimeAuthority& by) {
    const std::string text = "ledger = \"sqlite:ledger.db\"\n[timestamps]\nurl = \"" +
                             server_.url("/tsr") + "\"\nca = \"" + by.ca_file() + "\"\n" + more +
                             "[[agreement]]\nid = \"kms\"\nsla = \"aws-kms\"\n"
                             "account = \"123456789012\"\nregion = \"us-east-1\"\n";
    auto settings = config::parse_settings(text, dir_.file("recoup.toml"), {});
    if (!settings) FAIL(settings.error().message);
    return std::make_shared<const config::Settings>(*std::move(settings));
  }

  std::mutex mutex_;
  std::function<Reply(const std::string&)> how_;  // guarded by mutex_
  TempDir dir_;
  LoopbackServer server_{[this](const LoopbackServer::Request& request) { return reply(request); }};
  config::SharedSettings settings_;
  std::unique_ptr<ledger::Ledger> ledger_, beside_;
  service::Stamper stamper_;
};

}  // namespace

TEST_CASE(
    "each UTC day that is over has a token over its counts and chains, behind the one before") {
  Stamping world;
  world.count("2026-10-02T10:00:00Z", 60);
  world.count("2026-10-03T10:00:00Z", 61);
  world.turn();
  auto stamps = world.stamps();
  REQUIRE(stamps.size() == 2);
  CHECK(stamps[0].document.name() == "2026-10-02");
  CHECK(stamps[0].document.previous.empty());
  REQUIRE(stamps[0].document.sources.size() == 1);
  CHECK(stamps[0].document.sources[0].requests == 60);
  REQUIRE(stamps[0].document.chain.size() == 1);
  CHECK(stamps[0].document.chain[0].records == 2);
  CHECK(stamps[1].document.name() == "2026-10-03");
  CHECK(stamps[1].document.previous == record::sha256_hex(stamps[0].stamp.token));
  CHECK(stamps[1].stamp.at == at("2026-10-04T00:20:00Z"));
  CHECK(world.last().header("Content-Type") == "application/timestamp-query");
  CHECK(world.counts().tokens == 2);
  CHECK(world.counts().agreements[0].until == at("2026-10-04T00:00:00Z"));

  // The next one comes when its day is over, and no sooner.
  world.pass(23h);
  CHECK(world.asked() == 2);
  world.pass(2h);
  REQUIRE(world.stamps().size() == 3);
  CHECK(world.stamps()[2].document.sources.empty());
}

TEST_CASE("a token can be for several days") {
  Stamping world("every = \"2d\"\n");
  world.count("2026-10-01T10:00:00Z", 60);
  world.turn();
  REQUIRE(world.stamps().size() == 1);
  CHECK(world.stamps()[0].document.span ==
        core::Interval{at("2026-10-01T00:00:00Z"), at("2026-10-03T00:00:00Z")});
}

TEST_CASE("an authority that is away is asked again, later and later, and what is due comes then") {
  const test::CapturedLog log;
  Stamping world;
  world.count("2026-10-03T10:00:00Z", 60);
  world.behave([](const std::string&) { return Reply{503}; });
  world.turn();
  CHECK(world.failures("server") == 1);
  CHECK(world.waiting() == 1);
  CHECK(world.counts().failing.find("expected the status 200, got 503") != std::string::npos);
  world.pass(30min, 1min);
  CHECK(world.asked() == 5);  // after 1, 2, 4 and 8 minutes more
  world.pass(3 * 24h);
  const std::size_t before = world.asked();
  CHECK(before <= 5 + 3 * 24);
  CHECK(world.waiting() == 4);

  world.behave(nullptr);
  world.pass(2h);
  CHECK(world.waiting() == 0);
  CHECK(world.counts().failing.empty());
  const auto stamps = world.stamps();
  REQUIRE(stamps.size() == 4);
  CHECK(stamps[0].document.name() == "2026-10-03");
  CHECK(stamps[3].document.name() == "2026-10-06");
  CHECK(log.text().find("timestamps: tokens come again") != std::string::npos);
}

TEST_CASE("whatever is no token of what was asked is refused, told and counted") {
  struct Case {
    const char* what;
    std::function<Reply(const Stamping&, const std::string&)> answer;
    const char* counted;
    const char* words;
  };
  static const std::string old_query = record::time_query("another day");
  using Fault = TimeAuthority::Fault;
  static const TimeAuthority foreign("foreign"), expired("expired", Fault::expired),
      server("server", Fault::not_for_time);
  const std::vector<Case> cases{
      {"closed without a word",
       [](const Stamping&, const std::string&) {
         return Reply{200, {}, {}, LoopbackServer::Ending::drop};
       },
       "server", "expected an answer with a token, got none: "},
      {"a page",
       [](const Stamping&, const std::string&) {
         return Reply{200, {{"Content-Type", "text/html"}}, "<html>sign in</html>"};
       },
       "server", "expected application/timestamp-reply, got text/html"},
      {"a huge answer",
       [](const Stamping&, const std::string&) {
         return Reply{200, {}, std::string(5'000'000, 'x')};
       },
       "server", "expected an answer with a token, got none: an answer of more than 65536 bytes"},
      {"garbage",
       [](const Stamping&, const std::string&) {
         return Reply{200, {}, "garbage"};
       },
       "token", "expected a TimeStampResp of RFC 3161"},
      {"the token of another day, swapped in",
       [](const Stamping& at, const std::string&) { return at.answered(old_query); }, "token",
       "expected a token of the SHA-256"},
      {"the answer to an earlier query",
       [](const Stamping& world, const std::string& query) {
         static std::string first;
         if (first.empty()) first = query;
         return query == first ? Reply{500} : world.answered(first);
       },
       "token", "expected the nonce that was sent"},
      {"another authority",
       [](const Stamping& at, const std::string& query) { return at.answered(query, foreign); },
       "token", "got that of CN=foreign"},
      {"a certificate for servers",
       [](const Stamping& at, const std::string& query) { return at.answered(query, server); },
       "token", "got that of CN=server"},
      {"a time before the day was over",
       [](const Stamping&, const std::string& query) {
         return Reply{200, {}, authority().answer(query, at("2026-10-03T23:59:59Z"))};
       },
       "token", "expected a time after the days, got 2026-10-03T23:59:59Z"},
  };
  for (const Case& one : cases) {
    INFO(one.what);
    const test::CapturedLog log;
    Stamping world;
    world.count("2026-10-03T10:00:00Z", 60);
    world.behave([&](const std::string& query) { return one.answer(world, query); });
    world.pass(5min, 1min);
    CHECK(world.failures(one.counted) >= 1);
    CHECK(world.counts().failing.find(one.words) != std::string::npos);
    CHECK(log.text().find(one.words) != std::string::npos);
    CHECK(world.stamps().empty());
    CHECK(world.waiting() == 1);
    world.behave(nullptr);
    world.pass(1h, 5min);
    CHECK(world.stamps().size() == 1);
  }
  // Its own certificate, and it has expired.
  Stamping late("", expired);
  late.count("2026-10-03T10:00:00Z", 60);
  late.behave([&](const std::string& query) { return late.answered(query, expired); });
  late.turn();
  CHECK(late.counts().failing.find("certificate has expired") != std::string::npos);
  CHECK(late.stamps().empty());
}

TEST_CASE("a day that changed after it was stamped is stamped again, and says what changed") {
  const test::CapturedLog log;
  Stamping world;
  world.count("2026-10-03T10:00:00Z", 60);
  world.turn();
  world.count("2026-10-03T11:00:00Z", 40);
  auto stamped = *judge::stamped_time(world.ledger(), "kms",
                                      {at("2026-10-02T00:00:00Z"), at("2026-11-01T00:00:00Z")},
                                      world.clock.wall());
  REQUIRE(stamped.changed.size() == 1);
  CHECK(stamped.changed[0].begin == at("2026-10-03T00:00:00Z"));
  REQUIRE(stamped.missing.size() == 1);
  CHECK(stamped.missing[0] ==
        core::Interval{at("2026-10-02T00:00:00Z"), at("2026-10-03T00:00:00Z")});

  // It waits through a time in which the authority is away.
  world.pass(20h);
  world.behave([](const std::string&) { return Reply{503}; });
  world.pass(10h);
  CHECK(world.waiting() == 2);
  world.behave(nullptr);
  world.pass(2h);
  const auto stamps = world.stamps();
  REQUIRE(stamps.size() == 3);
  const auto& again = stamps[1].document.revision == 2 ? stamps[1] : stamps[2];
  CHECK(again.document.name() == "2026-10-03-r2");
  CHECK(again.document.reason ==
        "the probe random from berlin counts 100 Requests, and counted 60");
  CHECK(stamps[2].document.previous == record::sha256_hex(stamps[1].stamp.token));
  CHECK(world.counts().agreements[0].again == 1);
  CHECK(log.text().find("changed after it was stamped") != std::string::npos);
  stamped = *judge::stamped_time(world.ledger(), "kms",
                                 {at("2026-10-03T00:00:00Z"), at("2026-11-01T00:00:00Z")},
                                 world.clock.wall());
  CHECK(stamped.changed.empty());
  CHECK(stamped.missing.empty());
}

TEST_CASE("the newest seal of a cycle has a token of its own") {
  Stamping world;
  world.count("2026-10-03T10:00:00Z", 60);
  record::Seal seal;
  seal.agreement = "kms";
  seal.month = std::chrono::year(2026) / 9;
  seal.cycle = {at("2026-09-01T00:00:00Z"), at("2026-10-01T00:00:00Z")};
  seal.at = at("2026-10-02T00:00:00Z");
  seal.version = std::chrono::year(2022) / 11 / 29;
  seal.rule = "aws-kms";
  record::close_seal(seal, nullptr);
  REQUIRE(world.ledger().add_seal(seal).ok());
  world.turn();
  const auto stamps = world.stamps();
  REQUIRE(stamps.size() == 2);
  CHECK(stamps[1].document.name() == "seal-2026-09-r1");
  CHECK(stamps[1].document.seal->digest == seal.digest);
  world.pass(3h);
  CHECK(world.stamps().size() == 2);
}

TEST_CASE("plain openssl verifies what the service keeps") {
  Stamping world;
  world.count("2026-10-03T10:00:00Z", 60);
  world.turn();
  const auto stamps = world.stamps();
  REQUIRE(stamps.size() == 1);
  const TempDir dir;
  dir.write("day.json", stamps[0].stamp.document);
  dir.write("day.tsr", stamps[0].stamp.token);
  dir.write("ca.pem", stamps[0].stamp.chain);
  const auto ran = test::run({"openssl", "ts", "-verify", "-data", dir.file("day.json"), "-in",
                              dir.file("day.tsr"), "-CAfile", dir.file("ca.pem")},
                             dir.path().string());
  CHECK(ran.status == 0);
}
