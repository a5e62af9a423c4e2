#pragma once

#include <string>
#include <string_view>

#include "rules/answer_path.h"

namespace recoup::sources::probe {

// What stands at a path of a body, of which the end may be cut off: what is found in the beginning
// of a body is found in all of it. Both take time in proportion to the body.

// The first text at the path in JSON, or the first whole number as it is written there; empty where
// there is none.
std::string text_in_json(std::string_view json, const rules::AnswerPath& path);

// The text of the first element at the path in XML, without that of elements in it and blanks
// around it; empty where there is none, and from the first place on that is not well-formed. A
// document type is not read: what follows one is not looked at.
std::string text_in_xml(std::string_view xml, const rules::AnswerPath& path);

}  // namespace recoup::sources::probe
