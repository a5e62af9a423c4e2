// Times and billing cycles as people say them.

#include <nlohmann/json.hpp>

#include "support/catch.h"
#include "system/folder.h"

using namespace recoup::test;
using nlohmann::json;

namespace {

std::string in_zurich() { return agreement("time_zone = \"Europe/Zurich\"\n"); }

}  // namespace

TEST_CASE("a time without an offset is by the clock of the agreement's billing cycle") {
  const Folder folder(in_zurich());
  folder.import();
  const Finished kept =
      folder.exclude("2026-06-03T04:00", "2026-06-03 04:05:30", {"--reason", "we did it"});
  CHECK(kept.status == 0);
  CHECK_HAS(kept.out, "web: excluded 2026-06-03T02:00:00Z to 2026-06-03T02:05:30Z: we did it");
  CHECK(folder.exclude("2026-06-03T04:00:00+02:00", "2026-06-03T02:05:30Z", {"--remove"}).status ==
        0);
  CHECK_HAS(folder.done({"explain", "--agreement", "web", "2026-06-03T04:01"}),
            "interval   2026-06-03T02:00:00Z to 2026-06-03T02:05:00Z");
  const Finished twice = folder.exclude("2026-10-25T02:30", "2026-10-25T04:00", {"--reason", "x"});
  CHECK(twice.status == 2);
  CHECK_HAS(twice.err, "say which one: 2026-10-25T00:30:00Z or 2026-10-25T01:30:00Z");
}

TEST_CASE("yesterday, today and now are times, and days where those are asked for") {
  const Folder folder(in_zurich());
  folder.import();
  CHECK(folder.exclude("yesterday", "today", {"--reason", "all day"}).status == 0);
  const json kept = json::parse(folder.done({"exclude", "--agreement", "web", "--list", "--json"}));
  REQUIRE(kept.size() == 1);
  const std::string from = kept[0]["from"];
  CHECK((from.ends_with("T22:00:00Z") || from.ends_with("T23:00:00Z")));
  CHECK(folder.exclude("yesterday", "today", {"--remove"}).status == 0);
  CHECK(folder.exclude("yesterday 14:20", "now", {"--reason", "until now"}).status == 0);
  CHECK(json::parse(folder.done({"explain", "--agreement", "web", "yesterday", "--json"}))
            .contains("intervals"));
  CHECK_HAS(folder.exclude("someday", "now", {"--reason", "x"}).err, "expected a time, got");
}

TEST_CASE("the running cycle and the last one have names") {
  const Folder folder;
  folder.import();
  const auto month = [&](const std::vector<std::string>& words) {
    return json::parse(folder.done(words)).at(0)["month"].get<std::string>();
  };
  const std::string now = month({"assess", "--month", "now", "--json"});
  const std::string last = month({"assess", "--month", "last", "--json"});
  CHECK(now == month({"assess", "--json"}));
  CHECK(last < now);
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"claim", "--agreement", "web", "--month", "last", "--check"},
           {"claims", "seal", "--month", "last"},
           {"claims", "unmark", "--agreement", "web", "--month", "last"},
           {"claims", "mark", "--agreement", "web", "--month", "last", "written"},
           {"charges", "--agreement", "web", "--month", "last"}}) {
    const Finished done = folder.recoup(words);
    INFO(words.front() << ' ' << done.out << done.err);
    // It is understood; that there is nothing to do or to show is another matter.
    CHECK(done.status == 1);
    CHECK_HAS(done.out + done.err, last);
  }
  CHECK(folder.recoup({"verify", "--agreement", "web", "--month", "last"}).status == 0);
  CHECK(folder.recoup({"estimate", "aws-kms", "region=us-east-1", "--month", "last"}).status == 0);
  const Finished wrong = folder.recoup({"assess", "--month", "next"});
  CHECK(wrong.status == 2);
  CHECK_HAS(wrong.err, "expected a month like 2026-10, or now or last, got 'next'");
}

TEST_CASE(
    "a time without an offset that several agreements have at different instants is refused") {
  const Folder folder(agreement() +
                      "[[agreement]]\nid = \"oss\"\nsla = \"alibaba-kms\"\n"
                      "account = \"1\"\nregion = \"eu-central-1\"\n");
  const auto add = [&](const std::string& begin, const std::vector<std::string>& more) {
    std::vector<std::string> words{"incident", "add",     "--provider", "aws",     "--service",
                                   "KMS",      "--title", "Errors",     "--begin", begin};
    words.insert(words.end(), more.begin(), more.end());
    return folder.recoup(words);
  };
  folder.import();
  const Finished refused = add("2026-06-03T10:00", {});
  CHECK(refused.status == 2);
  CHECK_HAS(refused.err, "expected a time with its offset from UTC, got one without");
  CHECK(add("2026-06-03T10:00Z", {}).status == 0);
  CHECK_HAS(add("2026-06-03T18:00", {"--agreement", "oss"}).out, "2026-06-03T10:00:00Z");
}
