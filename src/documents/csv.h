#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace recoup::documents {

// CsvReader reads records as RFC 4180 has them: fields between commas, quotes around a field that
// holds commas, quotes (doubled) or line breaks, lines that end with LF or CRLF, the last one also
// without. A byte order mark and empty lines are passed over. Every record has as many fields as
// the first. Memory is bounded: a record has at most kLongest bytes.
//
// libcsv 3.0.3 reads a FOCUS file twice as fast as is needed (610 MB/s a core), but cannot say in
// which line and column a field stands, and gathers what follows an open quote without bound.
class CsvReader {
 public:
  // The next bytes of the file, valid until the next call; empty at the end.
  using Source = std::function<std::string_view()>;

  static constexpr std::size_t kLongest = 1 << 20;

  // `name` is what complaints call the file.
  CsvReader(std::string name, Source source);

  // Goes to the next record; false at the end, and where state() is an error.
  bool next();

  // Fields of the record, until next().
  std::size_t size() const { return fields_.size(); }

  // A field's bytes between its quotes: doubled quotes are still double.
  std::string_view raw(std::size_t i) const {
    return {fields_[i].begin, static_cast<std::size_t>(fields_[i].end - fields_[i].begin)};
  }
  std::string text(std::size_t i) const;

  // The line of the file that the record begins on, from 1.
  std::uint64_t line() const { return line_at(at_); }

  const core::Result<void>& state() const { return state_; }

  // A complaint about field `i` of the record, with its line laid out.
  core::Error complaint(std::size_t i, std::string message, std::string help) const;

 private:
  struct Field {
    const char* begin;
    const char* end;  // not included
    bool quoted;
  };
  enum class Scanned { record, more, broken };

  bool refill();
  bool skip_empty_lines();
  Scanned scan();
  Scanned open_quote(const char* at);
  Scanned broken(const char* at, const char* end, std::string message, std::string help);
  bool check_size();
  bool has_line_end(const char* at) const;
  core::Error place(const char* begin, const char* end, std::string message,
                    std::string help) const;
  std::uint64_t line_at(const char* at) const;

  std::string name_;
  Source source_;
  std::vector<char> buffer_;
  const char* at_ = nullptr;      // the record begins
  const char* next_ = nullptr;    // the record after it begins
  const char* filled_ = nullptr;  // the end of what was read, where a line break stands as a guard
  bool whole_ = false;            // nothing follows what was read
  std::uint64_t line_ = 1;        // of the buffer's first byte
  std::vector<Field> fields_;
  std::size_t expected_ = 0;  // fields; 0 before the first record
  core::Result<void> state_;
};

}  // namespace recoup::documents
