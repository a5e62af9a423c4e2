#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"
#include "documents/content.h"

namespace recoup::documents {

// WholeFile holds all of one file in memory: its bytes as they lie, and what is in them. It reads
// one after another and keeps its memory from file to file, since getting some anew for each costs
// as much as unpacking it. One thread.
class WholeFile {
 public:
  // Behind the content so many bytes more may be read, whatever they are.
  static constexpr std::size_t kPadding = 64;

  // Of what it reads, plain or unpacked, it holds at most so many bytes.
  explicit WholeFile(std::size_t most) : most_(most) {}

  // Reads a plain or a gzipped file at once, which is several times as fast as piece by piece
  // (Content). False where that is not how to read it: it has more than there may be, it is packed
  // otherwise, or it is no file on a disk. Errors: it cannot be read; the gzip data is damaged, cut
  // or followed by something else.
  core::Result<bool> read(const InputFile& input);

  // Of the file that was read last, until the next one is.
  std::string_view as_it_lies() const { return raw_.view(); }
  std::string_view content() const { return is_packed_ ? unpacked_.view() : raw_.view(); }

 private:
  // Memory that grows and is never filled with zeros.
  class Bytes {
   public:
    // Room for so many bytes and the padding behind them; what is used stays.
    void reserve(std::size_t size);
    void use(std::size_t size) { used_ = size; }
    char* data() { return bytes_.get(); }
    std::size_t room() const { return room_; }
    std::string_view view() const { return {bytes_.get(), used_}; }

   private:
    std::unique_ptr<char[]> bytes_;
    std::size_t room_ = 0;  // without the padding
    std::size_t used_ = 0;
  };

  core::Result<bool> gunzip();

  std::size_t most_;
  bool is_packed_ = false;
  Bytes raw_;
  Bytes unpacked_;
};

// The SHA-256 of a file's bytes as they lie, in hexadecimal digits.
core::Result<std::string> digest_as_it_lies(const InputFile& input);

}  // namespace recoup::documents
