#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "core/time.h"
#include "documents/diagnostic.h"

namespace recoup::documents {

enum class Kind { text, integer, number, boolean, instant, local_time, date, array, table };

// Node is one value of a TOML or YAML file and where it stands. Document's own; others use Value
// and Table.
struct Node {
  Kind kind = Kind::table;
  Span span;            // of the value; of a [table] its header
  std::string key;      // empty for a member of an array
  Span key_span;        // line 0 for a member of an array
  std::string literal;  // numbers, times and the headers of tables as they are written
  std::variant<std::monostate, std::string, std::int64_t, double, bool, core::Instant, core::Date>
      value;
  std::vector<Node> children;  // members of an array or a table, as they stand in the file

  bool opened = false;             // somebody reads this table key by key
  std::vector<std::string> asked;  // the keys that were asked for, in this order
  bool any_key = false;            // its keys are names that the user gives
};

// Reads TOML; `tree` becomes the root table. Complains where it is not TOML.
std::vector<Complaint> read_toml(std::string_view text, Node& tree);

// Reads one document of YAML; `tree` becomes the root table, an empty one where there is no
// document. Every scalar is text, one that is left out or null is empty text: who reads it says
// what it wants. Complains where it is not YAML, where a key stands twice, and about aliases and
// tags, which are not followed; after most complaints `tree` is empty.
std::vector<Complaint> read_yaml(std::string_view text, Node& tree);

}  // namespace recoup::documents
