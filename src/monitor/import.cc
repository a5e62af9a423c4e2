#include "monitor/import.h"

#include <map>
#include <utility>

namespace recoup::monitor {
namespace {

using core::Result;

std::vector<ledger::SeriesMinute> by_minute(const core::Tallies& tallies) {
  std::map<core::Minute, ledger::SeriesMinute> minutes;
  for (const auto& row : tallies.rows()) {
    ledger::SeriesMinute& minute = minutes[row.minute];
    minute.minute = row.minute;
    minute.counts.push_back({tallies.outcomes()[row.outcome], row.count});
  }
  std::vector<ledger::SeriesMinute> all;
  for (auto& [at, minute] : minutes) all.push_back(std::move(minute));
  return all;
}

ledger::Batch to_batch(const sources::LogContent& content) {
  ledger::Batch batch;
  batch.minutes = by_minute(content.tallies);
  batch.evidence.reserve(content.failures.size());
  for (std::size_t i = 0; i < content.failures.size(); ++i) {
    batch.evidence.push_back({0, content.failures[i]});
  }
  return batch;
}

}  // namespace

Result<Imported> import_log(ledger::Ledger& ledger, const LogSource& source,
                            const std::string& file, const sources::OnProgress& progress) {
  const auto files = ledger.files(source.agreement);
  if (!files) return files.error();
  std::vector<sources::KnownFile> known;
  for (const auto& one : *files) known.push_back({one.digest, one.bytes});

  auto content = sources::read_log(file, source.format, known, progress);
  if (!content) return content.error();
  Imported imported{*std::move(content), false};
  if (imported.content.known) return imported;

  const sources::LogContent& c = imported.content;
  const ledger::ImportedFile entry{c.digest,   c.bytes,     file, c.lines,
                                   c.requests, c.malformed, c.own};
  const auto added = ledger.import(source.agreement, source.log, entry, to_batch(c), c.replaces);
  if (!added) return added.error();
  imported.new_to_ledger = *added;
  return imported;
}

}  // namespace recoup::monitor
