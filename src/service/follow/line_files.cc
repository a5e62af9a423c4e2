#include "service/follow/line_files.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "record/digest.h"

namespace recoup::service {
namespace {

using core::Result;
using record::FollowedFile;
using namespace std::chrono_literals;

// What is forgotten of files that are gone.
constexpr auto kForgetAfter = std::chrono::days(32);

// Files that are kept open, to be read to their end when they are renamed or removed.
constexpr std::size_t kMostOpen = 64;
constexpr auto kOpenFor = 10min;

bool is_gone(const FollowedFile& state) { return state.inode == 0; }

FoundFile as_found(const FollowedFile& state) {
  return {state.path, {state.device, state.inode, state.size, state.changed_ns}};
}

bool is_forgotten(const LineFiles::File& file, core::Instant now) {
  const auto oldest = std::chrono::nanoseconds((now - kForgetAfter).time_since_epoch()).count();
  return !file.found && file.state.id != 0 && file.state.changed_ns < oldest;
}

}  // namespace

void set_facts(FollowedFile& state, const FoundFile& found) {
  state.path = found.path;
  state.device = found.facts.device;
  state.inode = found.facts.inode;
  state.size = found.facts.size;
  state.changed_ns = found.facts.changed_ns;
}

LineFiles::LineFiles(std::string reader, const core::Clock& clock, std::string format)
    : reader_(std::move(reader)), clock_(clock), format_(std::move(format)) {}

void LineFiles::take(LineFiles& before) {
  files_ = std::move(before.files_);
  calm_ = std::move(before.calm_);
}

// Which of the files that are known lie where, and which are new.
void LineFiles::find(const std::vector<FoundFile>& found) {
  FolderNames names;
  std::map<std::pair<std::uint64_t, std::uint64_t>, const FoundFile*> by_inode;
  for (const FoundFile& one : found) by_inode[{one.facts.device, one.facts.inode}] = &one;
  for (const auto& file : files_) {
    const FollowedFile& state = file->state;
    file->found.reset();
    if (is_gone(state)) continue;
    const auto known = by_inode.find({state.device, state.inode});
    if (known != by_inode.end()) {
      file->found = *known->second;
      file->is_lost = false;
      by_inode.erase(known);
      continue;
    }
    // What the pattern does not name any more is read to its end under its new name, or none.
    const FoundFile before = as_found(state);
    if (const auto facts = documents::facts_of(state.path);
        facts && facts->is_same_file(before.facts)) {
      file->found = FoundFile{state.path, *facts};
    } else if (!file->is_lost) {
      file->found = names.find(state.path, before.facts);
      if (file->found) continue;
      const auto still =
          file->open ? file->open->facts() : Result<documents::FileFacts>(core::Error());
      if (still) file->found = FoundFile{state.path, *still};
      file->is_lost = !still;
    }
  }
  new_ones_.clear();
  for (const FoundFile& one : found) {
    if (by_inode.contains({one.facts.device, one.facts.inode})) new_ones_.push_back(one);
  }
}

Result<LineFiles::File*> LineFiles::adopt(const FoundFile& found,
                                          const documents::OpenedFile& opened) {
  const auto known = [&](FollowedFile state) {
    File& file = add(std::move(state));
    file.found = found;
    return &file;
  };
  File* origin = nullptr;
  bool waits = false;
  for (const auto& file : files_) {
    const FollowedFile& state = file->state;
    if (state.name.empty() || state.position == 0) continue;
    const bool same_path = state.path == found.path;
    // What was renamed is there itself: what has its name now is another file.
    if (same_path ? file->found.has_value() : !may_be_rotated(state.path, found.path)) continue;
    const bool has_all = found.facts.size >= state.position;
    const bool has_head = found.facts.size >= sources::FileEdges::head_size(state.position);
    if (!has_head) {
      waits = waits || calm_since(found) < kCalm;
      continue;
    }
    const auto edges = sources::edges_of(
        opened, has_all ? state.position : sources::FileEdges::head_size(state.position));
    if (!edges) return edges.error();
    if (edges->head != state.head) continue;
    if (!has_all) {
      waits = true;
    } else if (edges->all == state.edges &&
               (origin == nullptr || origin->state.position < state.position)) {
      origin = file.get();
    }
  }
  if (origin == nullptr) {
    if (waits) return nullptr;
    return known(fresh(found));
  }
  if (!origin->found) {
    // It is not there any more: this is it, in another place.
    FollowedFile state = origin->state;
    set_facts(state, found);
    state.size = 0;  // it is looked at anew
    std::erase_if(files_, [&](const auto& file) { return file.get() == origin; });
    return known(std::move(state));
  }
  FollowedFile state = fresh(found);
  const FollowedFile& from = origin->state;
  state.format = from.format;
  state.position = from.position;
  state.lines = from.lines;
  state.malformed = from.malformed;
  state.records = from.records;
  state.identity = from.identity;
  state.head = from.head;
  state.edges = from.edges;
  state.context = from.context;
  return known(std::move(state));
}

FollowedFile LineFiles::fresh(const FoundFile& found) const {
  FollowedFile state;
  state.reader = reader_;
  set_facts(state, found);
  state.size = 0;
  state.changed_ns = 0;
  state.format = format_;
  state.name = record::sha256_hex(fmt::format("followed file\n{}\n{}\n{}\n{}\n{}\n{}\n", reader_,
                                              found.path, found.facts.device, found.facts.inode,
                                              clock_.wall().time_since_epoch().count(),
                                              clock_.mono().time_since_epoch().count()));
  return state;
}

LineFiles::File& LineFiles::add(FollowedFile state) {
  files_.push_back(std::make_unique<File>());
  files_.back()->state = std::move(state);
  return *files_.back();
}

void LineFiles::close_old() {
  std::vector<File*> open;
  for (const auto& file : files_) {
    if (!file->open) continue;
    if (file->has_more || clock_.mono() - file->grew < kOpenFor) {
      open.push_back(file.get());
    } else {
      file->open.reset();
    }
  }
  if (open.size() <= kMostOpen) return;
  std::sort(open.begin(), open.end(),
            [](const File* a, const File* b) { return a->grew > b->grew; });
  for (std::size_t i = kMostOpen; i < open.size(); ++i) open[i]->open.reset();
}

std::vector<std::int64_t> LineFiles::forgotten(core::Instant now) const {
  std::vector<std::int64_t> gone;
  for (const auto& file : files_) {
    if (is_forgotten(*file, now)) gone.push_back(file->state.id);
  }
  return gone;
}

void LineFiles::forget(core::Instant now) {
  std::erase_if(files_, [&](const auto& file) { return is_forgotten(*file, now); });
}

}  // namespace recoup::service
