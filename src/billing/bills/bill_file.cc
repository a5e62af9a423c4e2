#include "billing/bills/bill_file.h"

#include <archive.h>
#include <archive_entry.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/text.h"

namespace recoup::billing {
namespace {

using core::Error;

constexpr std::size_t kBlock = 1 << 18;

struct FreeArchive {
  void operator()(archive* a) const { archive_read_free(a); }
};

// Begins with a part of an archive, of which an empty or a divided one has another first.
bool is_zip(const std::string& path) {
  std::array<char, 4> magic{};
  std::ifstream(path, std::ios::binary).read(magic.data(), magic.size());
  const std::string_view first(magic.data(), magic.size());
  return first.starts_with("PK") && (static_cast<unsigned char>(first[2]) < ' ' || first == "PK00");
}

bool is_bill(std::string_view name) {
  const std::string lower = core::lower_case(name);
  return lower.ends_with(".csv") || lower.ends_with(".json");
}

// A member's name as it may be shown: an archive can hold any bytes.
std::string member_name(archive_entry* entry) {
  const char* name = archive_entry_pathname_utf8(entry);
  if (name == nullptr) name = archive_entry_pathname(entry);
  std::string shown = name == nullptr ? "member" : name;
  for (char& c : shown) c = static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  return shown;
}

}  // namespace

struct BillFile::Impl {
  Impl(std::string path_, documents::OnProgress on_progress_)
      : path(std::move(path_)), on_progress(std::move(on_progress_)) {
    std::error_code none;
    if (std::filesystem::exists(path, none) && !std::filesystem::is_regular_file(path, none)) {
      state = Error{"expected a file, got something else", path};
    } else if (is_zip(path)) {
      progress.size = std::filesystem::file_size(path, none);
      zip.reset(archive_read_new());
      archive_read_support_format_zip(zip.get());
      if (archive_read_open_filename(zip.get(), path.c_str(), kBlock) < ARCHIVE_WARN) fail();
    } else {
      content.emplace(path, on_progress);
      state = content->state();
    }
  }

  void fail() {
    const char* const reason = archive_error_string(zip.get());
    state = Error{
        fmt::format("could not read the file: {}", reason == nullptr ? "it is damaged" : reason),
        name.empty() ? path : name, "fetch the file again from the provider"};
  }

  void refuse(std::string_view got) {
    state = Error{fmt::format("expected a bill, got {}", got), path};
  }

  bool next_member() {
    if (!state) return false;
    return zip ? next_in_zip() : only_member();
  }

  bool only_member() {
    if (!name.empty()) return false;
    name = path;
    block.resize(kBlock);
    first = read_content();
    std::error_code none;
    if (first.empty() && state) {
      refuse(std::filesystem::file_size(path, none) == 0 ? "an empty file"
                                                         : "a file with nothing in it");
    }
    return state.ok();
  }

  bool next_in_zip() {
    archive_entry* entry = nullptr;
    while (true) {
      const int status = archive_read_next_header(zip.get(), &entry);
      if (status == ARCHIVE_EOF) {
        if (name.empty()) {
          refuse(entries == 0 ? "a file with nothing in it"
                              : "a zip file with neither a .csv nor a .json in it");
        }
        return false;
      }
      if (status < ARCHIVE_WARN) {
        fail();
        return false;
      }
      ++entries;
      const std::string member = member_name(entry);
      if (!is_bill(member)) continue;
      name = path + ':' + member;
      if (archive_entry_is_data_encrypted(entry) == 0) return true;
      state =
          Error{"expected a zip file without a password, got one with", name, "unpack it first"};
      return false;
    }
  }

  std::string_view read() {
    if (!state) return {};
    return zip ? read_zip() : first.empty() ? read_content() : std::exchange(first, {});
  }

  std::string_view read_content() {
    const std::size_t size = content->read(block.data(), block.size());
    state = content->state();
    return {block.data(), size};
  }

  std::string_view read_zip() {
    const void* data = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    while (true) {
      const int status = archive_read_data_block(zip.get(), &data, &size, &offset);
      if (status == ARCHIVE_EOF) return {};
      if (status != ARCHIVE_OK) {  // a wrong checksum is a warning there
        fail();
        return {};
      }
      progress.read = static_cast<std::uint64_t>(archive_filter_bytes(zip.get(), -1));
      if (on_progress) on_progress(progress);
      if (size > 0) return {static_cast<const char*>(data), size};
    }
  }

  std::string path;
  std::string name;
  documents::OnProgress on_progress;
  core::Result<void> state;

  // Of a zip.
  std::unique_ptr<archive, FreeArchive> zip;
  documents::Progress progress;
  std::size_t entries = 0;

  // Of any other file.
  std::optional<documents::Content> content;
  std::vector<char> block;
  std::string_view first;  // of `block`: read before it was asked for
};

BillFile::BillFile(std::string path, documents::OnProgress progress)
    : impl_(std::make_unique<Impl>(std::move(path), std::move(progress))) {}
BillFile::~BillFile() = default;

bool BillFile::next_member() { return impl_->next_member(); }
const std::string& BillFile::name() const { return impl_->name; }
std::string_view BillFile::read() { return impl_->read(); }
const core::Result<void>& BillFile::state() const { return impl_->state; }

}  // namespace recoup::billing
