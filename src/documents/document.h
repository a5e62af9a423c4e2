#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ratio.h"
#include "core/result.h"
#include "core/time.h"
#include "core/zone.h"
#include "documents/diagnostic.h"

namespace recoup::documents {

struct Node;
class Table;

// Percent is a percentage as the user wrote it, and as a fraction of 1.
struct Percent {
  std::string text;
  core::Ratio fraction;
};

// Value is what stands at one key, or does not. A getter of a value that is absent returns nothing
// and says nothing; of one that is not what was asked for it returns nothing and complains. Lives
// as long as its document.
class Value {
 public:
  Value(std::vector<Complaint>& complaints, Node* node, std::string key);

  explicit operator bool() const { return node_ != nullptr; }
  const std::string& key() const { return key_; }

  // Complains about the value, which is present.
  void complain(std::string message, std::string help = {}) const;
  void complain(const core::Error& error) const { complain(error.message, error.help); }

  // Says what about the value, which is present, is probably not meant; it can be used.
  void warn(std::string message, std::string help = {}) const;

  bool is_text() const;
  bool is_table() const;
  bool is_array() const;

  // Text of at least one character.
  std::optional<std::string> text() const;
  std::optional<std::string> text_or_empty() const;

  // A whole number within [low, high].
  std::optional<int> integer(int low, int high) const;
  std::optional<bool> boolean() const;

  // Text like "5s", within [low, high].
  std::optional<core::Millis> duration(core::Millis low, core::Millis high) const;

  // Text like "99.999", within 0 and 100.
  std::optional<Percent> percent() const;

  // Text like "1845.00".
  std::optional<core::Ratio> decimal() const;

  // One of these words; its index.
  std::optional<std::size_t> word(const std::vector<std::string>& words) const;

  // A TOML date-time with its offset.
  std::optional<core::Instant> instant() const;
  std::optional<core::Date> date() const;

  // A TOML date-time with its offset, or a date, which is its begin in the zone.
  std::optional<core::Instant> instant_in(const core::Zone& zone) const;

  // Text as it is, and a whole number, a truth value or a date as it was written.
  std::optional<std::string> written() const;

  // Text like "2026-10".
  std::optional<core::Month> month() const;

  std::optional<Table> table() const;

  // What stands at a key of the table that this is; absent where it is none.
  Value member(std::string_view key) const;

  // The members of an array, and those of them that are what they should be.
  std::vector<Value> items() const;
  std::vector<std::string> texts() const;
  std::vector<int> integers(int low, int high) const;
  std::vector<Table> tables() const;

 private:
  template <typename T, typename Parse>
  std::optional<T> parsed(std::string_view expected, const std::string& help, Parse parse) const;
  std::optional<std::string> decimal_text(std::string_view expected,
                                          std::string_view example) const;
  void wrong_kind(std::string_view expected, std::string help = {}) const;
  std::string found() const;

  std::vector<Complaint>* complaints_;
  Node* node_;
  std::string key_;
};

// Table is a TOML table that remembers which keys it was asked for. Lives as long as its document.
class Table {
 public:
  Table(std::vector<Complaint>& complaints, Node& node);

  // What stands at the key, which may be absent.
  Value optional(std::string_view key) const;

  // The same; complains where it is absent.
  Value required(std::string_view key) const;

  bool empty() const;

  // All keys, where they are names that the user gives.
  std::vector<Value> entries() const;

  // Complains about the table: at its header, or at all of an inline one.
  void complain(std::string message, std::string help = {}) const;

  // Says what about the table is probably not meant; it can be used.
  void warn(std::string message, std::string help = {}) const;

  // Where that is.
  const Span& at() const;

 private:
  std::vector<Complaint>* complaints_;
  Node* node_;
};

// Document is a TOML or YAML file that is being read, and all complaints about it so far. The
// reader goes on after a complaint, so that the user sees all of them at once.
class Document {
 public:
  // Text that is not what it should be has an empty root and a complaint.
  Document(std::string path, std::string text, Syntax syntax = Syntax::toml);
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;
  ~Document();

  // Whether the text is TOML, or YAML, at all.
  bool is_sound() const { return is_sound_; }

  Table root();

  // How many complaints there are so far that are no warnings.
  std::size_t errors() const;

  // Complains about every key that no reader asked for. Done where there was no complaint; the
  // error's message is all of them, laid out, each once: what stands in the file once may be read
  // again and again. Warnings are none.
  core::Result<void> finish();

  // The warnings so far, each once, laid out; empty where there are none.
  std::string warnings() const;

  // The complaints so far of one kind, each once, in the order in which they were made.
  enum class Finding { error, warning };
  std::vector<Complaint> findings(Finding kind) const;

  // A complaint that is not among those of finish(), laid out.
  std::string laid_out(Complaint complaint) const;

 private:
  std::string path_;
  std::string text_;
  Syntax syntax_;
  std::unique_ptr<Node> tree_;
  std::vector<Complaint> complaints_;
  bool is_sound_;
};

}  // namespace recoup::documents
