// What other engines answer that are asked for their counts.

#include "fuzz/fuzz.h"
#include "sources/query/engine.h"

using namespace recoup;
using recoup::test::fuzz;

namespace {

const core::Interval kHour{*core::parse_instant("2026-06-03T02:00:00Z"),
                           *core::parse_instant("2026-06-03T03:00:00Z")};

int status_of(std::string_view name) { return name == "ThrottlingException" ? 400 : 0; }

// What was counted lies in the span that was asked for.
void look_at(const sources::QueryCounts& counts) {
  for (const auto& [minute, outcomes] : counts.minutes) {
    REQUIRE(kHour.contains(core::Instant(minute)));
    for (const auto& [outcome, count] : outcomes) REQUIRE_FALSE(core::to_text(outcome).empty());
  }
}

}  // namespace

TEST_CASE("no answer of ClickHouse breaks its reader", "[query-clickhouse]") {
  fuzz({"1780452000\t200\t5\n1780452060\t503/SlowDown\t18446744073709551615\n",
        "1780452000\\t\terror/ThrottlingException\t1\n\\N\t\\N\t\\N\n"},
       [](const std::string& text) {
         sources::CountRows rows(kHour, status_of, nullptr);
         const sources::OnRow each = [&rows](const std::vector<std::string_view>& row) {
           rows.add(row[0], row[1], row[2]);
           (void)sources::evidence_of_row(row[0], row[1], row[2], status_of);
         };
         sources::TabSeparated lines(3, each);
         const std::string_view whole = text;
         const std::size_t half = text.size() / 2;
         if (lines.take(whole.substr(0, half)).ok() && lines.take(whole.substr(half)).ok()) {
           (void)lines.end();
         }
         look_at(rows.take());
       });
}

TEST_CASE("no answer of Prometheus breaks its reader", "[query-prometheus]") {
  sources::Query query;
  query.engine = sources::QueryEngine::prometheus;
  query.label = "code";
  fuzz({R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{"code":"200"},)"
        R"("values":[[1780452060,"1.5"],[1780452120.781,"2e3"],[1780452180,"NaN"]]},)"
        R"({"metric":{"code":"503"},"values":[[1780452060,"0"],[1780455600,"7"]]}]}})",
        R"({"status":"error","errorType":"bad_data","error":"parse error"})"},
       [&](const std::string& text) {
         sources::CountRows rows(kHour, status_of, nullptr);
         std::vector<core::Interval> unmeasured;
         (void)sources::read_matrix(query, kHour, text, rows, unmeasured);
         look_at(rows.take());
       });
}

TEST_CASE("no words of an engine break what is shown of them, or show the password",
          "[engine-words]") {
  fuzz({"Code: 516. DB::Exception: default: Authentication failed: password planted-secret",
        "FATAL:  password authentication failed\nfor user \"u\"\tplanted-secretplanted-secret"},
       [](const std::string& text) {
         const std::string shown = sources::engine_words(text, "planted-secret");
         REQUIRE(shown.find("planted-secret") == std::string::npos);
         REQUIRE(shown.find('\n') == std::string::npos);
       });
}
