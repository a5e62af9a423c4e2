#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "billing/bills/bill.h"
#include "billing/bills/bill_file.h"
#include "billing/bills/cost_explorer.h"
#include "billing/bills/csv_bill.h"
#include "record/digest.h"

namespace recoup::billing {
namespace {

using core::Error;

constexpr std::size_t kLargestJson = 1 << 24;

// What no bill begins with, and what is to be done about it.
struct Foreign {
  std::string_view magic;
  std::string_view what;
  std::string_view help;
};
constexpr std::array<Foreign, 5> kForeign{
    {{"PAR1", "Parquet", "export the bill as CSV"},
     {"\xff\xfe", "UTF-16 text", "save the file as CSV in UTF-8"},
     {"\xfe\xff", "UTF-16 text", "save the file as CSV in UTF-8"},
     {"%PDF", "a PDF", "an invoice cannot be read: export the bill as CSV"},
     {"PK\x03\x04", "a zip file inside another", "unpack it first"}}};

// Member is one file of a bill while it is read: its bytes, whose digest is taken on the way.
class Member {
 public:
  explicit Member(BillFile& file) : file_(file), front_(file.read()) { digest_.update(front_); }

  // What its first byte that is no blank is.
  bool is_json() const {
    const auto first = front_.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && (front_[first] == '{' || front_[first] == '[');
  }

  core::Result<FileRows> read(std::optional<BillFormat> format) {
    for (const Foreign& foreign : kForeign) {
      if (front_.starts_with(foreign.magic)) {
        return Error{fmt::format("expected a bill, got {}", foreign.what), file_.name(),
                     std::string(foreign.help)};
      }
    }
    auto rows = is_json() ? read_json(format) : read_csv(format);
    // Damage shows itself at the end of a packed file at the latest, and explains what is wrong
    // with a line of it.
    while (!rows && file_.state() && !file_.read().empty()) {
    }
    if (!file_.state()) return file_.state().error();
    return rows;
  }

  std::string digest() const { return digest_.hex(); }

 private:
  std::string_view next() {
    const std::string_view block = first_ ? front_ : file_.read();
    if (!first_) digest_.update(block);
    first_ = false;
    return block;
  }

  core::Result<FileRows> read_csv(std::optional<BillFormat> format) {
    documents::CsvReader reader(file_.name(), [this] { return next(); });
    auto rows = read_csv_bill(reader, format);
    if (rows || !rows.error().where.empty()) return rows;
    Error error = rows.error();
    if (error.message.find(": error: ") == std::string::npos) error.where = file_.name();
    return error;
  }

  core::Result<FileRows> read_json(std::optional<BillFormat> format) {
    if (format && *format != BillFormat::cost_explorer) {
      return Error{fmt::format("expected a CSV of the format {}, got JSON", to_text(*format)),
                   file_.name(), "give the format cost-explorer, or none: the content tells it"};
    }
    std::string text;
    for (auto block = next(); !block.empty(); block = next()) {
      text += block;
      if (text.size() > kLargestJson) {
        return Error{"expected at most 16 MiB of JSON, got more", file_.name(),
                     "ask for fewer groups, or take the bill as CSV"};
      }
    }
    return read_cost_explorer(file_.name(), text);
  }

  BillFile& file_;
  std::string_view front_;
  bool first_ = true;
  record::Sha256 digest_;
};

// Builder adds the files of one bill up.
class Builder {
 public:
  core::Result<void> add(const std::string& name, const std::string& digest, FileRows rows) {
    if (const auto known = digests_.find(digest); known != digests_.end()) {
      remark(
          fmt::format("{} has the same content as {} and is counted once.", name, known->second));
      return {};
    }
    digests_.emplace(digest, name);
    if (bill_.files.empty()) {
      bill_.format = rows.format;
      bill_.tells_apart = rows.tells_apart;
    } else if (bill_.format != rows.format) {
      return Error{fmt::format("expected every file of the bill in one format, got {} here and {} "
                               "in {}",
                               to_text(rows.format), to_text(bill_.format), bill_.files.front()),
                   name, "name the files of one format alone"};
    } else if (bill_.tells_apart != rows.tells_apart) {
      return Error{
          fmt::format("expected the GroupDefinitions of {}, got others", bill_.files.front()), name,
          "name the pages of one answer alone"};
    }
    bill_.files.push_back(name);
    bill_.rows += rows.rows;
    last_page_ = last_page_ || !rows.more_pages;
    append(bill_.groups, rows.groups);
    for (BillLine& line : rows.lines) line.file = name;
    append(bill_.lines, rows.lines);
    append(bill_.periods, rows.periods);
    for (const std::string& text : rows.remarks) remark(text);
    // Groups of many files are those of one, over and over.
    if (bill_.files.size() % 16 == 0) bill_.groups = merged(std::move(bill_.groups));
    return {};
  }

  core::Result<Bill> finish() {
    if (!last_page_) {
      return Error{"expected the last page of the answer, got a NextPageToken in every file",
                   bill_.files.back(), "fetch the page that the token asks for, and name it too"};
    }
    bill_.groups = merged(std::move(bill_.groups));
    std::sort(bill_.periods.begin(), bill_.periods.end());
    bill_.periods.erase(std::unique(bill_.periods.begin(), bill_.periods.end()),
                        bill_.periods.end());
    return std::move(bill_);
  }

 private:
  template <typename T>
  static void append(std::vector<T>& to, std::vector<T>& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  }
  void remark(const std::string& text) {
    if (std::find(bill_.remarks.begin(), bill_.remarks.end(), text) == bill_.remarks.end()) {
      bill_.remarks.push_back(text);
    }
  }

  Bill bill_;
  std::map<std::string, std::string> digests_;  // of a content, the file that has it
  bool last_page_ = false;
};

std::uint64_t size_of(const std::string& path) {
  struct stat facts {};
  return stat(path.c_str(), &facts) == 0 && S_ISREG(facts.st_mode)
             ? static_cast<std::uint64_t>(facts.st_size)
             : 0;
}

}  // namespace

core::Result<Bill> read_bill(std::optional<BillFormat> format,
                             const std::vector<std::string>& files,
                             const documents::OnProgress& progress) {
  if (files.empty()) return Error{"expected the files of a bill, got none"};
  documents::Progress all;
  for (const std::string& path : files) all.size += size_of(path);
  Builder builder;
  for (const std::string& path : files) {
    const auto report = [&](const documents::Progress& one) {
      if (progress) progress({all.read + one.read, all.size});
    };
    BillFile file(path, report);
    while (file.next_member()) {
      Member member(file);
      auto rows = member.read(format);
      if (!rows) return rows.error();
      if (auto added = builder.add(file.name(), member.digest(), std::move(*rows)); !added) {
        return added.error();
      }
    }
    if (!file.state()) return file.state().error();
    all.read += size_of(path);
  }
  return builder.finish();
}

}  // namespace recoup::billing
