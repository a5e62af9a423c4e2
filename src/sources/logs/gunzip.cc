#include "sources/logs/gunzip.h"

#include <algorithm>
#include <limits>
#include <new>

#include <fmt/format.h>
#include <zlib.h>

namespace recoup::sources {
namespace {

constexpr int kGzipOnly = 16 + MAX_WBITS;

uInt limited(std::size_t size) {
  return static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
}

}  // namespace

struct Gunzip::Impl {
  z_stream stream{};
  bool between_members = false;

  Impl() {
    if (inflateInit2(&stream, kGzipOnly) != Z_OK) throw std::bad_alloc();
  }
  ~Impl() { inflateEnd(&stream); }
};

Gunzip::Gunzip() : impl_(std::make_unique<Impl>()) {}
Gunzip::~Gunzip() = default;

bool Gunzip::whole() const { return impl_->between_members; }

core::Result<std::size_t> Gunzip::run(std::string_view& in, char* out, std::size_t room) {
  z_stream& stream = impl_->stream;
  if (impl_->between_members) {
    in.remove_prefix(std::min(in.find_first_not_of('\0'), in.size()));
    if (in.empty()) return std::size_t{0};
    inflateReset(&stream);
    impl_->between_members = false;
  }
  // zlib does not write through next_in; its type is older than const.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
  stream.avail_in = limited(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out);
  stream.avail_out = limited(room);
  const int code = inflate(&stream, Z_NO_FLUSH);
  in.remove_prefix(limited(in.size()) - stream.avail_in);
  if (code == Z_STREAM_END) {
    impl_->between_members = true;
  } else if (code != Z_OK && code != Z_BUF_ERROR) {
    return core::Error{fmt::format("expected gzip data, got bytes that are none ({})",
                                   stream.msg != nullptr ? stream.msg : zError(code))};
  }
  return limited(room) - stream.avail_out;
}

}  // namespace recoup::sources
