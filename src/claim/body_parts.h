#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// What the body of a claim is put together from. For body.cc alone.
namespace recoup::claim {

// A part of the body: text, and behind it a list of which only the first entries may be shown.
struct Part {
  std::string text;
  std::vector<std::string> entries = {};  // lines of a list or rows of a table, each with its end
  std::size_t shown = entries.size();
  std::size_t columns = 0;  // of the table; 0 where it is a list
};

// All parts, in at most `most` characters where that can be done: one entry after the other is left
// out of whichever list is the longest. Each list says how many it lacks, and where they are.
std::string fitted(std::vector<Part> parts, std::size_t most);

// On one line and inside one cell of a table; its first characters, where it is very long. The
// whole must be in claim.json.
std::string line_text(const std::string& text);

// The same of what a user or somebody else wrote, without what is confidential.
std::string user_text(std::string_view raw);

}  // namespace recoup::claim
