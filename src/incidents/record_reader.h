#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "documents/json_tree.h"

namespace recoup::incidents {

// RecordReader takes values out of one record. The first that is not as expected is the complaint
// that the whole record gets; what follows reads as empty.
class RecordReader {
 public:
  // What is wrong, and at which value.
  struct Fault {
    const documents::JsonNode* at;
    std::string message;
    std::string help;
  };

  // The record outlives it.
  explicit RecordReader(const documents::JsonNode& record) : record_(record) {}

  const documents::JsonNode& record() const { return record_; }

  // A text that must be there, on one line; of the record, or of an object in it.
  std::string text(std::string_view key) { return text(record_, key); }
  std::string text(const documents::JsonNode& object, std::string_view key);
  // The same where it may be absent.
  std::string text_or_empty(const documents::JsonNode& object, std::string_view key);
  std::string text_or_empty(std::string_view key) { return text_or_empty(record_, key); }

  // An instant as RFC 3339 or HTTP write it, or in seconds since 1970.
  core::Instant instant(std::string_view key);
  std::optional<core::Instant> instant_or_none(const documents::JsonNode& object,
                                               std::string_view key);
  std::optional<core::Instant> instant_or_none(std::string_view key) {
    return instant_or_none(record_, key);
  }

  // The objects of an array that may be absent.
  std::vector<const documents::JsonNode*> objects(const documents::JsonNode& object,
                                                  std::string_view key);
  std::vector<const documents::JsonNode*> objects(std::string_view key) {
    return objects(record_, key);
  }

  // Complains about a value, which outlives the reader.
  void refuse(const documents::JsonNode& at, std::string message, std::string help = {});

  const std::optional<Fault>& complaint() const { return complaint_; }

 private:
  std::optional<core::Instant> instant_of(const documents::JsonNode& node);

  const documents::JsonNode& record_;
  std::optional<Fault> complaint_;
};

// Keeps the earlier, or the later, of both.
void keep_earliest(std::optional<core::Instant>& at, const std::optional<core::Instant>& other);
void keep_latest(std::optional<core::Instant>& at, const std::optional<core::Instant>& other);

// The instant that a text or a number says, in one of the forms that providers use.
std::optional<core::Instant> parse_provider_time(std::string_view text);

}  // namespace recoup::incidents
