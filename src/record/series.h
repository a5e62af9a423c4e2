#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace recoup::record {

// What kind of source counted a series.
enum class SeriesKind {
  probe,   // requests of our own, sent on a schedule from one vantage point
  file,    // a log file that was read once and whole
  stream,  // what goes on: a file that grows, a listener
  query,   // another engine that is asked for its counts
  sdk,     // what local processes report of their own requests, through AWS SDKs
};

// "probe", "log", "stream", "query", "sdk", as they stand in ledgers, seals and outputs: a file has
// been called a log from the first ledger on.
std::string_view to_text(SeriesKind kind);
std::optional<SeriesKind> parse_series_kind(std::string_view text);

// SeriesKey says where counts came from: what is counted together, which need not be one endpoint.
struct SeriesKey {
  std::string agreement;
  SeriesKind kind = SeriesKind::probe;
  std::string name;  // the id of the probe, log or query in the settings
  std::string part;  // a probe's and SDKs' vantage point; a file's digest; a query's engine

  auto operator<=>(const SeriesKey&) const = default;
};

// SeriesId is the ledger's number for a series.
using SeriesId = std::int64_t;

}  // namespace recoup::record
