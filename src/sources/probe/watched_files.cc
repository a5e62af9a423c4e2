#include "sources/probe/watched_files.h"

#include <cerrno>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>

#include "documents/files.h"
#include "record/digest.h"

namespace recoup::sources::probe {
namespace {

constexpr std::size_t kLargestFile = 16'000'000;

std::string in_words(const core::Error& error) {
  return error.message + (error.help.empty() ? "" : "; help: " + error.help);
}

}  // namespace

std::string stamp_of(const std::string& file) {
  struct stat at {};
  if (::stat(file.c_str(), &at) != 0) return fmt::format("error {}", errno);
  return fmt::format("{}:{} {} {}.{} {}.{}", at.st_dev, at.st_ino, at.st_size, at.st_mtim.tv_sec,
                     at.st_mtim.tv_nsec, at.st_ctim.tv_sec, at.st_ctim.tv_nsec);
}

WatchedFiles::WatchedFiles(std::vector<std::string> files, Make make)
    : files_(std::move(files)), make_(std::move(make)) {}

WatchedFiles::Made WatchedFiles::current() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

std::vector<std::string> WatchedFiles::stamps() const {
  std::vector<std::string> stamps;
  for (const std::string& file : files_) stamps.push_back(stamp_of(file));
  return stamps;
}

void WatchedFiles::refresh(const Say& say) {
  // Taken before the bytes: what is written while they are read is another stamp next time.
  auto now = stamps();
  if (version_ > 0 && failures_ == 0 && now == stamps_) return;
  stamps_ = std::move(now);
  const std::uint64_t before = version_;
  note(read(), before, say);
}

core::Result<void> WatchedFiles::read() {
  std::vector<std::string> texts;
  record::Sha256 digest;
  for (const std::string& file : files_) {
    auto text = documents::read_file(file, kLargestFile);
    if (!text) return text.error();
    digest.update(fmt::format("{}\n", text->size()));
    digest.update(*text);
    texts.push_back(*std::move(text));
  }
  if (version_ > 0 && digest.hex() == digest_) return {};
  auto made = make_(texts);
  if (!made) return made.error();
  digest_ = digest.hex();
  const std::lock_guard lock(mutex_);
  current_ = *std::move(made);
  ++version_;
  return {};
}

void WatchedFiles::note(const core::Result<void>& done, std::uint64_t before, const Say& say) {
  // Two files of a pair are not replaced at once, nor is one written at once: such a state may be
  // met once, and is no news before it is met again.
  const int said_from = before == 0 ? 1 : 2;
  const std::string names = fmt::format("{}", fmt::join(files_, ", "));
  if (!done) {
    if (++failures_ == said_from) {
      say(fmt::format(
          "{}: {}; {}", names, in_words(done.error()),
          before == 0 ? "no probe that needs it is sent" : "what was read before stays in force"));
    }
    return;
  }
  const bool was_said = failures_ >= said_from;
  failures_ = 0;
  if (version_ != before && before > 0) {
    say(names + ": changed; new connections are made with it");
  } else if (was_said) {
    say(names + ": can be read again");
  }
}

}  // namespace recoup::sources::probe
