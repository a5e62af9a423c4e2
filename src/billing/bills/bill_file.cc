#include "billing/bills/bill_file.h"

#include <archive.h>
#include <archive_entry.h>
#include <sys/stat.h>
#include <zlib.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <vector>

#include <fmt/format.h>

#include "core/text.h"
#include "documents/files.h"

namespace recoup::billing {
namespace {

using core::Error;

constexpr std::size_t kBlock = 1 << 18;

struct FreeArchive {
  void operator()(archive* a) const { archive_read_free(a); }
};

// GzipInput hands the content of a gzip file to libarchive, whose own gzip filter does not compare
// the checksum: a damaged bill would be added up without a word.
class GzipInput {
 public:
  explicit GzipInput(const std::string& path) : file_(gzopen(path.c_str(), "rb")), block_(kBlock) {
    if (file_ != nullptr) gzbuffer(file_, kBlock);
  }
  ~GzipInput() {
    if (file_ != nullptr) gzclose_r(file_);
  }
  GzipInput(const GzipInput&) = delete;
  GzipInput& operator=(const GzipInput&) = delete;

  static la_ssize_t read(archive* a, void* self, const void** out) {
    auto& input = *static_cast<GzipInput*>(self);
    *out = input.block_.data();
    const int got = input.file_ == nullptr ? -1 : gzread(input.file_, input.block_.data(), kBlock);
    int code = Z_OK;
    const char* const reason = input.file_ == nullptr ? "" : gzerror(input.file_, &code);
    if (got < 0 || (got == 0 && code != Z_OK && code != Z_STREAM_END)) {
      // The library puts the path before its reason.
      const std::string_view text(reason);
      const auto colon = text.rfind(": ");
      archive_set_error(a, EIO, "%s",
                        code == Z_BUF_ERROR ? "unexpected end of file"
                                            : reason + (colon == text.npos ? 0 : colon + 2));
      return ARCHIVE_FATAL;
    }
    return got;
  }

  std::uint64_t read_so_far() const {
    return file_ == nullptr ? 0 : static_cast<std::uint64_t>(gzoffset(file_));
  }

 private:
  gzFile file_;
  std::vector<char> block_;
};

bool is_gzip(const std::string& path) {
  std::array<char, 2> magic{};
  std::ifstream(path, std::ios::binary).read(magic.data(), magic.size());
  return magic[0] == '\x1f' && magic[1] == '\x8b';
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
  Impl(std::string path_, OnProgress on_progress_)
      : path(std::move(path_)), on_progress(std::move(on_progress_)), reader(archive_read_new()) {
    struct stat facts {};
    if (stat(path.c_str(), &facts) != 0) {
      state = Error{fmt::format("could not read the file: {}",
                                documents::reason({errno, std::generic_category()})),
                    path};
      return;
    }
    if (!S_ISREG(facts.st_mode)) {
      state = Error{"expected a file, got something else", path};
      return;
    }
    progress.size = static_cast<std::uint64_t>(facts.st_size);
    open();
  }

  // Filters that start other programs (lzop, lrzip, grzip) are left out: a bill comes from outside.
  void open() {
    archive* const a = reader.get();
    archive_read_support_format_raw(a);
    archive_read_support_format_empty(a);
    int status = ARCHIVE_OK;
    if (is_gzip(path)) {
      gzip = std::make_unique<GzipInput>(path);
      status = archive_read_open(a, gzip.get(), nullptr, GzipInput::read, nullptr);
    } else {
      archive_read_support_filter_bzip2(a);
      archive_read_support_filter_xz(a);
      archive_read_support_filter_zstd(a);
      archive_read_support_format_zip(a);
      status = archive_read_open_filename(a, path.c_str(), kBlock);
    }
    if (status < ARCHIVE_WARN) fail();
  }

  void fail() {
    const char* const reason = archive_error_string(reader.get());
    state = Error{
        fmt::format("could not read the file: {}", reason == nullptr ? "it is damaged" : reason),
        name.empty() ? path : name, "fetch the file again from the provider"};
  }

  bool next_member() {
    archive_entry* entry = nullptr;
    while (state) {
      const int status = archive_read_next_header(reader.get(), &entry);
      if (status == ARCHIVE_EOF) return end_of_file();
      if (status < ARCHIVE_WARN) {
        fail();
        return false;
      }
      is_zip = (archive_format(reader.get()) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_ZIP;
      ++entries;
      const std::string member = member_name(entry);
      if (is_zip && !is_bill(member)) continue;
      name = is_zip ? path + ':' + member : path;
      if (archive_entry_is_data_encrypted(entry) != 0) {
        state =
            Error{"expected a zip file without a password, got one with", name, "unpack it first"};
        return false;
      }
      ++members;
      return true;
    }
    return false;
  }

  bool end_of_file() {
    if (members > 0) return false;
    const std::string got = entries > 0 ? "a zip file with neither a .csv nor a .json in it"
                            : progress.size == 0 ? "an empty file"
                                                 : "a file with nothing in it";
    state = Error{fmt::format("expected a bill, got {}", got), path};
    return false;
  }

  std::string_view read() {
    const void* block = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    while (state) {
      const int status = archive_read_data_block(reader.get(), &block, &size, &offset);
      if (status == ARCHIVE_EOF) break;
      if (status != ARCHIVE_OK) {  // a wrong checksum is a warning there
        fail();
        break;
      }
      report();
      if (size > 0) return {static_cast<const char*>(block), size};
    }
    return {};
  }

  void report() {
    if (!on_progress) return;
    progress.read = gzip ? gzip->read_so_far()
                         : static_cast<std::uint64_t>(archive_filter_bytes(reader.get(), -1));
    on_progress(progress);
  }

  std::string path;
  std::string name;
  OnProgress on_progress;
  Progress progress;
  std::unique_ptr<GzipInput> gzip;  // outlives the reader
  std::unique_ptr<archive, FreeArchive> reader;
  core::Result<void> state;
  bool is_zip = false;
  std::size_t entries = 0;
  std::size_t members = 0;
};

BillFile::BillFile(std::string path, OnProgress progress)
    : impl_(std::make_unique<Impl>(std::move(path), std::move(progress))) {}
BillFile::~BillFile() = default;

bool BillFile::next_member() { return impl_->next_member(); }
const std::string& BillFile::name() const { return impl_->name; }
std::string_view BillFile::read() { return impl_->read(); }
const core::Result<void>& BillFile::state() const { return impl_->state; }

}  // namespace recoup::billing
