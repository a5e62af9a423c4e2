#include "documents/whole_file.h"

#include <libdeflate.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <new>
#include <utility>

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

}  // namespace

void WholeFile::Bytes::reserve(std::size_t size) {
  if (size <= room_) return;
  auto more = std::make_unique_for_overwrite<char[]>(size + kPadding);
  if (used_ > 0) std::memcpy(more.get(), bytes_.get(), used_);
  bytes_ = std::move(more);
  room_ = size;
}

// All members of gzip data.
core::Result<bool> WholeFile::gunzip() {
  std::string_view packed = raw_.view();
  unpacked_.use(0);
  unpacked_.reserve(std::min(most_, std::max<std::size_t>(stated_size(packed), 1)));
  std::size_t size = 0;
  while (!packed.empty()) {
    std::size_t taken = 0;
    std::size_t made = 0;
    const auto code = libdeflate_gzip_decompress_ex(decompressor(), packed.data(), packed.size(),
                                                    unpacked_.data() + size,
                                                    unpacked_.room() - size, &taken, &made);
    if (code == LIBDEFLATE_INSUFFICIENT_SPACE) {
      if (unpacked_.room() >= most_) return false;
      unpacked_.reserve(std::min(most_, std::max<std::size_t>(unpacked_.room() * 2, 1 << 16)));
      continue;
    }
    if (code != LIBDEFLATE_SUCCESS) return damaged("data that is cut short or damaged");
    size += made;
    unpacked_.use(size);
    packed.remove_prefix(taken);
    // Behind the last member there may be zeros, as tapes have them.
    if (packed.find_first_not_of('\0') == std::string_view::npos) break;
  }
  return true;
}

core::Result<bool> WholeFile::read(const InputFile& input) {
  const std::string& path = input.path;
  is_packed_ = false;
  raw_.use(0);
  struct stat facts {};
  if (stat(path.c_str(), &facts) != 0 || !S_ISREG(facts.st_mode)) return false;
  const auto length = static_cast<std::size_t>(facts.st_size);
  if (length > most_) return false;
  std::ifstream in(path, std::ios::binary);
  raw_.reserve(length);
  in.read(raw_.data(), static_cast<std::streamsize>(length));
  if (!in || in.peek() != std::ifstream::traits_type::eof()) {
    return core::Error{"expected a file that stays as it is while it is read, got another length",
                       input.name, "import it again when it is written"};
  }
  raw_.use(length);
  const auto unpacker = Unpacker::for_content(raw_.view().substr(0, Unpacker::kFirstBytes));
  if (!unpacker) return true;
  if (unpacker->name() != "gzip") return false;
  is_packed_ = true;
  auto done = gunzip();
  if (done) return done;
  core::Error error = done.error();
  error.where = input.name;
  return error;
}

core::Result<std::string> digest_as_it_lies(const InputFile& input) {
  std::ifstream in(input.path, std::ios::binary);
  record::Sha256 digest;
  std::string chunk(1 << 20, '\0');
  while (in.read(chunk.data(), static_cast<std::streamsize>(chunk.size())) || in.gcount() > 0) {
    digest.update(std::string_view(chunk).substr(0, static_cast<std::size_t>(in.gcount())));
  }
  if (!in.eof()) {
    return core::Error{
        fmt::format("could not read the file: {}", reason({errno, std::generic_category()})),
        input.name};
  }
  return digest.hex();
}

}  // namespace recoup::documents
