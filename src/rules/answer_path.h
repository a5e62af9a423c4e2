#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/result.h"

namespace recoup::rules {

// AnswerPath says where in an answer's body a text stands: from the root on, the names of members
// (JSON) or elements (XML), and indexes of arrays, which count from 0. Empty: nowhere.
struct AnswerPath {
  using Step = std::variant<std::string, std::size_t>;
  std::vector<Step> steps;

  bool empty() const { return steps.empty(); }
  bool operator==(const AnswerPath&) const = default;
};

// Reads a path into JSON as people write it: `error.status`, `error.details[0].reason`; a name with
// other characters stands in brackets and quotes, `error["x-amzn.code"]`. The error says what was
// expected.
core::Result<AnswerPath> parse_json_path(std::string_view text);

// Reads a path into XML in the same form: the names of elements, the root's first, `Error.Code`. A
// name without a prefix is one of any namespace.
core::Result<AnswerPath> parse_xml_path(std::string_view text);

}  // namespace recoup::rules
