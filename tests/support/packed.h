#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <zstd.h>

#include <string>
#include <utility>
#include <vector>

#include "support/catch.h"

namespace recoup::test {

// How documents::Unpacker knows content to be packed.
inline const std::vector<std::string> kPackings = {"gzip", "zstd", "bzip2", "xz"};

// What libarchive makes of members, as the format and the filter are set.
inline std::string archived(archive* out,
                            const std::vector<std::pair<std::string, std::string>>& members) {
  std::string bytes(4096, '\0');
  for (const auto& [name, content] : members) bytes.append(2 * content.size(), '\0');
  std::size_t size = 0;
  REQUIRE(archive_write_open_memory(out, bytes.data(), bytes.size(), &size) == ARCHIVE_OK);
  for (const auto& [name, content] : members) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name.c_str());
    archive_entry_set_size(entry, static_cast<la_int64_t>(content.size()));
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    REQUIRE(archive_write_header(out, entry) == ARCHIVE_OK);
    REQUIRE(archive_write_data(out, content.data(), content.size()) >= 0);
    archive_entry_free(entry);
  }
  REQUIRE(archive_write_free(out) == ARCHIVE_OK);
  return bytes.substr(0, size);
}

// The content as one of kPackings has it, with a checksum.
inline std::string packed(const std::string& how, const std::string& content) {
  if (how == "zstd") {
    std::string bytes(ZSTD_compressBound(content.size()), '\0');
    ZSTD_CCtx* const context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    bytes.resize(
        ZSTD_compress2(context, bytes.data(), bytes.size(), content.data(), content.size()));
    ZSTD_freeCCtx(context);
    return bytes;
  }
  archive* const out = archive_write_new();
  archive_write_set_format_raw(out);
  REQUIRE(archive_write_add_filter_by_name(out, how.c_str()) == ARCHIVE_OK);
  archive_write_set_bytes_in_last_block(out, 1);
  return archived(out, {{"x", content}});
}

inline std::string zipped(const std::vector<std::pair<std::string, std::string>>& members) {
  archive* const out = archive_write_new();
  archive_write_set_format_zip(out);
  archive_write_set_bytes_in_last_block(out, 1);
  return archived(out, members);
}

}  // namespace recoup::test
