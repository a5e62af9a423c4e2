#include "sources/logs/formats/json_line.h"
#include "sources/logs/formats/json_presets.h"
#include "sources/logs/formats/late_answers.h"
#include "sources/logs/formats/named_outcomes.h"
#include "sources/logs/formats/times.h"

namespace recoup::sources {
namespace {

constexpr std::string_view kObject = "expected one JSON object, whole and to the line's end";
constexpr std::string_view kKeys =
    "expected the keys of a request's time and status; name them with --field time=… and --field "
    "status=…";
constexpr std::string_view kJsonTime = "expected a time like 2026-10-03T02:00:00Z or 1790992800.25";
constexpr std::string_view kZone =
    "expected a time with its offset from UTC, or the zone of such times with --time-zone";
constexpr std::string_view kSkipped = "expected a time that the zone's clocks show";
constexpr std::string_view kJsonStatus = "expected a status of three digits";

// What a time of a log is, or what was expected of it.
struct ReadTime {
  core::Instant at;
  std::string_view expected;
};

// ISO 8601, the access logs' own form, or a number since 1970.
ReadTime time_of(std::string_view text, const std::optional<core::Zone>& zone) {
  if (const auto written = parse_iso_time(text)) {
    if (written->has_offset) return {written->at, {}};
    if (!zone) return {{}, kZone};
    const auto at = from_local(written->at, *zone);
    return at ? ReadTime{*at, {}} : ReadTime{{}, kSkipped};
  }
  if (const auto at = parse_clf_time(text)) return {*at, {}};
  if (const auto at = parse_epoch_time(text)) return {*at, {}};
  return {{}, kJsonTime};
}

// JsonRequest reads the lines of one log, and says what it knows of the request in the last one.
class JsonRequest {
 public:
  explicit JsonRequest(const FormatOptions& options)
      : zone_(options.time_zone), presets_(options), line_(presets_.keys()) {}

  enum class Kind { request, other, malformed };

  // What the line is. Other texts may stand before the object: what runs a server in a container
  // puts them there.
  Kind read(std::string_view text) {
    const auto begin = text.find('{');
    if (begin == std::string_view::npos || !line_.read(text.substr(begin))) return wrong(kObject);
    preset_ = presets_.of(line_.filled());
    if (preset_ == nullptr) {
      return presets_.is_said(line_.filled()) ? Kind::other : wrong(kKeys);
    }
    if (is_other_logger() || is_no_request()) return Kind::other;
    const ReadTime time = read_time();
    if (!time.expected.empty()) return wrong(time.expected);
    at_ = time.at;
    status_ = read_status();
    return status_ < 0 ? wrong(kJsonStatus) : Kind::request;
  }

  // Whether the line has the keys of a request, whatever they hold.
  bool has_keys(std::string_view text) {
    const auto begin = text.find('{');
    return begin != std::string_view::npos && line_.read(text.substr(begin)) &&
           presets_.of(line_.filled()) != nullptr;
  }

  core::Instant at() const { return at_; }
  int status() const { return status_; }
  std::string_view expected() const { return expected_; }

  // The text of a field, until the next one is asked for; empty where the line has none.
  std::string_view text(JsonField field) {
    const auto* place = find(field);
    return place == nullptr ? std::string_view() : or_nothing(line_.text(place->slot));
  }

  core::Millis duration() {
    core::Millis sum(0);
    for (const auto& place : preset_->of(JsonField::duration)) {
      if (!line_.has(place.slot)) continue;
      sum += core::Millis(scaled_number(line_.text(place.slot), place.to_millis).value_or(0));
      if (!has(JsonPreset::kAddsDurations)) break;
    }
    return sum;
  }

 private:
  Kind wrong(std::string_view expected) {
    expected_ = expected;
    return Kind::malformed;
  }

  bool has(JsonPreset::Trait trait) const { return (preset_->traits & trait) != 0; }

  const JsonPreset::Place* find(JsonField field) const {
    for (const auto& place : preset_->of(field)) {
      if (line_.has(place.slot)) return &place;
    }
    return nullptr;
  }

  // Caddy's loggers have names, and only one of them logs each request once.
  bool is_other_logger() {
    const std::string_view logger = text(JsonField::logger);
    if (logger.starts_with("http.log.access")) return false;
    return logger.starts_with("http.") || (has(JsonPreset::kNamesLoggers) && !logger.empty());
  }

  // What S3 did by itself, and each object of a request for many.
  bool is_no_request() {
    const std::string_view operation = text(JsonField::operation);
    if (!operation.starts_with("S3.") && !operation.starts_with("BATCH.")) return false;
    return text(JsonField::request).empty();
  }

  // The first one that can be read; what was expected of the first one where none can.
  ReadTime read_time() {
    ReadTime first{{}, kKeys};
    for (const auto& place : preset_->of(JsonField::time)) {
      if (!line_.has(place.slot)) continue;
      const ReadTime time = read_time(line_.text(place.slot));
      if (time.expected.empty()) return time;
      if (first.expected == kKeys) first = time;
    }
    return first;
  }

  ReadTime read_time(std::string_view time) {
    const auto* day = find(JsonField::date);
    if (day == nullptr || time.find(':') == std::string_view::npos) {
      return time_of(time, zone_);
    }
    joined_.assign(time).insert(0, "T");
    joined_.insert(0, line_.text(day->slot)) += 'Z';
    return time_of(joined_, zone_);
  }

  int read_status() {
    const std::string_view text = line_.text(find(JsonField::status)->slot);
    return text == "0" && has(JsonPreset::kZeroIsNoAnswer) ? 0 : status_of(text);
  }

  std::optional<core::Zone> zone_;
  JsonPresets presets_;
  JsonLine line_;
  const JsonPreset* preset_ = nullptr;  // of the line
  core::Instant at_;
  int status_ = 0;
  std::string_view expected_;  // of a line that is malformed
  std::string joined_;
};

class JsonReader final : public LineReader {
 public:
  explicit JsonReader(const FormatOptions& options) : request_(options), late_(options) {}

 private:
  bool line(const Line& line, Intake& intake) override {
    switch (request_.read(line.text)) {
      case JsonRequest::Kind::malformed: return false;
      case JsonRequest::Kind::other: intake.other(); return true;
      case JsonRequest::Kind::request: break;
    }
    auto outcome = outcomes_.of(request_.status(), request_.text(JsonField::error), intake);
    if (late_.are_asked_for()) outcome = late_.of(outcome, request_.duration(), intake);
    const bool is_own = is_own_agent(request_.text(JsonField::agent));
    const bool has_id = has_value(request_.text(JsonField::request_id));
    take_request(line, {request_.at(), outcome, is_own, has_id}, intake,
                 [&](Failures::Record& record) { describe(record); });
    return true;
  }

  void describe(Failures::Record& record) {
    path_ = request_.text(JsonField::path);
    if (path_.empty()) {
      record.request = requested_.of(request_.text(JsonField::request));
    } else {
      record.request = requested_.of(request_.text(JsonField::method), path_);
    }
    id_ = request_.text(JsonField::request_id);
    peer_ = request_.text(JsonField::peer);
    record.request_id = id_;
    record.peer = peer_;
    record.duration = request_.duration();
  }

  // The line was read just before.
  std::string_view expected_of(std::string_view) const override { return request_.expected(); }

  JsonRequest request_;
  LateAnswers late_;
  NamedOutcomes outcomes_;
  Requested requested_;
  std::string path_;
  std::string id_;
  std::string peer_;
};

bool is_json(std::string_view line, const FormatOptions& options) {
  return line.find('{') != std::string_view::npos && JsonRequest(options).has_keys(line);
}

}  // namespace

extern const Format kJson{
    .name = "json",
    .what = "JSON lines of requests",
    .help = "JSON lines of nginx, Caddy, Envoy, Traefik, AWS and others",
    .fits = is_json,
    .reader = [](const FormatOptions& options) -> std::unique_ptr<Reader> {
      return std::make_unique<JsonReader>(options);
    },
    .sight = {"A log of JSON lines has only what went through whatever wrote it; that of a load "
              "balancer, a CDN or a bucket may be late and incomplete.",
              kAtEdge | kAtBalancer | kAtServer | kAtBucket},
    .has_named_fields = true,
    .durations = Format::Durations::some};

}  // namespace recoup::sources
