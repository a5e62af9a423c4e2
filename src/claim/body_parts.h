#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

// What the text of a claim is put together from, and how that is laid out. For body.cc alone.
namespace recoup::claim {

// A row of a table or list.
struct Row {
  std::vector<std::string> cells;
  std::size_t place = 0;  // where it stands among those that are shown
};

struct BodyColumn {
  std::string name;
  bool number = false;  // stands at the right of its column
};

// A part of the text. Where all together are too long, the last rows of the longest are left out:
// rows stand in the order of their weight.
struct Part {
  enum class Kind {
    title,
    heading,
    paragraph,
    warning,   // a paragraph that is not to be overlooked
    facts,     // names and values
    table,     // with names of columns
    list,      // sentences
    commands,  // to be copied as they are
  };

  Kind kind = Kind::paragraph;
  std::string text = {};  // of a title, heading or paragraph
  std::vector<BodyColumn> columns = {};
  std::vector<Row> rows = {};
  std::size_t shown = 0;  // of the rows; all facts are
  // What is said where only so many of so many rows are shown; empty: that the rest is in
  // claim.json.
  std::function<std::string(std::size_t shown, std::size_t all)> rest = {};
};

Part title(std::string text);
Part heading(std::string text);
Part paragraph(std::string text);
Part list(const std::vector<std::string>& sentences);
Part commands(const std::vector<std::string>& lines);

// All parts as Markdown, and as plain text: at most 80 columns where no word is longer, cells under
// each other.
std::string markdown_text(const std::vector<Part>& parts);
std::string plain_text(const std::vector<Part>& parts);

// Leaves out rows until both texts have at most `most` characters, where that can be done.
void fit(std::vector<Part>& parts, std::size_t most);

// What stands below a part that does not show all of its rows.
std::string rest_text(const Part& part);

// The rows that are shown, each at its place.
std::vector<Row> shown_rows(const Part& part);

// On one line and inside one cell of a table; its first characters, where it is very long. The
// whole must be in claim.json.
std::string line_text(const std::string& text);

// The same of what a user or somebody else wrote, without what is confidential.
std::string user_text(std::string_view raw);

}  // namespace recoup::claim
