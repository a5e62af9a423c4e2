#include "record/series.h"

#include "support/catch.h"

using namespace recoup::record;

TEST_CASE("kinds of series have the names that ledgers have always had") {
  CHECK(to_text(SeriesKind::probe) == "probe");
  CHECK(to_text(SeriesKind::file) == "log");
  for (const auto kind :
       {SeriesKind::probe, SeriesKind::file, SeriesKind::stream, SeriesKind::query}) {
    CHECK(parse_series_kind(to_text(kind)) == kind);
  }
  CHECK(parse_series_kind("file") == std::nullopt);
}
