// Access logs as a whole: most lines are read by marks, a few at a time, the others one by one.
#include <array>
#include <memory>

#include "sources/logs/formats/combined.h"
#include "sources/logs/formats/combined_parts.h"
#include "sources/logs/formats/marks.h"
#include "sources/logs/formats/request.h"

namespace recoup::sources {
namespace {

// A line that was read by its marks.
struct MarkedLine {
  std::string_view text, request;
  core::Instant at;
  int status = 0;
  bool is_own = false;
};

// MarkedLines reads lines by marks: those that begin with three words and a time, and have nothing
// in them that wants a closer look: no backslash, by which a quote may be none, and no white space
// or bracket before the time. What it reads, it reads as parse_combined() does.
class MarkedLines {
 public:
  void lay_out(std::string_view bytes) {
    chunk_ = bytes.data();
    marks_.lay_out(bytes);
  }

  // Passes all before `line`, a place in what was laid out.
  template <typename Turn>
  void pass(const char* line, Turn turn) {
    do {
      const std::uint32_t* mark = marks_.begin();
      while (mark != marks_.end() && at(mark) < line) ++mark;
      marks_.pass(mark);
      if (mark != marks_.end()) return;
      marks_.fill(turn);
    } while (marks_.size() > 0);
  }

  // Reads the next line and passes it. False where it is not all marked, or is to be read
  // otherwise.
  bool read(const char*& line, ClfTimes& times, MarkedLine& out) {
    const std::uint32_t* mark = marks_.begin();
    const std::uint32_t* const last = marks_.end();
    if (last - mark < kFewest) return false;
    const char* const begin = line;
    const char* const time = at(mark);
    const char* const open = at(mark + 1);
    if (*time != '[' || open != time + kClfShape.size() + 1 || *open != '"') return false;
    if (open[-1] != ' ' || is_space(*begin) || !times.is_at(time)) return false;
    if (!has_three_words(begin, time)) return false;
    mark += 2;
    while (*at(mark) == '[' && mark + 1 != last) ++mark;
    const std::uint32_t* const close = mark;
    if (last - mark > kOfCombined && has_two_more(mark)) mark += kOfCombined;
    while (*at(mark) == '"' || *at(mark) == '[') {
      if (++mark == last) return false;
    }
    const char* const end = at(mark);
    if (*end == '\r' && mark + 1 != last && at(mark + 1) == end + 1) ++mark;
    if (close == mark || *at(mark) != '\n' || end - begin > kLongest) return false;
    const char* const size = status_and_size(at(close) + 1, end);
    const auto instant = times.instant(time);
    if (size == nullptr || !instant) return false;
    out.text = text_between(begin, end);
    out.request = text_between(open + 1, at(close));
    out.at = *instant;
    out.status = status_behind(at(close));
    out.is_own = has_referrer(size, end) && is_own(close + 1, end);
    marks_.pass(mark + 1);
    line = at(mark) + 1;
    return true;
  }

  // So that a line is all marked which has not very many marks.
  template <typename Turn>
  void fill(Turn turn) {
    marks_.fill(turn);
  }

 private:
  static constexpr std::ptrdiff_t kFewest = 4;  // "[", two quotes and the line's end
  static constexpr auto kLongest = static_cast<std::ptrdiff_t>(LineReader::kLongestLine);

  // Quotes from that of the request's end on: referrer and User-Agent have theirs.
  static constexpr std::ptrdiff_t kOfCombined = 5;
  bool has_two_more(const std::uint32_t* close) const {
    bool all = true;
    for (std::ptrdiff_t i = 0; i < kOfCombined; ++i) all = all && *at(close + i) == '"';
    return all;
  }

  const char* at(const std::uint32_t* mark) const { return chunk_ + *mark; }

  // `mark`: of the quote that begins the referrer.
  bool is_own(const std::uint32_t* mark, const char* end) const {
    do {
      ++mark;
    } while (*at(mark) == '[');
    return *at(mark) == '"' && own_agent_behind(at(mark), end);
  }

  const char* chunk_ = nullptr;
  Marks marks_;
};

class CombinedReader final : public LineReader {
 public:
  CombinedReader(std::size_t request_id, bool by_marks) : request_id_(request_id) {
    if (by_marks && request_id == 0 && Marks::are_quick())
      marked_ = std::make_unique<MarkedLines>();
  }

 private:
  bool line(const Line& line, Intake& intake) override {
    const auto request = parse_combined(line.text, times_);
    if (!request) return false;
    take(line, text_hash(line.text), *request, intake);
    return true;
  }

  bool lay_out(std::string_view bytes) override {
    if (marked_) marked_->lay_out(bytes);
    return marked_ != nullptr;
  }

  std::size_t take_quickly(std::string_view bytes, Intake& intake) override {
    const auto turn = [&] { intake.turn(); };
    const char* line = bytes.data();
    marked_->pass(line, turn);
    std::array<MarkedLine, kAtOnce> lines;
    std::array<std::string_view, kAtOnce> texts;
    while (true) {
      marked_->fill(turn);
      std::size_t got = 0;
      for (; got < kAtOnce && marked_->read(line, times_, lines[got]); ++got) {
        texts[got] = lines[got].text;
      }
      if (got == 0) return static_cast<std::size_t>(line - bytes.data());
      const auto hashes = text_hashes(texts);
      if (got == kAtOnce && are_alike(lines)) {
        const auto outcome = outcome_of(lines[0].status, intake);
        if (intake.take_alike(hashes, lines[0].at, outcome)) continue;
      }
      for (std::size_t i = 0; i < got; ++i) {
        const MarkedLine& one = lines[i];
        const LoggedRequest request{one.at, outcome_of(one.status, intake), one.is_own, false};
        take_request({one.text, intake.next_line(), false}, hashes[i], request, intake,
                     [&](auto& record) { record.request = method_and_path(one.request); });
      }
    }
  }

  // Whether they all are requests of others that came to the same at the same time.
  static bool are_alike(const std::array<MarkedLine, 4>& lines) {
    bool alike = !lines[0].is_own;
    for (std::size_t i = 1; i < lines.size(); ++i) {
      alike = alike && !lines[i].is_own && lines[i].at == lines[0].at &&
              lines[i].status == lines[0].status;
    }
    return alike;
  }

  void take(const Line& line, std::uint64_t hash, const CombinedLine& request, Intake& intake) {
    const bool has_id = request_id_ != 0 && has_value(numbered_field(request, request_id_));
    take_request(line, hash,
                 {request.at, outcome_of(request.status, intake), request.is_own, has_id}, intake,
                 [&](Failures::Record& record) {
                   record.request = method_and_path(request.request);
                   if (request_id_ != 0) record.request_id = numbered_field(request, request_id_);
                 });
  }

  std::string_view expected_of(std::string_view line) const override {
    return expected_of_combined(line);
  }

  static constexpr std::size_t kAtOnce = 4;  // as text_hashes() takes

  ClfTimes times_;
  std::size_t request_id_;               // the number of its field; 0: none
  std::unique_ptr<MarkedLines> marked_;  // null: lines are read one by one
};

}  // namespace

std::unique_ptr<Reader> combined_reader(std::size_t request_id, bool by_marks) {
  return std::make_unique<CombinedReader>(request_id, by_marks);
}

}  // namespace recoup::sources
