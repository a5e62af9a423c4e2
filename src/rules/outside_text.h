#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "documents/document.h"
#include "record/secret.h"
#include "rules/probe_tls.h"

namespace recoup::rules {

// OutsideText is one line of text that the settings do not hold themselves: a variable of the
// environment has it, or a file.
struct OutsideText {
  record::Secret text;  // with its prefix, as it was when the settings were read
  std::string file;     // where it stands and may change; empty: in the environment
  std::string prefix;   // put before what stands there
  std::string from;     // "the file 'token'"; no secret
};

// Whether a text can be a header's value: a line break would begin another header.
bool is_one_line(std::string_view text);

// Reads { env = "NAME" } or { file = "PATH" }, with a prefix perhaps ("Bearer " before a token that
// a file has bare). Nothing where there is no such text; the reason is a complaint.
std::optional<OutsideText> read_outside_text(const documents::Value& value, const Secrets& secrets);

// What it is now: of a file, what that holds at this time. The error names the file, and shows
// nothing of what it holds.
core::Result<record::Secret> text_now(const OutsideText& outside);

}  // namespace recoup::rules
