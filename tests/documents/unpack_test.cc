// Packed data: whole, in parts, cut, damaged, and too large to be unpacked here.
#include "documents/unpack.h"

#include <random>

#include <zlib.h>

#include "support/packed.h"

namespace {

using recoup::core::Error;
using recoup::core::Result;
using recoup::documents::Unpacker;
using recoup::test::kPackings;
using recoup::test::packed;

// Words in no order: neither of one kind nor incompressible.
std::string text(std::size_t size) {
  std::mt19937 random(5);
  std::string out;
  while (out.size() < size) out += fmt::format("{} requests\n", random() % 1000);
  return out.substr(0, size);
}

// As a caller with buffers of these sizes does.
Result<std::string> unpacked(std::string_view data, std::size_t piece = 1 << 16,
                             std::size_t room = 1 << 16) {
  const auto unpacker = Unpacker::for_content(data.substr(0, Unpacker::kFirstBytes));
  if (unpacker == nullptr) return Error{"not packed"};
  std::string content;
  std::string buffer(room, '\0');
  std::string_view in;
  while (true) {
    if (in.empty()) {
      in = data.substr(0, piece);
      data.remove_prefix(in.size());
    }
    const bool at_end = in.empty();
    const auto got = unpacker->run(in, buffer.data(), room);
    if (!got) return got.error();
    content.append(buffer, 0, *got);
    if (at_end && *got == 0) return content;
  }
}

std::string refused(std::string_view data) {
  const auto content = unpacked(data);
  REQUIRE_FALSE(content.ok());
  CHECK(content.error().where.empty());
  CHECK_FALSE(content.error().help.empty());
  return content.error().message;
}

}  // namespace

TEST_CASE("packed content is unpacked whole, however small the pieces") {
  for (const std::string& how : kPackings) {
    INFO(how);
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{3000}}) {
      const std::string content = text(size);
      const std::string data = packed(how, content);
      CHECK(Unpacker::for_content(data)->name() == how);
      for (const std::size_t piece : {1, 7, 100000}) {
        for (const std::size_t room : {1, 1000}) {
          const auto got = unpacked(data, piece, room);
          INFO(size << " bytes in pieces of " << piece << " into " << room);
          REQUIRE(got.ok());
          CHECK(*got == content);
        }
      }
    }
    const std::string large = text(3 << 20);  // more than a block of each, and than a window
    CHECK(*unpacked(packed(how, large)) == large);
  }
}

TEST_CASE("members one after the other are one content") {
  const std::string content = text(5000);
  for (const std::string& how : kPackings) {
    INFO(how);
    std::string data = packed(how, "");
    for (std::size_t at = 0; at < content.size(); at += 1000) {
      data += packed(how, content.substr(at, 1000)) + packed(how, "");
    }
    for (const std::size_t piece : {1, 1000, 100000}) {
      const auto got = unpacked(data, piece);
      REQUIRE(got.ok());
      CHECK(*got == content);
    }
  }
}

TEST_CASE("zeros may follow gzip and xz, and nothing else and no other format") {
  for (const std::string& how : kPackings) {
    INFO(how);
    const std::string data = packed(how, "content");
    const auto padded = unpacked(data + std::string(512, '\0'), 100);
    CHECK(padded.ok() == (how == "gzip" || how == "xz"));
    for (const std::string tail : {"t", "tail", "a long tail, longer than any header"}) {
      CHECK(refused(data + tail).find("expected ") == 0);
    }
    CHECK(refused(data + "a long tail, longer than any header")
              .find("expected " + how + " data, got bytes that are none (") == 0);
    CHECK(refused(data + packed(how == "xz" ? "gzip" : "xz", "more")).find("expected ") == 0);
  }
}

TEST_CASE("data that is cut anywhere is refused") {
  for (const std::string& how : kPackings) {
    const std::string one = packed(how, text(2000));
    for (const std::string& front : {std::string(), packed(how, "first")}) {
      for (std::size_t size = front.empty() ? 5 : 1; size < one.size(); ++size) {
        INFO(how << " cut to " << size << " of " << one.size() << " after " << front.size());
        REQUIRE(refused(front + one.substr(0, size)) ==
                "expected the rest of the " + how + " data, got the end of the file");
      }
    }
  }
}

TEST_CASE("data that is damaged anywhere is refused, or is the same content") {
  const std::string content = text(2000);
  for (const std::string& how : kPackings) {
    const std::string whole = packed(how, content);
    std::size_t unharmed = 0;
    for (std::size_t at = 0; at < whole.size(); ++at) {
      for (const int bit : {1, 4, 64}) {
        std::string data = whole;
        data[at] = static_cast<char>(data[at] ^ bit);
        const auto got = unpacked(data);
        INFO(how << " at " << at << " of " << whole.size());
        if (got.ok()) REQUIRE(*got == content);
        unharmed += got.ok() ? 1 : 0;
      }
    }
    // Times and names in gzip's header.
    CHECK(unharmed < 40);
    std::string checksum = whole;
    const std::size_t behind = how == "gzip" ? 8 : how == "xz" ? 30 : 1;
    checksum[whole.size() - behind] = static_cast<char>(checksum[whole.size() - behind] ^ 64);
    CHECK(refused(checksum).find("expected " + how + " data, got bytes that are none (") == 0);
  }
}

TEST_CASE("what is not packed is told from what is") {
  for (const std::string plain :
       {"", "B", "BZh", "BZhost - - [03/Oct/2026:00:00:00 +0000]", "BZh9 is a host", "BZh0", "\x1f",
        "\xfd"
        "7z",
        "\x28\xb5\x2f", "P*M.", "{\"Records\":[]}", "PK\x03\x04"}) {
    INFO(plain);
    CHECK(Unpacker::for_content(plain) == nullptr);
  }
  for (const std::string& how : kPackings) {
    for (std::size_t size = 5; size <= Unpacker::kFirstBytes; ++size) {
      const auto unpacker = Unpacker::for_content(packed(how, "").substr(0, size));
      REQUIRE(unpacker != nullptr);
      CHECK(unpacker->name() == how);
    }
  }
}

TEST_CASE("frames of zstd that are to be skipped are skipped") {
  const std::string skipped("\x50\x2a\x4d\x18\x04\x00\x00\x00size", 12);
  const auto got = unpacked(skipped + packed("zstd", "content") + skipped);
  REQUIRE(got.ok());
  CHECK(*got == "content");
}

TEST_CASE("data that needs too much memory is refused by the figure") {
  // A frame of nothing; its window is 1 KiB times 2 to the power of the exponent.
  const auto frame = [](int exponent) {
    return std::string("\x28\xb5\x2f\xfd\x00", 5) + static_cast<char>(exponent << 3) +
           std::string("\x01\x00\x00", 3);
  };
  CHECK(unpacked(frame(18)).ok());
  const auto error = unpacked(frame(19)).error();
  CHECK(error.message ==
        "expected zstd data that at most 256 MiB of memory unpack, got some that needs more");
  CHECK(error.help == "unpack it first, with zstd -d");

  // The block's header says how large the dictionary is, and has a checksum of its own.
  std::string data = packed("xz", "content");
  constexpr std::size_t kHeader = 12;
  constexpr std::size_t kDictionary = kHeader + 4;
  REQUIRE(data.substr(kHeader, 4) == std::string("\x02\x00\x21\x01", 4));
  data[kDictionary] = 36;  // 1 GiB
  const auto sum = crc32(0, reinterpret_cast<const Bytef*>(data.data()) + kHeader, 8);
  for (unsigned i = 0; i < 4; ++i) data[kHeader + 8 + i] = static_cast<char>(sum >> (8 * i));
  CHECK(refused(data) ==
        "expected xz data that at most 512 MiB of memory unpack, got some that needs more");
}
