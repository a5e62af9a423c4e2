// Who of several processes records, and who is the judge, whatever the ledger is kept in.
#include <algorithm>

#include "ledger/implementations.h"
#include "ledger/open.h"
#include "support/catch.h"
#include "support/temp_dir.h"

namespace {

using namespace recoup;
using ledger::Ledger;
using record::Holder;
using test::Implementation;

const core::Instant kTen = std::chrono::sys_days(std::chrono::year(2026) / 10 / 3);

record::Writer writer(const std::string& vantage, const std::string& host) {
  return {vantage, host, 4711, kTen};
}

std::unique_ptr<Ledger> open(const std::string& url) {
  auto opened = ledger::open_ledger(url);
  REQUIRE(opened.ok());
  return *std::move(opened);
}

// Nothing where nobody is noted for it.
std::optional<Holder> holder(Ledger& ledger, const std::string& vantage) {
  const auto all = ledger.holders();
  REQUIRE(all.ok());
  const auto found = std::find_if(all->begin(), all->end(),
                                  [&](const Holder& one) { return one.vantage == vantage; });
  return found == all->end() ? std::nullopt : std::optional(*found);
}

const std::vector<Implementation> kShared{test::kImplementations[0], test::kImplementations[2]};

}  // namespace

TEST_CASE("one of several is the judge, and all know who it is and whether it lives") {
  const Implementation& kind = GENERATE(from_range(kShared));
  CAPTURE(kind.name);
  const test::TempDir dir;
  const std::string url = kind.url(dir);
  auto first = open(url);
  auto second = open(url);
  CHECK_FALSE(holder(*second, "").has_value());
  CHECK(*first->leads(writer("berlin", "host1")));
  CHECK(*first->leads(writer("berlin", "host1")));
  CHECK_FALSE(*second->leads(writer("tokyo", "host2")));
  for (Ledger* each : {first.get(), second.get()}) {
    const auto judge = holder(*each, "");
    REQUIRE(judge.has_value());
    CHECK(judge->host == "host1");
    CHECK(judge->process == 4711);
    CHECK(judge->since == kTen);
    CHECK(judge->lives);
  }
  first.reset();
  CHECK_FALSE(holder(*second, "")->lives);
  CHECK(*second->leads(writer("tokyo", "host2")));
  CHECK(holder(*second, "")->host == "host2");
}

TEST_CASE("each vantage is one host's, and a second one is told whose") {
  const Implementation& kind = GENERATE(from_range(kShared));
  CAPTURE(kind.name);
  const test::TempDir dir;
  const std::string url = kind.url(dir);
  auto berlin = open(url);
  auto tokyo = open(url);
  const auto reader = open(url);
  REQUIRE(berlin->become_writer(writer("berlin", "host1")).ok());
  REQUIRE(tokyo->become_writer(writer("tokyo", "host2")).ok());
  CHECK(holder(*reader, "berlin")->lives);
  CHECK(holder(*reader, "tokyo")->host == "host2");
  // To ask is not to take.
  CHECK(*tokyo->leads(writer("tokyo", "host2")));
  if (kind.name != "PostgreSQL") {  // there a second one waits until the first has renewed
    const auto refused = open(url)->become_writer(writer("berlin", "host2"));
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().message.find("on host1") != std::string::npos);
  }
  tokyo.reset();
  CHECK_FALSE(holder(*reader, "tokyo")->lives);
  CHECK(holder(*reader, "berlin")->lives);
}

TEST_CASE("a ledger in memory has one judge and nobody else") {
  const auto ledger = open("sqlite::memory:");
  CHECK(*ledger->leads(writer("berlin", "host1")));
  CHECK(ledger->holders()->empty());
}
