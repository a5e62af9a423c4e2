// What the service tells its user, to a real server and a real program: each thing once.

#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "ledger/open.h"
#include "service/notify/deliver.h"
#include "service/notify/notifier.h"
#include "service/system_world.h"
#include "support/catch.h"
#include "support/contracts.h"
#include "support/fake_clock.h"
#include "support/loopback_server.h"
#include "support/process.h"
#include "support/temp_dir.h"

using namespace recoup;
using namespace std::chrono_literals;
using nlohmann::json;
using record::ClaimLife;
using record::ClaimState;

namespace {

const core::Month kOctober = std::chrono::year(2026) / 10;
constexpr const char* kSecretPath = "/services/T00/hunter2";

core::Instant at(const char* text) { return *core::parse_instant(text); }

ClaimLife claim(ClaimState state) {
  ClaimLife life;
  life.ground.agreement = "kms";
  life.ground.month = kOctober;
  life.ground.eligible = true;
  life.ground.amount = core::Money{core::Ratio(369, 2), "USD"};
  life.ground.deadline =
      core::DeadlineDates{at("2026-12-01T00:00:00Z"), at("2027-01-01T00:00:00Z")};
  life.state = state;
  life.asked = life.ground.amount;
  return life;
}

std::shared_ptr<report::Snapshot> snapshot_of(const std::vector<ClaimLife>& claims,
                                              const char* now = "2026-11-05T12:00:00Z") {
  auto snapshot = std::make_shared<report::Snapshot>();
  snapshot->ready = true;
  snapshot->at = at(now);
  record::PastCycles past;
  past.agreement = "kms";
  past.claims = claims;
  snapshot->past = {past};
  return snapshot;
}

std::vector<std::string> names_of(const report::Snapshot& snapshot) {
  std::vector<std::string> names;
  for (const service::Notice& notice : service::notices_of(snapshot)) names.push_back(notice.name);
  return names;
}

// Told is a notifier over a ledger on disk, whom it tells, and what there is to know.
struct Told {
  test::TempDir dir;
  FakeClock clock{at("2026-11-05T12:00:00Z")};
  std::shared_ptr<config::Settings> settings = std::make_shared<config::Settings>();
  std::shared_ptr<const report::Snapshot> known = snapshot_of({claim(ClaimState::claimable)});
  std::unique_ptr<ledger::Ledger> ledger;
  std::optional<service::Notifier> notifier;

  explicit Told(const std::string& webhook) {
    settings->notify.webhook = record::Secret(webhook);
    settings->notify.webhook_host = "http://127.0.0.1";
    settings->notify.timeout = 5s;
    restart();
  }

  void restart() {
    notifier.reset();
    ledger.reset();
    auto opened = ledger::open_ledger(*ledger::Address::parse("sqlite:" + dir.file("ledger.db")),
                                      ledger::Missing::make);
    REQUIRE(opened.ok());
    ledger = *std::move(opened);
    notifier.emplace(settings, *ledger, clock, [this] { return known; });
  }

  report::NoticeCounts turn() {
    notifier->turn({});
    return *notifier->counts();
  }
};

config::NotifySettings program(const test::TempDir& dir, const std::string& script) {
  const std::string path = dir.write("tell", "#!/bin/sh\n" + script);
  REQUIRE(chmod(path.c_str(), 0700) == 0);
  config::NotifySettings settings;
  settings.command = {path, "one word"};
  settings.timeout = 5s;
  return settings;
}

}  // namespace

TEST_CASE("what there is to know follows from where claims, cycles and logs stand") {
  using Names = std::vector<std::string>;
  const auto of = [](ClaimState state, const char* now = "2026-11-05T12:00:00Z") {
    ClaimLife life = claim(state);
    if (state == ClaimState::overdue) life.credit_due = at("2027-01-01T00:00:00Z");
    if (state == ClaimState::credited_in_part)
      life.credited = core::Money{core::Ratio(1107, 10), "USD"};
    return names_of(*snapshot_of({life}, now));
  };
  CHECK(of(ClaimState::claimable) == Names{"claimable/kms/2026-10"});
  CHECK(of(ClaimState::claimable, "2026-11-17T00:00:00Z") ==
        Names{"claimable/kms/2026-10", "deadline/kms/2026-10/14-days"});
  CHECK(of(ClaimState::written, "2026-11-16T23:59:59Z").empty());
  CHECK(of(ClaimState::written, "2026-11-28T00:00:00Z") == Names{"deadline/kms/2026-10/3-days"});
  CHECK(of(ClaimState::submitted, "2026-11-28T00:00:00Z").empty());
  CHECK(of(ClaimState::overdue, "2027-01-02T00:00:00Z") ==
        Names{"overdue/kms/2026-10/2027-01-01T00:00:00Z"});
  CHECK(of(ClaimState::credited_in_part) == Names{"credited_in_part/kms/2026-10/110.70 USD"});
  CHECK(of(ClaimState::credited).empty());
  CHECK(of(ClaimState::expired, "2027-01-02T00:00:00Z").empty());

  report::Snapshot running;
  auto judgement = std::make_shared<core::Judgement>();
  judgement->agreement.id = "kms";
  judgement->version = std::make_shared<const core::Version>(test::kms_like());
  judgement->assessment.cycle.month = kOctober;
  judgement->assessment.met = false;
  running.judgements = {judgement};
  CHECK(names_of(running).empty());
  judgement->assessment.breach_certain = true;
  CHECK(names_of(running) == Names{"breach_certain/kms/2026-10"});
  judgement->agreement.practice = true;
  CHECK(names_of(running).empty());

  record::FollowedLog log;
  log.agreement = "kms";
  log.log = "trail";
  report::Snapshot silent;
  silent.logs = {log};
  CHECK(names_of(silent).empty());
  silent.logs[0].silent_since = at("2026-11-05T10:00:00Z");
  CHECK(names_of(silent) == Names{"source_silent/kms/trail/2026-11-05T10:00:00Z"});
}

TEST_CASE("a notice is one object of JSON, in the form that README.md says") {
  ClaimLife part = claim(ClaimState::credited_in_part);
  part.submitted = at("2026-11-05T00:00:00Z");
  part.credited = core::Money{core::Ratio(1107, 10), "USD"};
  const auto notices = service::notices_of(*snapshot_of({part}));
  REQUIRE(notices.size() == 1);
  const json told = json::parse(service::notice_json(notices[0], at("2026-11-05T12:00:00Z")));
  CHECK(told["schema"] == 1);
  CHECK(told["kind"] == "credited_in_part");
  CHECK(told["at"] == "2026-11-05T12:00:00Z");
  CHECK(told["text"] ==
        "kms 2026-10: 110.70 USD was given, credited 60 % of the 184.50 USD asked for; dispute "
        "it.");
  CHECK(told["agreement"] == "kms");
  CHECK(told["month"] == "2026-10");
  CHECK(told["amount"] == json({{"amount", "184.50"}, {"currency", "USD"}}));
  CHECK(told["until"].is_null());
  CHECK(told["next"].get<std::string>().find("recoup claims mark") != std::string::npos);
}

TEST_CASE("a server is told once, with the headers of the settings, also after a restart") {
  LoopbackServer server([](const auto&) { return LoopbackServer::Reply{204}; });
  Told told(server.url(kSecretPath));
  told.settings->notify.headers = {{"X-From", "recoup", {}},
                                   {"Authorization", "", record::Secret("Bearer hunter2")}};
  CHECK(told.turn().accepted == 1);
  REQUIRE(server.requests().size() == 1);
  const auto request = server.requests()[0];
  CHECK(request.method == "POST");
  CHECK(request.target == kSecretPath);
  CHECK(request.header("content-type") == "application/json");
  CHECK(request.header("authorization") == "Bearer hunter2");
  CHECK(request.header("x-from") == "recoup");
  CHECK(json::parse(request.body)["kind"] == "claimable");

  told.turn();
  told.restart();
  CHECK(told.turn().accepted == 0);
  CHECK(server.requests().size() == 1);
  // What is new is told, and that alone.
  ClaimLife late = claim(ClaimState::claimable);
  told.known = snapshot_of({late}, "2026-11-29T00:00:00Z");
  CHECK(told.turn().accepted == 1);
  REQUIRE(server.requests().size() == 2);
  CHECK(json::parse(server.requests()[1].body)["name"] == "deadline/kms/2026-10/3-days");
}

TEST_CASE("a server that refuses is tried again, later each time, until it accepts") {
  std::atomic<int> status = 503;
  LoopbackServer server([&](const auto&) {
    return LoopbackServer::Reply{status, {}, "token=hunter2"};
  });
  Told told(server.url(kSecretPath));
  report::NoticeCounts counts = told.turn();
  CHECK(counts.failed == 1);
  CHECK(counts.waiting == 1);
  CHECK(counts.problem == "it answered with the status 503");
  for (const auto& [wait, tries] :
       {std::pair(59s, 1u), {1s, 2u}, {119s, 2u}, {1s, 3u}, {239s, 3u}}) {
    told.clock.advance(wait);
    told.turn();
    CHECK(server.requests().size() == tries);
  }
  status = 200;
  told.clock.advance(1s);
  counts = told.turn();
  CHECK(counts.accepted == 1);
  CHECK(counts.waiting == 0);
  CHECK(counts.problem.empty());
  for (int i = 0; i < 20; ++i) told.clock.advance(1h), told.turn();
  CHECK(server.requests().size() == 4);
}

TEST_CASE("who cannot be reached is a failure in words without the address") {
  Told told("http://127.0.0.1:1/hunter2?token=hunter2");
  const report::NoticeCounts counts = told.turn();
  CHECK(counts.failed == 1);
  CHECK_FALSE(counts.problem.empty());
  CHECK(counts.problem.find("hunter2") == std::string::npos);
  CHECK(counts.target.find("hunter2") == std::string::npos);
}

TEST_CASE("nothing is told before the first assessment, and nobody where the settings name none") {
  LoopbackServer server([](const auto&) { return LoopbackServer::Reply{}; });
  Told told(server.url());
  auto early = snapshot_of({claim(ClaimState::claimable)});
  early->ready = false;
  told.known = early;
  told.turn();
  CHECK(server.requests().empty());
  told.known = snapshot_of({claim(ClaimState::claimable)});
  told.notifier->exchange(std::make_shared<config::Settings>());
  told.notifier->turn({});
  CHECK_FALSE(told.notifier->counts());
  CHECK(server.requests().empty());
}

TEST_CASE("a program gets the notice on its standard input, and what it ends with counts") {
  const test::TempDir dir;
  const service::SystemClock clock;
  const std::string out = dir.file("out");
  const auto good = program(dir, "cat > '" + out + "'; echo \"$1\" >> '" + out + "'\n");
  CHECK(service::deliver(good, R"({"kind":"test"})", clock, {}).ok());
  CHECK(test::read_text(out) == "{\"kind\":\"test\"}\none word\n");

  const auto bad = service::deliver(program(dir, "echo hunter2 >&2; exit 3\n"), "{}", clock, {});
  CHECK(bad.error().message == "it ended with the status 3");
  auto slow = program(dir, "exec sleep 60\n");
  slow.timeout = 200ms;
  CHECK(service::deliver(slow, "{}", clock, {}).error().message == "it did not end within 200ms");
  config::NotifySettings missing;
  missing.command = {"recoup-no-such-program"};
  CHECK(service::deliver(missing, "{}", clock, {})
            .error()
            .message.starts_with("it could not be started"));
}

TEST_CASE("a stop ends the waiting for a server that does not answer") {
  LoopbackServer server([](const auto&) {
    LoopbackServer::Reply reply;
    reply.delay = 60s;
    return reply;
  });
  config::NotifySettings settings;
  settings.webhook = record::Secret(server.url());
  settings.timeout = 120s;
  std::stop_source stop;
  const service::SystemClock clock;
  std::optional<core::Result<void>> done;
  std::jthread telling([&] { done = service::deliver(settings, "{}", clock, stop.get_token()); });
  REQUIRE(eventually([&] { return !server.requests().empty(); }));
  stop.request_stop();
  telling.join();
  CHECK_FALSE(done->ok());
}
