#include "documents/whole_file.h"

#include <libdeflate.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <memory>
#include <new>

#include <fmt/format.h>

#include "documents/files.h"
#include "documents/unpack.h"
#include "record/digest.h"

namespace recoup::documents {
namespace {

struct FreeDecompressor {
  void operator()(libdeflate_decompressor* one) const { libdeflate_free_decompressor(one); }
};
using Decompressor = std::unique_ptr<libdeflate_decompressor, FreeDecompressor>;

// One for each thread, which reads many small files.
libdeflate_decompressor* decompressor() {
  thread_local const Decompressor one(libdeflate_alloc_decompressor());
  if (!one) throw std::bad_alloc();
  return one.get();
}

// What the end of gzip data says of the length of its last member, which is mostly the only one.
std::size_t stated_size(std::string_view raw) {
  std::size_t size = 0;
  for (std::size_t i = 0; i < 4 && i < raw.size(); ++i) {
    size = size << 8 | static_cast<unsigned char>(raw[raw.size() - 1 - i]);
  }
  return size;
}

core::Error damaged(const char* why) {
  return {fmt::format("expected gzip data, got {}", why), "",
          "copy the file again, or wait until it is written"};
}

// All members of gzip data; nothing where they come to more than `most`.
core::Result<std::optional<std::string>> gunzip(std::string_view raw, std::size_t most) {
  std::string out;
  out.reserve(std::min(most, stated_size(raw)) + WholeFile::kPadding);
  out.resize(std::min(most, std::max<std::size_t>(stated_size(raw), 1)));
  std::size_t size = 0;
  while (!raw.empty()) {
    std::size_t taken = 0;
    std::size_t made = 0;
    const auto code =
        libdeflate_gzip_decompress_ex(decompressor(), raw.data(), raw.size(), out.data() + size,
                                      out.size() - size, &taken, &made);
    if (code == LIBDEFLATE_INSUFFICIENT_SPACE) {
      if (out.size() == most) return std::optional<std::string>();
      out.resize(std::min(most, std::max<std::size_t>(out.size() * 2, 1 << 16)));
      continue;
    }
    if (code != LIBDEFLATE_SUCCESS) return damaged("data that is cut short or damaged");
    size += made;
    raw.remove_prefix(taken);
    // Behind the last member there may be zeros, as tapes have them.
    if (raw.find_first_not_of('\0') == std::string_view::npos) break;
  }
  out.resize(size);
  return std::optional(std::move(out));
}

}  // namespace

core::Result<std::optional<WholeFile>> read_whole(const std::string& path, std::size_t most) {
  struct stat facts {};
  if (stat(path.c_str(), &facts) != 0 || !S_ISREG(facts.st_mode)) {
    return std::optional<WholeFile>();
  }
  const auto length = static_cast<std::size_t>(facts.st_size);
  if (length > most) return std::optional<WholeFile>();
  std::ifstream in(path, std::ios::binary);
  WholeFile file;
  file.content.reserve(length + WholeFile::kPadding);
  file.content.resize(length);
  in.read(file.content.data(), static_cast<std::streamsize>(length));
  if (!in || in.peek() != std::ifstream::traits_type::eof()) {
    return core::Error{"expected a file that stays as it is while it is read, got another length",
                       path, "import it again when it is written"};
  }
  const auto unpacker =
      Unpacker::for_content(std::string_view(file.content).substr(0, Unpacker::kFirstBytes));
  if (!unpacker) return std::optional(std::move(file));
  if (unpacker->name() != "gzip") return std::optional<WholeFile>();
  file.raw = std::move(file.content);
  auto content = gunzip(file.raw, most);
  if (!content) {
    core::Error error = content.error();
    error.where = path;
    return error;
  }
  if (!*content) return std::optional<WholeFile>();
  file.content = **std::move(content);
  file.content.reserve(file.content.size() + WholeFile::kPadding);
  return std::optional(std::move(file));
}

core::Result<std::string> digest_as_it_lies(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  record::Sha256 digest;
  std::string chunk(1 << 20, '\0');
  while (in.read(chunk.data(), static_cast<std::streamsize>(chunk.size())) || in.gcount() > 0) {
    digest.update(std::string_view(chunk).substr(0, static_cast<std::size_t>(in.gcount())));
  }
  if (!in.eof()) {
    return core::Error{
        fmt::format("could not read the file: {}", reason({errno, std::generic_category()})), path};
  }
  return digest.hex();
}

}  // namespace recoup::documents
