#include "cli/text_table.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "core/text.h"

namespace recoup::cli {
namespace {

constexpr std::size_t kBetween = 2;  // blanks before each column

}  // namespace

Column Column::right() const {
  Column column = *this;
  column.right_ = true;
  return column;
}

Column Column::goes(int rank) const {
  Column column = *this;
  column.rank_ = rank;
  return column;
}

Column Column::cut_to(std::size_t least) const {
  Column column = *this;
  column.least_ = least;
  return column;
}

Column Column::broken_to(std::size_t least) const {
  Column column = cut_to(least);
  column.breaks_ = true;
  return column;
}

Column Column::coloured(Paint (*paint)(std::string_view cell)) const {
  Column column = *this;
  column.paint_ = paint;
  return column;
}

// Those with any text, as wide as it takes.
std::vector<TextTable::Placed> TextTable::filled() const {
  std::vector<Placed> placed;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t width = 0;
    for (const auto& row : rows_) width = std::max(width, width_of(row[i]));
    if (width == 0 && !(rows_.empty() && !columns_[i].head_.empty())) continue;
    width = std::max(width, width_of(columns_[i].head_));
    placed.push_back({i, width, width});
  }
  return placed;
}

std::string TextTable::line_of(const std::vector<std::string>& cells,
                               const std::vector<Placed>& placed, bool is_head) const {
  std::string line;
  for (const Placed& one : placed) {
    const Column& column = columns_[one.index];
    const std::string text = cut(cells[one.index], one.width);
    const std::string blanks(one.width - width_of(text), ' ');
    const Paint paint = is_head                    ? Paint::head
                        : column.paint_ != nullptr ? column.paint_(cells[one.index])
                                                   : Paint::none;
    line += std::string(kBetween, ' ');
    if (column.right_) line += blanks;
    line += painted(paint, text);
    // None at the end of a line.
    if (!column.right_ && &one != &placed.back()) line += blanks;
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

// What goes on below is printed until nothing is left of it.
void TextTable::print_row(std::vector<std::string> cells, const std::vector<Placed>& placed) const {
  while (true) {
    std::vector<std::string> rest(cells.size());
    bool more = false;
    for (const Placed& one : placed) {
      std::string& cell = cells[one.index];
      if (!columns_[one.index].breaks_ || width_of(cell) <= one.width) continue;
      const std::string lines = wrapped(cell, one.width, 0);
      const auto end = std::min(lines.find('\n'), lines.size());
      rest[one.index] = lines.substr(std::min(end + 1, lines.size()));
      std::replace(rest[one.index].begin(), rest[one.index].end(), '\n', ' ');
      cell = lines.substr(0, end);
      more = more || !rest[one.index].empty();
    }
    say(line_of(cells, placed, false));
    if (!more) return;
    cells = std::move(rest);
  }
}

// Makes the columns fit: text is cut, and the headings of what had to go are what it gives.
std::vector<std::string> TextTable::fit(std::vector<Placed>& placed, std::size_t room) const {
  std::size_t taken = 0;
  for (Placed& one : placed) {
    const Column& column = columns_[one.index];
    if (column.least_ > 0) {
      one.width = std::min(one.natural, std::max(column.least_, width_of(column.head_)));
    }
    taken += kBetween + one.width;
  }
  std::set<std::size_t> gone;
  while (taken > room) {
    const auto last =
        std::max_element(placed.begin(), placed.end(), [&](const Placed& a, const Placed& b) {
          return columns_[a.index].rank_ < columns_[b.index].rank_;
        });
    if (last == placed.end() || columns_[last->index].rank_ == 0) break;
    taken -= kBetween + last->width;
    gone.insert(last->index);
    placed.erase(last);
  }
  // What is left is shared by those that were cut, from the left.
  for (Placed& one : placed) {
    if (taken >= room) break;
    const std::size_t more = std::min(one.natural - one.width, room - taken);
    one.width += more;
    taken += more;
  }
  std::vector<std::string> heads;
  for (const std::size_t index : gone) heads.push_back(columns_[index].head_);
  return heads;
}

void TextTable::print() const {
  std::vector<Placed> placed = filled();
  std::vector<std::string> gone;
  if (const auto room = output_width()) gone = fit(placed, *room);
  std::vector<std::string> heads;
  for (const Column& column : columns_) heads.push_back(column.head_);
  say(line_of(heads, placed, true));
  for (const auto& row : rows_) print_row(row, placed);
  if (gone.empty()) return;
  say(painted(Paint::quiet,
              prose(fmt::format("  (no room for {}: --wide shows all)", core::listed(gone)))));
}

}  // namespace recoup::cli
