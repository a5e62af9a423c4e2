#include "documents/unpack.h"

#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <limits>
#include <new>

#include <fmt/format.h>

namespace recoup::documents {
namespace {

using core::Error;
using core::Result;

// What a file from outside may make the program take. All presets of xz stay below; zstd takes half
// of it unless it is told otherwise. gzip (40 KB) and bzip2 (4 MB) have their own bounds.
constexpr int kZstdWindowLog = 28;
constexpr std::size_t kXzMebibytes = 512;

// Of zlib, bzip2 and xz, whose streams have the same members; their input is older than const.
template <typename Stream>
void lend(Stream& stream, std::string_view in, char* out, std::size_t room) {
  stream.next_in = reinterpret_cast<decltype(stream.next_in)>(const_cast<char*>(in.data()));
  stream.avail_in = static_cast<decltype(stream.avail_in)>(in.size());
  stream.next_out = reinterpret_cast<decltype(stream.next_out)>(out);
  stream.avail_out = static_cast<decltype(stream.avail_out)>(room);
}

class Gunzip final : public Unpacker {
 public:
  Gunzip() : Unpacker("gzip", true) {}
  ~Gunzip() override { inflateEnd(&stream_); }

 private:
  void begin_member() override {
    constexpr int kGzipOnly = 16 + MAX_WBITS;
    const int code =
        stream_.state == nullptr ? inflateInit2(&stream_, kGzipOnly) : inflateReset(&stream_);
    if (code != Z_OK) throw std::bad_alloc();
  }

  Result<Step> step(std::string_view in, char* out, std::size_t room) override {
    lend(stream_, in, out, room);
    const int code = inflate(&stream_, Z_NO_FLUSH);
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) {
      return damaged(stream_.msg != nullptr ? stream_.msg : zError(code));
    }
    return Step{in.size() - stream_.avail_in, room - stream_.avail_out, code == Z_STREAM_END};
  }

  z_stream stream_{};
};

class Bunzip2 final : public Unpacker {
 public:
  Bunzip2() : Unpacker("bzip2", false) {}
  ~Bunzip2() override { BZ2_bzDecompressEnd(&stream_); }

 private:
  void begin_member() override {
    BZ2_bzDecompressEnd(&stream_);
    if (BZ2_bzDecompressInit(&stream_, 0, 0) != BZ_OK) throw std::bad_alloc();
  }

  Result<Step> step(std::string_view in, char* out, std::size_t room) override {
    lend(stream_, in, out, room);
    const int code = BZ2_bzDecompress(&stream_);
    if (code != BZ_OK && code != BZ_STREAM_END) {
      return damaged(code == BZ_MEM_ERROR          ? "not enough memory"
                     : code == BZ_DATA_ERROR_MAGIC ? "incorrect header"
                                                   : "incorrect data or checksum");
    }
    return Step{in.size() - stream_.avail_in, room - stream_.avail_out, code == BZ_STREAM_END};
  }

  bz_stream stream_{};
};

class Unxz final : public Unpacker {
 public:
  Unxz() : Unpacker("xz", true) {}
  ~Unxz() override { lzma_end(&stream_); }

 private:
  void begin_member() override {
    if (lzma_stream_decoder(&stream_, kXzMebibytes << 20, LZMA_TELL_UNSUPPORTED_CHECK) != LZMA_OK) {
      throw std::bad_alloc();
    }
  }

  Result<Step> step(std::string_view in, char* out, std::size_t room) override {
    lend(stream_, in, out, room);
    const lzma_ret code = lzma_code(&stream_, LZMA_RUN);
    if (code == LZMA_MEMLIMIT_ERROR) return too_large(kXzMebibytes);
    if (code != LZMA_OK && code != LZMA_STREAM_END && code != LZMA_BUF_ERROR) {
      return damaged(code == LZMA_MEM_ERROR      ? "not enough memory"
                     : code == LZMA_FORMAT_ERROR ? "incorrect header"
                     : code == LZMA_DATA_ERROR   ? "incorrect data or checksum"
                                                 : "unknown options");
    }
    return Step{in.size() - stream_.avail_in, room - stream_.avail_out, code == LZMA_STREAM_END};
  }

  lzma_stream stream_ = LZMA_STREAM_INIT;
};

class Unzstd final : public Unpacker {
 public:
  Unzstd() : Unpacker("zstd", false), context_(ZSTD_createDCtx()) {
    if (context_ == nullptr) throw std::bad_alloc();
    ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, kZstdWindowLog);
  }

 private:
  void begin_member() override {}  // the library does

  Result<Step> step(std::string_view in, char* out, std::size_t room) override {
    ZSTD_inBuffer from{in.data(), in.size(), 0};
    ZSTD_outBuffer to{out, room, 0};
    const std::size_t code = ZSTD_decompressStream(context_.get(), &to, &from);
    if (ZSTD_getErrorCode(code) == ZSTD_error_frameParameter_windowTooLarge) {
      return too_large(std::size_t{1} << (kZstdWindowLog - 20));
    }
    if (ZSTD_isError(code) != 0) return damaged(ZSTD_getErrorName(code));
    return Step{from.pos, to.pos, code == 0};
  }

  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };
  std::unique_ptr<ZSTD_DCtx, Free> context_;
};

bool is_bzip2(std::string_view first) {
  constexpr std::string_view kBlock = "1AY&SY";
  constexpr std::string_view kEmpty = "\x17rE8P\x90";
  if (!first.starts_with("BZh") || first.size() < 4 || first[3] < '1' || first[3] > '9') {
    return false;
  }
  const std::string_view next = first.substr(4, kBlock.size());
  return kBlock.starts_with(next) || kEmpty.starts_with(next);
}

// A frame, or one to be skipped, as pzstd puts them first.
bool is_zstd(std::string_view first) {
  return first.starts_with("\x28\xb5\x2f\xfd") || (!first.empty() && (first[0] & 0xf0) == 0x50 &&
                                                   first.substr(1).starts_with("\x2a\x4d\x18"));
}

}  // namespace

std::unique_ptr<Unpacker> Unpacker::for_content(std::string_view first) {
  if (first.starts_with("\x1f\x8b")) return std::make_unique<Gunzip>();
  if (first.starts_with("\xfd\x37zXZ")) return std::make_unique<Unxz>();
  if (is_bzip2(first)) return std::make_unique<Bunzip2>();
  if (is_zstd(first)) return std::make_unique<Unzstd>();
  return nullptr;
}

Result<std::size_t> Unpacker::run(std::string_view& in, char* out, std::size_t room) {
  if (between_members_) {
    if (zeros_behind_) in.remove_prefix(std::min(in.find_first_not_of('\0'), in.size()));
    if (in.empty()) return std::size_t{0};
    begin_member();
    between_members_ = false;
  }
  // zlib and bzip2 count in it.
  constexpr std::size_t kMost = std::numeric_limits<unsigned>::max();
  const auto did = step(in.substr(0, kMost), out, std::min(room, kMost));
  if (!did) return did.error();
  if (in.empty() && did->made == 0 && !did->ended) {
    return Error{fmt::format("expected the rest of the {} data, got the end of the file", name_),
                 "", "copy the file again, or wait until it is written"};
  }
  in.remove_prefix(did->taken);
  between_members_ = did->ended;
  return did->made;
}

Error Unpacker::damaged(std::string_view why) const {
  return {fmt::format("expected {} data, got bytes that are none ({})", name_, why), "",
          fmt::format("copy the file again; {} -dc unpacks what is whole of it", name_)};
}

Error Unpacker::too_large(std::size_t most_mebibytes) const {
  return {fmt::format("expected {} data that at most {} MiB of memory unpack, got some that needs "
                      "more",
                      name_, most_mebibytes),
          "", fmt::format("unpack it first, with {} -d", name_)};
}

}  // namespace recoup::documents
