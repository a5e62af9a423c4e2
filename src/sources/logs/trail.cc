#include "sources/logs/trail.h"

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "core/outcome_table.h"
#include "documents/whole_file.h"
#include "record/digest.h"
#include "sources/logs/intake.h"
#include "sources/logs/line_prints.h"
#include "sources/logs/shown.h"
#include "sources/logs/trail_reader.h"

namespace recoup::sources {
namespace {

using record::TrailMark;

constexpr std::size_t kLongestText = 128;
constexpr std::size_t kMostApart = 32;  // kinds: a file could make up any number of them
constexpr std::size_t kMostNamed = 1000;
// JSON is parsed as a whole: five times as much is used for it. Files of CloudTrail have less than
// a tenth of it.
constexpr std::size_t kMostAtOnce = std::size_t{1} << 27;
// What is read at once; two threads do.
constexpr std::size_t kMostWhole = std::size_t{1} << 25;
constexpr std::size_t kPiece = 1 << 18;

constexpr std::string_view kOwnAgent = "recoup/";
constexpr std::string_view kTrailSource = "cloudtrail.amazonaws.com";

// The calls by which a trail is switched off or on, or what it sees is changed.
struct Switch {
  std::string_view name;
  TrailMark::Kind kind;
};
constexpr std::array<Switch, 6> kSwitches{{{"StopLogging", TrailMark::Kind::off},
                                           {"DeleteTrail", TrailMark::Kind::off},
                                           {"UpdateTrail", TrailMark::Kind::off},
                                           {"PutEventSelectors", TrailMark::Kind::off},
                                           {"StartLogging", TrailMark::Kind::on},
                                           {"CreateTrail", TrailMark::Kind::on}}};

std::uint64_t id_of(std::string_view event_id) { return text_hash(event_id) >> 1; }

// Share gathers what a file tells of one agreement.
class Share {
 public:
  Share(const TrailWish& wish, std::string_view file) : wish_(wish), file_(file) {}

  // Whether the record is of the service, Region and account that are wanted; whoever called.
  bool wants(const TrailRecord& record) const {
    const auto& sources = wish_.event_sources;
    return std::find(sources.begin(), sources.end(), record.event_source) != sources.end() &&
           (wish_.region.empty() || record.region == wish_.region) && is_of_account(record);
  }

  void add(const TrailRecord& record, std::uint64_t number) {
    const bool corrects = record.addendum == "UPDATED_DATA" && !record.corrects.empty();
    const std::uint64_t id = id_of(corrects ? record.corrects : record.event_id);
    const core::Outcome outcome = outcome_of(record);
    const auto place = outcomes_.id(outcome);
    TrailShare& to = share_;
    to.events.events.push_back({record.at, id, place, corrects});
    ++to.requests;
    const auto& answered = std::get<core::Answered>(outcome);
    to.indirect += answered.indirect ? 1 : 0;
    to.key_store += answered.key_store ? 1 : 0;
    const core::Interval second{record.at, record.at + std::chrono::seconds(1)};
    to.span = to.span.empty() ? second
                              : core::Interval{std::min(to.span.begin, second.begin),
                                               std::max(to.span.end, second.end)};
    if (is_worth(place)) keep(record, number, id, outcome);
  }

  // What a record tells of the trail itself, whatever else it is.
  void listen(const TrailRecord& record) {
    if (!is_of_account(record)) return;
    auto& events = share_.events;
    if (wish_.region.empty() || record.region == wish_.region) {
      events.heard = std::max(events.heard, record.at);
    }
    if (record.addendum == "SERVICE_OUTAGE" && wants(record)) {
      events.marks.push_back({record.at, TrailMark::Kind::outage,
                              "CloudTrail names an outage of the service that logs here"});
    }
    if (record.event_source != kTrailSource || !record.error_code.empty()) return;
    for (const Switch& each : kSwitches) {
      if (record.event_name != each.name) continue;
      events.marks.push_back({record.at, each.kind, fmt::format("{} of a trail", each.name)});
    }
  }

  TrailShare take() {
    share_.events.outcomes = outcomes_.all();
    return std::move(share_);
  }

 private:
  bool is_of_account(const TrailRecord& record) const {
    return wish_.account.empty() || record.recipient == wish_.account;
  }

  core::Outcome outcome_of(const TrailRecord& record) const {
    core::Answered answer{200};
    if (!record.error_code.empty()) {
      answer.error_name = core::clean_error_name(record.error_code);
      if (answer.error_name.empty()) answer.error_name = "unnamed";
      answer.status = wish_.status_of ? wish_.status_of(record.error_code) : 0;
    }
    answer.indirect = record.is_indirect();
    answer.key_store = is_on_key_store(record);
    return answer;
  }

  // "1234abcd-…" names the key of "arn:aws:kms:us-east-1:111122223333:key/1234abcd-…".
  bool is_on_key_store(const TrailRecord& record) const {
    const auto names = [](std::string_view key, const std::string& wanted) {
      return key == wanted ||
             (key.ends_with(wanted) && key.size() > wanted.size() &&
              key[key.size() - wanted.size() - 1] == '/') ||
             (wanted.size() > key.size() && !key.empty() &&
              std::string_view(wanted).ends_with(key) &&
              wanted[wanted.size() - key.size() - 1] == '/');
    };
    const auto last = record.keys.begin() + static_cast<std::ptrdiff_t>(record.key_count);
    return std::any_of(record.keys.begin(), last, [&](std::string_view key) {
      return std::any_of(wish_.key_stores.begin(), wish_.key_stores.end(),
                         [&](const std::string& wanted) { return names(key, wanted); });
    });
  }

  bool is_worth(core::OutcomeTable::Id outcome) {
    for (auto id = static_cast<core::OutcomeTable::Id>(is_worth_.size()); id <= outcome; ++id) {
      const core::Outcome& one = outcomes_[id];
      is_worth_.push_back(record::is_failure(one) || (wish_.worth && wish_.worth(one)));
    }
    return is_worth_[outcome];
  }

  void keep(const TrailRecord& record, std::uint64_t number, std::uint64_t id,
            const core::Outcome& outcome) {
    if (kept_ >= Failures::kMostBytes) {
      ++share_.evidence_dropped;
      return;
    }
    record::Evidence evidence;
    evidence.at = record.at;
    evidence.tie = id;
    evidence.outcome = outcome;
    evidence.request_id = printable(record.request_id, kLongestText);
    evidence.detail =
        fmt::format("{}, eventID {}, record {} of {}", shown(record.event_name, kLongestText),
                    printable(record.event_id, kLongestText), number, file_);
    kept_ += sizeof(evidence) + evidence.detail.size() + evidence.request_id.size();
    share_.events.evidence.push_back(std::move(evidence));
  }

  const TrailWish& wish_;
  std::string_view file_;
  core::OutcomeTable outcomes_{kMostNamed};
  std::vector<bool> is_worth_;  // by outcome
  std::size_t kept_ = 0;        // bytes of evidence, about
  TrailShare share_;
};

// What the record is where it is no Request of anybody; empty where it is one.
std::string_view apart_as(const TrailRecord& record) {
  const bool is_call =
      record.category.empty() || record.category == "Management" || record.category == "Data";
  if (!is_call) return record.category;
  if (record.event_type != "AwsApiCall") {
    return record.event_type.empty() ? "no event type" : record.event_type;
  }
  return {};
}

// Sorting gives each record of a file to the shares that want it.
class Sorting {
 public:
  Sorting(const std::vector<TrailWish>& wishes, std::string_view file) {
    for (const TrailWish& wish : wishes) shares_.emplace_back(wish, file);
  }

  void add(const TrailRecord& record) {
    const std::uint64_t number = ++content_.records;
    for (Share& share : shares_) share.listen(record);
    if (const auto what = apart_as(record); !what.empty()) {
      put_apart(what);
    } else if (record.user_agent.starts_with(kOwnAgent)) {
      ++content_.own;
    } else {
      give(record, number);
    }
  }

  void malformed(std::string_view expected, std::string_view text) {
    const std::uint64_t number = ++content_.records;
    ++content_.malformed;
    if (content_.examples.size() == kMostExamples) return;
    content_.examples.push_back({number, expected, shown(text, kLongestExample)});
  }

  TrailContent take() {
    for (Share& share : shares_) content_.shares.push_back(share.take());
    return std::move(content_);
  }

 private:
  void give(const TrailRecord& record, std::uint64_t number) {
    const bool is_anothers = !record.caller.empty() && record.caller != record.recipient;
    bool is_wanted = false;
    for (Share& share : shares_) {
      if (!share.wants(record)) continue;
      is_wanted = true;
      if (!is_anothers) share.add(record, number);
    }
    if (!is_wanted) {
      ++content_.of_others;
    } else if (is_anothers) {
      put_apart("another account's call");
    }
  }

  void put_apart(std::string_view what) {
    auto& apart = content_.apart;
    auto found = apart.find(std::string(what));
    if (found == apart.end()) {
      const bool has_room = apart.size() < kMostApart;
      found = apart.emplace(has_room ? printable(what, kLongestText) : "other", 0).first;
    }
    ++found->second;
  }

  std::vector<Share> shares_;
  TrailContent content_;
};

// Pieces cuts content into pieces of JSON: lines, where the first line is a whole object; else all
// of it is one.
class Pieces {
 public:
  explicit Pieces(TrailReader& reader) : reader_(reader) {}

  core::Result<void> take(std::string_view bytes, Sorting& sorting) {
    held_.append(bytes);
    if (mode_ == Mode::unknown) mode_ = mode_of(held_);
    if (mode_ != Mode::lines) {
      if (held_.size() > kMostAtOnce) return too_long();
      return {};
    }
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = held_.find('\n', begin)) != std::string::npos;
         begin = end + 1) {
      line(begin, end - begin, sorting);
    }
    held_.erase(0, begin);
    return held_.size() > kMostAtOnce ? too_long() : core::Result<void>();
  }

  // All of the content at once; behind it TrailReader::kPadding bytes may be read.
  core::Result<void> all(std::string_view content, Sorting& sorting) {
    while (!content.empty() && is_blank(content.back())) content.remove_suffix(1);
    if (content.empty()) return core::Error{"expected CloudTrail records, got nothing"};
    if (mode_of(content) != Mode::lines) return reader_.read(content);
    while (!content.empty()) {
      const std::size_t end = std::min(content.find('\n'), content.size());
      line(content.substr(0, end), sorting);
      content.remove_prefix(std::min(end + 1, content.size()));
    }
    return {};
  }

  core::Result<void> finish(Sorting& sorting) {
    if (mode_ == Mode::lines) {
      line(0, held_.size(), sorting);
      return {};
    }
    while (!held_.empty() && is_blank(held_.back())) held_.pop_back();
    if (held_.empty()) return core::Error{"expected CloudTrail records, got nothing"};
    held_.reserve(held_.size() + TrailReader::kPadding);
    return reader_.read(held_);
  }

 private:
  enum class Mode { unknown, lines, whole };

  static bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

  // By the first line; unknown where there is none yet.
  static Mode mode_of(std::string_view content) {
    const std::size_t end = content.find('\n');
    if (end == std::string_view::npos) return Mode::unknown;
    std::string_view first = content.substr(0, end);
    while (!first.empty() && is_blank(first.back())) first.remove_suffix(1);
    return first.ends_with('}') ? Mode::lines : Mode::whole;
  }

  // One that is no JSON is one malformed record, and what was taken of it before that stays out.
  void line(std::size_t begin, std::size_t size, Sorting& sorting) {
    held_.reserve(held_.size() + TrailReader::kPadding);
    line(std::string_view(held_).substr(begin, size), sorting);
  }

  void line(std::string_view text, Sorting& sorting) {
    if (std::all_of(text.begin(), text.end(), is_blank)) return;
    if (!reader_.read(text)) sorting.malformed("expected a CloudTrail record as JSON", text);
  }

  static core::Error too_long() {
    return {fmt::format("expected a document of at most {} MiB, or one record a line, got more",
                        kMostAtOnce >> 20),
            "", "split it, or write one record a line with jq -c '.Records[]'"};
  }

  TrailReader& reader_;
  Mode mode_ = Mode::unknown;
  std::string held_;
};

// Of a file that is too large to be read at once, or packed in another way.
core::Result<TrailContent> read_in_pieces(const std::string& path, Pieces& pieces, Sorting& sorting,
                                          const documents::OnProgress& progress) {
  documents::Content content(path, progress);
  std::uint64_t bytes = 0;
  std::vector<char> chunk(kPiece);
  while (const std::size_t got = content.read(chunk.data(), chunk.size())) {
    bytes += got;
    if (auto taken = pieces.take({chunk.data(), got}, sorting); !taken) {
      return in_file(taken.error(), path);
    }
  }
  if (!content.state()) return content.state().error();
  if (auto taken = pieces.finish(sorting); !taken) return in_file(taken.error(), path);
  const auto digest = documents::digest_as_it_lies(path);
  if (!digest) return digest.error();
  TrailContent out = sorting.take();
  out.digest = *digest;
  out.bytes = bytes;
  return out;
}

}  // namespace

bool looks_like_trail(const std::string& path) {
  documents::Content content(path, nullptr);
  std::string begin(1 << 12, '\0');
  begin.resize(content.read(begin.data(), begin.size()));
  const auto first = begin.find_first_not_of(" \t\r\n");
  return first != std::string::npos && begin[first] == '{' &&
         (begin.find("\"Records\"") != std::string::npos ||
          begin.find("\"eventVersion\"") != std::string::npos);
}

core::Result<TrailContent> read_trail(const std::string& path, const std::vector<TrailWish>& wishes,
                                      const documents::OnProgress& progress) {
  const std::string file = shown(path.substr(path.find_last_of('/') + 1), kLongestText);
  Sorting sorting(wishes, file);
  const bool keys = std::any_of(wishes.begin(), wishes.end(),
                                [](const TrailWish& wish) { return !wish.key_stores.empty(); });
  const auto reader =
      TrailReader::make(keys, {[&](const TrailRecord& record) { sorting.add(record); },
                               [&](std::string_view expected, std::string_view text) {
                                 sorting.malformed(expected, text);
                               }});
  Pieces pieces(*reader);
  auto whole = documents::read_whole(path, kMostWhole);
  if (!whole) return whole.error();
  if (!*whole) return read_in_pieces(path, pieces, sorting, progress);
  const documents::WholeFile& all = **whole;
  if (progress) progress({all.as_it_lies().size(), all.as_it_lies().size()});
  if (auto taken = pieces.all(all.content, sorting); !taken) return in_file(taken.error(), path);
  TrailContent out = sorting.take();
  out.digest = record::sha256_hex(all.as_it_lies());
  out.bytes = all.content.size();
  return out;
}

}  // namespace recoup::sources
