#include "documents/content.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "core/text.h"
#include "documents/files.h"
#include "documents/unpack.h"
#include "record/digest.h"

namespace recoup::documents {
namespace {

constexpr std::size_t kChunk = 1 << 20;

}  // namespace

struct Content::Impl {
  Impl(const InputFile& file, OnProgress on_progress_, const UnpackLimit& limit_)
      : name(file.name),
        descriptor(::open(file.path.c_str(), O_RDONLY | O_CLOEXEC)),
        on_progress(std::move(on_progress_)),
        limit(limit_),
        raw(kChunk) {
    if (descriptor < 0) {
      cannot_read();
      return;
    }
    struct stat facts {};
    if (fstat(descriptor, &facts) == 0 && S_ISREG(facts.st_mode)) {
      progress.size = static_cast<std::uint64_t>(facts.st_size);
    }
    // A pipe may give its first bytes one by one.
    std::size_t size = 0;
    while (size < Unpacker::kFirstBytes) {
      const std::size_t got = read_file(raw.data() + size, raw.size() - size);
      if (got == 0) break;
      size += got;
    }
    rest = {raw.data(), size};
    unpacker = Unpacker::for_content(rest);
    if (unpacker) digest.emplace().update(rest);
  }
  ~Impl() {
    if (descriptor >= 0) ::close(descriptor);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void cannot_read() {
    state = core::Error{
        fmt::format("could not read the file: {}", reason({errno, std::generic_category()})), name};
  }

  void is_too_much() {
    const std::string unpack = fmt::format("unpack it first, with {} -d", unpacker->name());
    state = core::Error{fmt::format("expected at most {} bytes in the {} data, got more",
                                    core::grouped(limit.most), unpacker->name()),
                        name,
                        *limit.raised_by == '\0'
                            ? unpack
                            : fmt::format("{} allows more; or {}", limit.raised_by, unpack)};
  }

  // The bytes as they lie on the disk: how many, 0 at the end and where reading failed.
  std::size_t read_file(char* out, std::size_t room) {
    ssize_t got = 0;
    do {
      got = ::read(descriptor, out, room);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
      cannot_read();
      return 0;
    }
    progress.read += static_cast<std::uint64_t>(got);
    if (digest) digest->update({out, static_cast<std::size_t>(got)});
    if (on_progress) on_progress(progress);
    return static_cast<std::size_t>(got);
  }

  std::size_t plain(char* out, std::size_t room) {
    if (rest.empty()) return read_file(out, std::min(room, kChunk));
    const std::size_t size = std::min(room, rest.size());
    std::memcpy(out, rest.data(), size);
    rest.remove_prefix(size);
    return size;
  }

  std::size_t unpacked(char* out, std::size_t room) {
    while (true) {
      if (rest.empty()) rest = {raw.data(), read_file(raw.data(), raw.size())};
      if (!state) return 0;
      const bool at_end = rest.empty();
      const auto got = unpacker->run(rest, out, room);
      if (!got) {
        state = core::Error{got.error().message, name, got.error().help};
        return 0;
      }
      made += *got;
      if (made > limit.most) {
        is_too_much();
        return 0;
      }
      if (*got > 0 || at_end) return *got;
    }
  }

  std::string name;
  int descriptor;
  OnProgress on_progress;
  UnpackLimit limit;
  std::uint64_t made = 0;  // bytes that were unpacked
  Progress progress;
  std::vector<char> raw;
  std::string_view rest;                 // of `raw`: read and not yet used
  std::unique_ptr<Unpacker> unpacker;    // none where the file is plain
  std::optional<record::Sha256> digest;  // of what is packed, as it lies
  core::Result<void> state;
};

Content::Content(const InputFile& file, OnProgress progress, const UnpackLimit& limit)
    : impl_(std::make_unique<Impl>(file, std::move(progress), limit)) {}
Content::~Content() = default;

std::size_t Content::read(char* out, std::size_t room) {
  if (!impl_->state) return 0;
  return impl_->unpacker ? impl_->unpacked(out, room) : impl_->plain(out, room);
}

const core::Result<void>& Content::state() const { return impl_->state; }

Content::AsItLies Content::packed() const {
  if (!impl_->digest) return {};
  return {impl_->digest->hex(), impl_->progress.read};
}

}  // namespace recoup::documents
