#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "documents/diagnostic.h"

namespace recoup::documents {

// JsonNode is one value of a JSON text, and where it stands: bytes [begin, end) of the text.
struct JsonNode {
  enum class Kind { null, boolean, number, text, array, object };

  Kind kind = Kind::null;
  std::string key;   // of a member of an object
  std::string text;  // of a text; of a number as it is written
  std::size_t begin = 0;
  std::size_t end = 0;
  std::vector<JsonNode> children;  // in their order

  bool is(Kind other) const { return kind == other; }
  // The member of that key, the last one where there are several; null where there is none, or it
  // is null, or this is no object.
  const JsonNode* find(std::string_view name) const;
};

// What was read, or the complaint of where it is no JSON.
struct JsonTree {
  std::optional<JsonNode> root;
  Complaint fault;
};

// Reads all of the text. Values lie 64 deep in one another at most.
JsonTree read_json(std::string_view text);

// The place of bytes [begin, end) of the text, to the end of the line that it begins in.
Span span_of_bytes(std::string_view text, std::size_t begin, std::size_t end);

// The complaint laid out with the line of the text that it is about, as far as a line can be shown.
std::string complaint_text(const std::string& name, std::string_view text,
                           const Complaint& complaint);

}  // namespace recoup::documents
