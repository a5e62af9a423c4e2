#include "service/follow/trail_log.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "record/digest.h"
#include "sources/logs/format.h"

namespace recoup::service {
namespace {

using core::Result;
using namespace std::chrono_literals;

// A look reads so many files: then others have their turn.
constexpr std::size_t kMostFilesOfALook = 256;

// A file is read when it has been as it is for so long: whoever brings it may still be writing.
constexpr auto kWrittenAfter = 10s;

constexpr auto kForgetFilesAfter = std::chrono::days(32);

constexpr auto kJudgedAfter = 1h;

// Who reads: where an agreement joins, or others want other things, all files are read anew.
std::string reader_of(const std::vector<TrailLog::Target>& targets) {
  std::string text;
  for (const TrailLog::Target& target : targets) {
    const auto& agreement = target.agreement->agreement;
    text +=
        fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n", agreement.id, agreement.sla, agreement.account,
                    agreement.region, target.log->id, fmt::join(target.agreement->key_stores, " "));
  }
  return fmt::format("trail {} {}", record::sha256_hex(text), targets.front().log->path);
}

record::SeriesKey silence_of(const TrailLog::Target& target) {
  return {target.agreement->agreement.id, record::SeriesKind::stream, sources::kTrailFormat,
          "silence of " + target.log->id};
}

// When the file told of something: from and to, for one agreement or for the account as a whole.
std::vector<core::Minute> minutes_of(const TrailPart* part, core::Instant heard) {
  std::set<core::Minute> minutes;
  if (part != nullptr && !part->span.empty()) {
    minutes.insert(core::minute_of(part->span.begin));
    minutes.insert(core::minute_of(part->span.end - core::Millis(1)));
  }
  if (heard > core::Instant()) minutes.insert(core::minute_of(heard));
  return {minutes.begin(), minutes.end()};
}

}  // namespace

TrailLog::TrailLog(std::vector<Target> targets, const FollowContext& context,
                   const TrailLog* before)
    : targets_(std::move(targets)),
      context_(context),
      reader_(reader_of(targets_)),
      shares_(targets_.size()),
      problems_("cloudtrail") {
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    shares_[i].counts.agreement = targets_[i].agreement->agreement.id;
    shares_[i].counts.log = targets_[i].log->id;
    shares_[i].counts.format = sources::kTrailFormat;
  }
  if (before == nullptr || before->reader_ != reader_ || !before->has_begun_) return;
  has_begun_ = true;
  files_ = before->files_;
  calm_ = before->calm_;
  problems_ = before->problems_;
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    const Silence& silence = *before->shares_[i].silence;
    shares_[i].counts = before->shares_[i].counts;
    shares_[i].silence.emplace(targets_[i].log->silent_after, silence.newest(), silence.times(),
                               wall());
  }
}

Result<void> TrailLog::begin() {
  if (has_begun_) return {};
  auto known = context_.ledger.followed(reader_);
  if (!known) return known.error();
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    auto silent = context_.ledger.silence(silence_of(targets_[i]));
    if (!silent) return silent.error();
    const auto read = context_.ledger.files(shares_[i].counts.agreement);
    if (!read) return read.error();
    auto& newest = shares_[i].counts.newest;
    for (const record::ImportedFile& file : *read) {
      if (file.format != sources::kTrailFormat || file.span.empty()) continue;
      newest = std::max(newest.value_or(file.span.end), file.span.end);
    }
    shares_[i].silence.emplace(targets_[i].log->silent_after, newest, *std::move(silent), wall());
  }
  for (record::FollowedFile& file : *known) files_[file.path] = std::move(file);
  has_begun_ = true;
  return {};
}

Result<bool> TrailLog::look(const std::stop_token& stop) {
  if (auto done = begin(); !done) return done.error();
  const auto found = found_files(path());
  if (!found && std::exchange(nothing_found_, found.error().message) != found.error().message) {
    spdlog::warn("log cloudtrail: {}: {}", path(), found.error().message);
  }
  const std::vector<FoundFile> all = found ? *found : std::vector<FoundFile>();
  std::vector<FoundFile> files = unread(all);
  const bool has_more = files.size() > kMostFilesOfALook;
  if (has_more) files.resize(kMostFilesOfALook);
  if (!files.empty() && !stop.stop_requested()) {
    if (auto done = read(files); !done) return done.error();
  }
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    if (auto done = tell(shares_[i], targets_[i], {}); !done) return done.error();
    shares_[i].counts.files = all.size();
    problems_.show(shares_[i].counts);
  }
  if (auto done = forget_gone(all); !done) return done.error();
  return has_more;
}

// What is not as it was when it was read, and changes no more.
std::vector<FoundFile> TrailLog::unread(const std::vector<FoundFile>& found) {
  std::vector<FoundFile> files;
  for (const FoundFile& one : found) {
    const auto known = files_.find(one.path);
    if (known != files_.end() && known->second.size == one.facts.size &&
        known->second.changed_ns == one.facts.changed_ns &&
        known->second.inode == one.facts.inode) {
      continue;
    }
    if (calm_.since(one, mono()) < kWrittenAfter || !problems_.is_due(one, mono())) continue;
    files.push_back(one);
  }
  return files;
}

Result<void> TrailLog::read(const std::vector<FoundFile>& files) {
  TrailImport import;
  import.worth = context_.worth;
  std::vector<documents::InputFile> paths;
  for (const Target& target : targets_)
    import.targets.push_back({target.agreement, target.log->id});
  for (const FoundFile& one : files) paths.emplace_back(one.path);
  Result<void> noted;
  std::size_t next = 0;
  std::vector<record::FollowedFile> states;
  const auto each = [&](const TrailFileRead& read) {
    const FoundFile& found = files[next++];
    if (!read.content) {
      problems_.tell(found, FileProblems::Kind::unreadable, read.content.error(), mono());
      return;
    }
    problems_.clear(found.path, FileProblems::Kind::unreadable);
    calm_.forget(found.path);
    if (noted) noted = note(found, read);
    record::FollowedFile state;
    if (const auto known = files_.find(found.path); known != files_.end())
      state.id = known->second.id;
    state.reader = reader_;
    state.path = found.path;
    state.device = found.facts.device;
    state.inode = found.facts.inode;
    state.size = found.facts.size;
    state.changed_ns = found.facts.changed_ns;
    states.push_back(std::move(state));
  };
  const auto done = import_trail(context_.ledger, context_.world, import, paths, each, nullptr);
  if (!noted) return noted;
  // What is lost here is read again, and known by its digest.
  const auto ids = context_.ledger.note_followed(states, {});
  if (!ids) return ids.error();
  for (std::size_t i = 0; i < states.size(); ++i) {
    states[i].id = (*ids)[i];
    files_[states[i].path] = states[i];
  }
  return done;
}

Result<void> TrailLog::note(const FoundFile& found, const TrailFileRead& read) {
  const sources::TrailContent& content = *read.content;
  const bool is_malformed = content.malformed * 10 > content.records;
  if (is_malformed) {
    problems_.tell(found, FileProblems::Kind::malformed,
                   {"expected a tenth of the records malformed at most, got more"}, mono());
  } else {
    problems_.clear(found.path, FileProblems::Kind::malformed);
  }
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    record::FollowedLog& counts = shares_[i].counts;
    counts.bytes += content.bytes;
    counts.malformed += content.malformed;
    const auto part = std::find_if(read.parts.begin(), read.parts.end(), [&](const TrailPart& one) {
      return one.agreement == counts.agreement;
    });
    const TrailPart* own = part == read.parts.end() ? nullptr : &*part;
    if (own != nullptr) {
      counts.requests += own->added.counted;
      counts.read_before += own->added.duplicates;
      if (own->added.is_new && !own->span.empty()) {
        if (own->span.begin < wall() - kJudgedAfter) counts.late += own->added.counted;
        context_.wrote(counts.agreement, own->span.begin);
      }
    }
    const core::Instant heard = i < read.heard.size() ? read.heard[i] : core::Instant();
    if (auto done = tell(shares_[i], targets_[i], minutes_of(own, heard)); !done) return done;
  }
  return {};
}

// The trail told of these minutes; where there are none, it is looked whether it is silent.
Result<void> TrailLog::tell(Share& share, const Target& target,
                            const std::vector<core::Minute>& told) {
  Silence silence = *share.silence;
  const bool was_silent = silence.since().has_value();
  const bool changed = told.empty() ? silence.look(wall()) : silence.told(told, wall());
  if (changed) {
    const auto span = context_.ledger.note_silence({silence_of(target), silence.times()});
    if (!span) return span.error();
    if (!span->empty()) context_.wrote(share.counts.agreement, span->begin);
  }
  share.silence = silence;
  share.counts.newest = silence.newest();
  share.counts.silent_since = silence.since();
  if (silence.since() && !was_silent) {
    spdlog::warn(
        "log {}/{}: says nothing any more, and last told of the time before {}; help: see "
        "whether the trail's files still come; how long it may be silent is silent_after",
        share.counts.agreement, share.counts.log, core::to_text(*silence.since()));
  } else if (was_silent && !silence.since()) {
    spdlog::info("log {}/{}: goes on", share.counts.agreement, share.counts.log);
  }
  return {};
}

Result<void> TrailLog::forget_gone(const std::vector<FoundFile>& found) {
  if (found.size() >= files_.size()) return {};
  std::set<std::string> there;
  for (const FoundFile& one : found) there.insert(one.path);
  const auto oldest =
      std::chrono::nanoseconds((wall() - kForgetFilesAfter).time_since_epoch()).count();
  std::vector<std::int64_t> gone;
  for (const auto& [path, state] : files_) {
    if (state.changed_ns < oldest && !there.contains(path)) gone.push_back(state.id);
  }
  if (gone.empty()) return {};
  if (const auto done = context_.ledger.note_followed({}, gone); !done) return done.error();
  std::erase_if(files_, [&](const auto& each) {
    return std::find(gone.begin(), gone.end(), each.second.id) != gone.end();
  });
  return {};
}

std::vector<record::FollowedLog> TrailLog::counts() const {
  std::vector<record::FollowedLog> all;
  for (const Share& share : shares_) all.push_back(share.counts);
  return all;
}

}  // namespace recoup::service
