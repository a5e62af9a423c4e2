#include "service/zip.h"

#include <archive.h>
#include <archive_entry.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <memory>
#include <type_traits>

namespace recoup::service {
namespace {

struct FreeArchive {
  void operator()(archive* a) const { archive_write_free(a); }
};
struct FreeEntry {
  void operator()(archive_entry* e) const { archive_entry_free(e); }
};

core::Error failure(archive* zip, const std::string& path) {
  const char* why = archive_error_string(zip);
  return {why == nullptr ? "cannot be written" : why, path};
}

core::Result<void> add(archive* zip, const std::filesystem::path& file, const std::string& name) {
  std::error_code code;
  const auto size = std::filesystem::file_size(file, code);
  std::ifstream in(file, std::ios::binary);
  if (code || !in) return core::Error{"cannot be read", file.string()};
  const std::unique_ptr<archive_entry, FreeEntry> entry(archive_entry_new());
  archive_entry_set_pathname(entry.get(), name.c_str());
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(size));
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0600);
  if (archive_write_header(zip, entry.get()) != ARCHIVE_OK) return failure(zip, name);
  std::array<char, 64 * 1024> bytes;
  while (in.read(bytes.data(), bytes.size()) || in.gcount() > 0) {
    const auto read = static_cast<std::size_t>(in.gcount());
    if (archive_write_data(zip, bytes.data(), read) != static_cast<la_ssize_t>(read)) {
      return failure(zip, name);
    }
  }
  return {};
}

}  // namespace

core::Result<void> zip_files(const std::string& folder, const std::vector<std::string>& names,
                             const std::string& path) {
  const std::unique_ptr<archive, FreeArchive> zip(archive_write_new());
  archive_write_set_format_zip(zip.get());
  if (archive_write_open_filename(zip.get(), path.c_str()) != ARCHIVE_OK) {
    return failure(zip.get(), path);
  }
  for (const std::string& name : names) {
    auto added = add(zip.get(), std::filesystem::path(folder) / name, name);
    if (!added) return added.error();
  }
  if (archive_write_close(zip.get()) != ARCHIVE_OK) return failure(zip.get(), path);
  return {};
}

}  // namespace recoup::service
