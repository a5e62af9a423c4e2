#include "service/follow/followed_files.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>

#include <spdlog/spdlog.h>

#include "documents/named_files.h"
#include "documents/unpack.h"
#include "record/redact.h"

namespace recoup::service {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto kTryAgainAfter = 1min;
constexpr auto kTryAgainAtLast = 1h;
constexpr std::size_t kMostShown = 5;

// A file's name without what rotation adds to it: numbers and dates behind '.', '-' or '_', and the
// ending of a packing.
std::string base_name(std::string name) {
  for (const char* packing : {".gz", ".zst", ".bz2", ".xz"}) {
    if (name.ends_with(packing)) name.resize(name.size() - std::string_view(packing).size());
  }
  std::string base;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool separates = name[i] == '.' || name[i] == '-' || name[i] == '_';
    std::size_t end = i + 1;
    while (separates && end < name.size() && std::isdigit(static_cast<unsigned char>(name[end]))) {
      ++end;
    }
    if (end > i + 1) {
      i = end - 1;
    } else {
      base += name[i];
    }
  }
  return base;
}

// Whether one folder is the other, or above it.
bool is_at_or_above(const fs::path& folder, const fs::path& other) {
  return std::mismatch(folder.begin(), folder.end(), other.begin(), other.end()).first ==
         folder.end();
}

}  // namespace

core::Result<std::vector<FoundFile>> found_files(const std::string& pattern) {
  std::vector<FoundFile> found;
  const auto paths = documents::named_files(pattern);
  if (!paths) return paths.error();
  std::set<std::pair<std::uint64_t, std::uint64_t>> seen;
  for (const std::string& path : *paths) {
    const auto facts = documents::facts_of(path);
    if (facts && seen.emplace(facts->device, facts->inode).second) found.push_back({path, *facts});
  }
  return found;
}

bool may_be_rotated(const std::string& a, const std::string& b) {
  const fs::path first(a), second(b);
  const bool is_near = is_at_or_above(first.parent_path(), second.parent_path()) ||
                       is_at_or_above(second.parent_path(), first.parent_path());
  if (!is_near) return false;
  const std::string one = first.filename(), other = second.filename();
  const std::string base = base_name(one);
  return one.starts_with(other) || other.starts_with(one) ||
         (base == base_name(other) && (base == one || base == other));
}

std::optional<FoundFile> FolderNames::find(const std::string& path,
                                           const documents::FileFacts& facts) {
  const std::string folder = fs::path(path).parent_path();
  const auto [known, is_new] = folders_.try_emplace(folder);
  if (is_new) {
    std::error_code failed;
    auto entry = fs::directory_iterator(folder.empty() ? "." : folder, failed);
    for (; !failed && entry != fs::directory_iterator(); entry.increment(failed)) {
      const auto found = documents::facts_of(entry->path());
      if (found) known->second.push_back({entry->path(), *found});
    }
  }
  for (const FoundFile& one : known->second) {
    if (one.facts.is_same_file(facts)) return one;
  }
  return std::nullopt;
}

core::Result<bool> is_packed(const documents::OpenedFile& file) {
  std::array<char, documents::Unpacker::kFirstBytes> bytes{};
  const auto got = file.read(0, bytes.data(), bytes.size());
  if (!got) return got.error();
  return documents::Unpacker::for_content({bytes.data(), *got}) != nullptr;
}

std::chrono::nanoseconds Calm::since(const FoundFile& file, core::MonoTime now) {
  const auto [known, is_new] = seen_.try_emplace(file.path, file.facts, now);
  if (!is_new && known->second.first != file.facts) known->second = {file.facts, now};
  return now - known->second.second;
}

void FileProblems::tell(const FoundFile& file, Kind kind, const core::Error& error,
                        core::MonoTime now) {
  const auto [known, is_new] = problems_.try_emplace({file.path, kind});
  const bool is_other = is_new || known->second.why != error.message;
  known->second = {error.message, file.facts, now, known->second.tries + 1};
  if (!is_other) return;
  spdlog::warn("log {}: {}: {}{}{}", log_, file.path, error.message,
               error.help.empty() ? "" : "; help: ", error.help);
}

void FileProblems::clear(const std::string& path, Kind kind) {
  if (problems_.erase({path, kind}) == 0) return;
  spdlog::info("log {}: {}: {}", log_, path,
               kind == Kind::unreadable ? "can be read again" : "is a log again");
}

bool FileProblems::is_due(const FoundFile& file, core::MonoTime now) const {
  const auto known = problems_.find({file.path, Kind::unreadable});
  if (known == problems_.end() || known->second.facts != file.facts) return true;
  const auto pause = kTryAgainAfter * (1 << std::min(known->second.tries - 1, 6));
  return now - known->second.told >= std::min<std::chrono::nanoseconds>(pause, kTryAgainAtLast);
}

void FileProblems::show(record::FollowedLog& out) const {
  out.problems.clear();
  out.problem_files = problems_.size();
  for (const auto& [of, problem] : problems_) {
    if (out.problems.size() == kMostShown) break;
    // Where a file lies on this machine is nobody else's business.
    out.problems.push_back(
        {record::redact(fs::path(of.first).filename().string()), record::redact(problem.why)});
  }
}

}  // namespace recoup::service
