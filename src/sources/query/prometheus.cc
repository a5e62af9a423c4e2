#include <charconv>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <simdjson.h>

#include "record/percent_encoding.h"
#include "sources/query/engine.h"

namespace recoup::sources {
namespace {

namespace ondemand = simdjson::ondemand;
using core::Error;
using core::Minute;
using core::Result;
using std::chrono::minutes;

// A counter that would grow by more in a minute is none.
constexpr double kMostIncrease = 9e15;

std::int64_t seconds(core::Instant at) {
  return std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count();
}

// Nothing of what is no increase.
std::optional<double> increase(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  if (!is_number || !std::isfinite(value) || value < 0 || value > kMostIncrease) {
    return std::nullopt;
  }
  return value;
}

core::Instant hour_of(core::Instant at) { return std::chrono::floor<std::chrono::hours>(at); }

// Whole makes whole numbers of increases, minute by minute. What a minute has left over, or too
// much, goes on to the next: one request in a while is seen as 1.33 or not at all, and each by
// itself would be 1 or none. It begins anew with each hour, so that the same minutes are the same
// numbers whenever they are asked for.
class Whole {
 public:
  std::uint64_t of(Minute minute, double value) {
    if (hour_of(minute) != hour_) *this = Whole{hour_of(minute)};
    sum_ += value;
    const auto all = static_cast<std::uint64_t>(std::floor(sum_ + 0.5));
    return all - std::exchange(said_, all);
  }

  Whole() = default;

 private:
  explicit Whole(core::Instant hour) : hour_(hour) {}

  core::Instant hour_;
  double sum_ = 0;
  std::uint64_t said_ = 0;
};

// Takes a matrix apart: a series for each value of the label, a value for each minute. It says what
// happened in the minute before its time.
class Matrix {
 public:
  // What is earlier than the span is asked for the sake of its fractions alone.
  Matrix(const Query& query, const core::Interval& span, CountRows& rows)
      : query_(query), span_(span), rows_(rows) {}

  // Throws simdjson's error where the answer is none of a range query.
  Result<void> read(ondemand::document& answer) {
    const std::string_view status = answer["status"];
    if (status != "success") {
      const std::string_view why = answer["error"];
      return Error{engine_words(why, query_.password.reveal())};
    }
    ondemand::object data = answer["data"];
    if (std::string_view(data["resultType"]) != "matrix") {
      return Error{"expected a matrix, got another kind of answer"};
    }
    for (ondemand::object series : ondemand::array(data["result"])) {
      if (auto done = read_series(series); !done) return done;
    }
    return {};
  }

  const std::set<Minute>& measured() const { return measured_; }

 private:
  Result<void> read_series(ondemand::object& series) {
    std::string outcome;
    for (auto label : ondemand::object(series["metric"])) {
      const std::string_view name = label.unescaped_key();
      const std::string_view value = label.value();
      if (name == query_.label) outcome = value;
    }
    if (outcome.empty()) {
      return Error{
          fmt::format("expected the label '{}' on each series, got one without", query_.label), "",
          "`label` names the label that has the status"};
    }
    Whole whole;
    for (ondemand::array pair : ondemand::array(series["values"])) {
      const auto [time, value] = sample_of(pair);
      ++taken_;
      if (!was_asked_for(time)) {
        rows_.malformed("a time that was asked for", fmt::format("{}", time));
        continue;
      }
      const Minute minute = core::minute_of(
          core::Instant(std::chrono::seconds(static_cast<std::int64_t>(time))) - minutes(1));
      const auto grown = increase(value);
      const std::uint64_t count = grown ? whole.of(minute, *grown) : 0;
      if (core::Instant(minute) < span_.begin) continue;
      if (grown) {
        measured_.insert(minute);
        rows_.add(minute, outcome, count);
      } else {
        rows_.malformed("a number of 0 or more", value);
      }
    }
    if (taken_ > kMostQueryRows) {
      return Error{fmt::format("expected at most {} values, got more", kMostQueryRows), "",
                   "the query must sum by one label alone"};
    }
    return {};
  }

  // A time and a value. What has more or less than these two is none.
  static std::pair<double, std::string_view> sample_of(ondemand::array& pair) {
    std::pair<double, std::string_view> sample;
    int parts = 0;
    for (auto part : pair) {
      if (parts == 0) sample.first = part.get_double();
      if (parts == 1) sample.second = part.get_string();
      ++parts;
    }
    if (parts != 2) throw simdjson::simdjson_error(simdjson::INCORRECT_TYPE);
    return sample;
  }

  // A number of any size may stand there, which no instant has.
  bool was_asked_for(double time) const {
    const auto least = static_cast<double>(seconds(hour_of(span_.begin)));
    return time >= least && time < static_cast<double>(seconds(span_.end) + 60);
  }

  const Query& query_;
  const core::Interval span_;
  CountRows& rows_;
  std::set<Minute> measured_;
  std::uint64_t taken_ = 0;
};

std::vector<core::Interval> without(const core::Interval& span, const std::set<Minute>& measured) {
  std::vector<core::Interval> left;
  core::Instant at = span.begin;
  for (const Minute minute : measured) {
    if (at < core::Instant(minute)) left.push_back({at, minute});
    at = core::Instant(minute) + minutes(1);
  }
  if (at < span.end) left.push_back({at, span.end});
  return left;
}

}  // namespace

Result<void> ask_prometheus(const Query& query, const core::Interval& span, CountRows& rows,
                            std::vector<core::Interval>& unmeasured, const std::stop_token& stop) {
  const std::string form =
      fmt::format("query={}&start={}&end={}&step=60", record::percent_encoded(query.counts),
                  seconds(hour_of(span.begin) + minutes(1)), seconds(span.end));
  std::string body;
  const OnBytes take = [&body](std::string_view bytes) {
    body += bytes;
    return Result<void>();
  };
  const std::string url = query.url + "/api/v1/query_range";
  const auto done = post(query, url, "application/x-www-form-urlencoded", form, take, stop);
  if (!done) return done;
  return read_matrix(query, span, std::move(body), rows, unmeasured);
}

Result<void> read_matrix(const Query& query, const core::Interval& span, std::string body,
                         CountRows& rows, std::vector<core::Interval>& unmeasured) {
  Matrix matrix(query, span, rows);
  try {
    body.reserve(body.size() + simdjson::SIMDJSON_PADDING);
    ondemand::parser parser;
    ondemand::document answer = parser.iterate(body);
    if (auto read = matrix.read(answer); !read) return read;
  } catch (const simdjson::simdjson_error& error) {
    return Error{
        fmt::format("expected an answer of Prometheus's HTTP API, got another: {}", error.what())};
  }
  unmeasured = without(span, matrix.measured());
  return {};
}

}  // namespace recoup::sources
