#include "service/import_trail.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "config/worth.h"
#include "core/classify.h"

namespace recoup::service {
namespace {

using core::Result;
using sources::TrailContent;
using sources::TrailFiles;
using sources::TrailShare;
using sources::TrailWish;

constexpr std::size_t kReaders = 2;
// A group is what one transaction writes: so many files, or so many events, whichever is reached
// first. What is read of it is held in memory.
constexpr std::size_t kMostFiles = 64;
constexpr std::size_t kMostEvents = 1 << 20;
constexpr std::size_t kEvidenceIsEvents = 10;  // a record takes as much memory

TrailWish wish_of(const TrailImport& import, const TrailImport::Target& target) {
  const config::AgreementSettings& settings = *target.agreement;
  TrailWish wish;
  wish.event_sources = settings.rule->event_sources;
  wish.account = settings.agreement.account;
  wish.region = settings.agreement.region;
  wish.key_stores = settings.key_stores;
  wish.worth = import.worth;
  wish.status_of = [&settings](std::string_view name) { return settings.status_of(name); };
  return wish;
}

// One for each thread that reads.
std::vector<TrailFiles> readers_of(const TrailImport& import) {
  std::vector<TrailFiles> readers;
  for (std::size_t i = 0; i < kReaders; ++i) {
    std::vector<TrailWish> wishes;
    for (const auto& target : import.targets) wishes.push_back(wish_of(import, target));
    readers.emplace_back(std::move(wishes), import.limit);
  }
  return readers;
}

// Leaves out what is not in the span; how much that was.
std::uint64_t narrow(TrailShare& share, const core::Interval& only) {
  auto& events = share.events.events;
  const auto outside = [&](const auto& one) { return !only.contains(one.at); };
  const std::uint64_t before = events.size();
  std::erase_if(events, outside);
  std::erase_if(share.events.evidence, outside);
  std::erase_if(share.events.marks, outside);
  return before - events.size();
}

// What is counted of a share after it was narrowed.
void add_up(const TrailShare& share, const core::Version* version, TrailPart& part) {
  const auto& outcomes = share.events.outcomes;
  std::vector<std::uint64_t> counts(outcomes.size());
  for (const record::Event& event : share.events.events) {
    ++counts[event.outcome];
    const core::Interval at{event.at, event.at + std::chrono::seconds(1)};
    part.span = part.span.empty() ? at
                                  : core::Interval{std::min(part.span.begin, at.begin),
                                                   std::max(part.span.end, at.end)};
  }
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    part.requests += counts[i];
    if (counts[i] > 0) part.outcomes.push_back({outcomes[i], counts[i]});
    const auto* answer = std::get_if<core::Answered>(&outcomes[i]);
    if (answer != nullptr && answer->indirect) part.indirect += counts[i];
    if (answer != nullptr && answer->key_store) part.key_store += counts[i];
    if (version == nullptr) continue;
    const auto verdict = core::verdict_if_counted(*version, outcomes[i])
                             .value_or(core::classify(*version, outcomes[i]).verdict);
    if (verdict == core::Verdict::error) part.errors += counts[i];
  }
}

record::ImportedFile entry_of(const TrailFileRead& read, const TrailPart& part,
                              const core::Interval& only, core::Instant now) {
  record::ImportedFile entry;
  entry.digest = read.content->digest;
  entry.bytes = read.content->bytes;
  entry.name = read.file;
  entry.lines = read.content->records;
  entry.requests = part.requests;
  entry.malformed = read.content->malformed;
  entry.own = read.content->own;
  entry.format = "cloudtrail";
  entry.records = part.requests;
  entry.errors = part.errors;
  entry.indirect = part.indirect;
  entry.span = part.span;
  entry.read = now;
  if (part.outside > 0) entry.only = only;
  return entry;
}

// Group is files that are read side by side and written in one transaction.
class Group {
 public:
  // `told`: how far all of the import is, guarded by the mutex.
  Group(ledger::FileStore& ledger, core::World world, const TrailImport& import,
        std::vector<TrailFiles>& readers, ImportProgress& told, std::mutex& told_mutex)
      : ledger_(ledger),
        world_(world),
        import_(import),
        readers_(readers),
        told_mutex_(told_mutex),
        told_(told) {}

  // Reads from files[begin] on; where the next group begins.
  std::size_t read(const std::vector<documents::InputFile>& files, std::size_t begin,
                   const OnImportProgress& progress) {
    const std::size_t end = std::min(files.size(), begin + kMostFiles);
    contents_.resize(end - begin);
    std::atomic<std::size_t> next{begin};
    std::atomic<std::size_t> events{0};
    const auto work = [&](TrailFiles& reader) {
      while (events < kMostEvents) {
        const std::size_t at = next++;
        if (at >= end) return;
        contents_[at - begin] = reader.read(files[at], nullptr);
        const auto& content = *contents_[at - begin];
        if (progress) tell(files[at], content, progress);
        if (!content) continue;
        for (const TrailShare& share : content->shares) {
          events += share.events.events.size() + kEvidenceIsEvents * share.events.evidence.size();
        }
      }
    };
    {
      std::vector<std::unique_ptr<core::Thread>> threads;
      for (std::size_t i = 1; i < readers_.size() && end - begin > 1; ++i) {
        threads.push_back(
            world_.threads.start("read", [&, i](const std::stop_token&) { work(readers_[i]); }));
      }
      work(readers_.front());
    }
    std::size_t done = 0;
    for (; done < contents_.size() && contents_[done]; ++done) {
      reads_.push_back({files[begin + done].name, core::Error{}, {}});
    }
    return begin + done;
  }

  // Puts all of it in the ledger, where it is to be kept.
  Result<void> write() {
    const core::Instant now = world_.clock.wall();
    std::vector<record::TrailFile> files;
    std::vector<std::pair<std::size_t, std::size_t>> places;  // in reads_ and in its parts
    for (std::size_t i = 0; i < reads_.size(); ++i) {
      TrailFileRead& read = reads_[i];
      auto shares = take(i);
      for (std::size_t target = 0; target < shares.size(); ++target) {
        TrailShare& share = shares[target];
        if (share.requests == 0 && share.events.marks.empty()) continue;
        const auto& settings = *import_.targets[target].agreement;
        read.heard.push_back(share.events.heard);
        TrailPart part;
        part.agreement = settings.agreement.id;
        part.outside = narrow(share, import_.only);
        part.evidence_dropped = share.evidence_dropped;
        add_up(share, settings.rule->in_force(core::Zone::utc().month_of(now)), part);
        if (part.requests + part.outside == 0 && share.events.marks.empty()) continue;
        places.emplace_back(i, read.parts.size());
        files.push_back({part.agreement, import_.targets[target].log,
                         entry_of(read, part, import_.only, now), std::move(share.events)});
        read.parts.push_back(std::move(part));
      }
    }
    if (files.empty()) return {};
    const auto added = ledger_.import_trail(files);
    if (!added) return added.error();
    for (std::size_t i = 0; i < places.size(); ++i) {
      TrailFileRead& read = reads_[places[i].first];
      read.parts[places[i].second].added = (*added)[i];
      const core::Interval& before = (*added)[i].read_only;
      if (before.begin > import_.only.begin || import_.only.end > before.end) {
        read.read_in_part = read_in_part(read.file, read.content->digest, before);
      }
    }
    return {};
  }

  const std::vector<TrailFileRead>& reads() const { return reads_; }

 private:
  void tell(const documents::InputFile& file, const Result<TrailContent>& content,
            const OnImportProgress& progress) {
    std::error_code failed;
    const std::uintmax_t size = std::filesystem::file_size(file.path, failed);
    const std::lock_guard lock(told_mutex_);
    told_.bytes.read += failed ? 0 : size;
    told_.records += content ? content->records : 0;
    progress(told_);
  }

  // Moves what was read of a file to where it is told of, but for its shares.
  std::vector<TrailShare> take(std::size_t i) {
    Result<TrailContent> content = std::move(*contents_[i]);
    std::vector<TrailShare> shares;
    if (content) shares = std::exchange(content->shares, {});
    reads_[i].content = std::move(content);
    return shares;
  }

  ledger::FileStore& ledger_;
  core::World world_;
  const TrailImport& import_;
  std::vector<TrailFiles>& readers_;
  std::vector<std::optional<Result<TrailContent>>> contents_;  // nothing: not read in this group
  std::vector<TrailFileRead> reads_;
  std::mutex& told_mutex_;
  ImportProgress& told_;  // of all groups
};

}  // namespace

bool TrailFileRead::is_new() const {
  return std::any_of(parts.begin(), parts.end(),
                     [](const TrailPart& part) { return part.added.is_new; });
}

bool can_have_trail(const config::AgreementSettings& agreement) {
  return !agreement.rule->event_sources.empty();
}

Result<void> import_trail(ledger::FileStore& ledger, core::World world, const TrailImport& import,
                          const std::vector<documents::InputFile>& files,
                          const std::function<void(const TrailFileRead&)>& each,
                          const OnImportProgress& progress) {
  std::vector<TrailFiles> readers = readers_of(import);
  ImportProgress told;
  std::mutex told_mutex;
  for (std::size_t at = 0; at < files.size();) {
    Group group(ledger, world, import, readers, told, told_mutex);
    at = group.read(files, at, progress);
    if (auto done = group.write(); !done) return done.error();
    for (const TrailFileRead& read : group.reads()) each(read);
  }
  return {};
}

}  // namespace recoup::service
