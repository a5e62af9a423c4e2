#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/terminal.h"

namespace recoup::cli {

// Column is one of a TextTable's: its heading, and what becomes of it on a narrow terminal.
class Column {
 public:
  Column(const char* head) : head_(head) {}
  Column(std::string head) : head_(std::move(head)) {}

  // Numbers stand below one another at the right.
  Column right() const;

  // It goes where a terminal is too narrow, before those with a lower rank; by itself it stays.
  Column goes(int rank) const;

  // Text that is cut there before any column goes, to that many characters at least; or that goes
  // on in the lines below.
  Column cut_to(std::size_t least) const;
  Column broken_to(std::size_t least) const;

  // Its cells have the colour that this says of them.
  Column coloured(Paint (*paint)(std::string_view cell)) const;

 private:
  friend class TextTable;

  std::string head_;
  bool right_ = false;
  int rank_ = 0;           // 0: it stays
  std::size_t least_ = 0;  // 0: it is never cut
  bool breaks_ = false;
  Paint (*paint_)(std::string_view cell) = nullptr;
};

// TextTable prints rows of cells in columns that are as wide as they must be, each line after two
// blanks. Columns without any text below their heading are left out. Where a terminal is too narrow
// (output_width), text is cut or broken, then columns go, and a line below says which.
class TextTable {
 public:
  explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // A cell for each column.
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  void print() const;

 private:
  struct Placed {
    std::size_t index;
    std::size_t natural;  // what the longest cell takes
    std::size_t width;
  };

  std::vector<Placed> filled() const;
  std::vector<std::string> fit(std::vector<Placed>& placed, std::size_t room) const;
  std::string line_of(const std::vector<std::string>& cells, const std::vector<Placed>& placed,
                      bool is_head) const;
  void print_row(std::vector<std::string> cells, const std::vector<Placed>& placed) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace recoup::cli
