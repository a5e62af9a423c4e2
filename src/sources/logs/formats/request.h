#pragma once

#include <string>
#include <string_view>

#include "sources/logs/formats/lines.h"
#include "sources/logs/formats/text.h"

// What becomes of a line that is a request, whatever its format.
namespace recoup::sources {

// LoggedRequest is what a line says of a request and every line is asked for.
struct LoggedRequest {
  core::Instant at;
  core::OutcomeTable::Id outcome = 0;
  bool is_own = false;  // of our own probes
  bool has_id = false;  // the line has an id that was made up for the request
};

// Servers write 000 and the like where they gave no answer.
inline constexpr int kLowestStatus = 100;

// The outcome of a status.
inline core::OutcomeTable::Id outcome_of(int status, Intake& intake) {
  return status >= kLowestStatus ? intake.outcomes().answered(status)
                                 : intake.outcomes().id(core::Failed{core::NoAnswer::other});
}

// Counts the request unless it was read before or is our own; where it is worth a record,
// `describe` fills in what was asked of whom. `hash` is the text_hash() of its line.
template <typename Describe>
void take_request(const Line& line, std::uint64_t hash, const LoggedRequest& request,
                  Intake& intake, Describe describe) {
  if (!intake.record(hash, request.at, line.open, request.has_id)) return;
  if (request.is_own) {
    intake.own();
    return;
  }
  intake.count(request.at, request.outcome, 1);
  if (!intake.is_worth(request.outcome)) return;
  Failures::Record record{request.at, line.number, request.outcome};
  describe(record);
  intake.keep(record);
}

// The same where nobody has taken the hash yet.
template <typename Describe>
void take_request(const Line& line, const LoggedRequest& request, Intake& intake,
                  Describe describe) {
  take_request(line, text_hash(line.text), request, intake, describe);
}

// "GET /a" of "GET /a?b=c HTTP/1.1"; of what is no such line, all before a '?'.
inline std::string_view method_and_path(std::string_view request) {
  request = request.substr(0, request.find('?'));
  const auto method_end = request.find(' ');
  if (method_end == std::string_view::npos) return request;
  return request.substr(0, request.find(' ', method_end + 1));
}

// Requested says "GET /a" of "GET https://host:443/a?b HTTP/1.1", in one buffer for all lines.
class Requested {
 public:
  // The same of a method and what was asked for, either of which may be empty.
  std::string_view of(std::string_view method, std::string_view target) {
    target = without_host(target.substr(0, target.find('?')));
    text_.assign(method);
    if (!method.empty() && !target.empty()) text_ += ' ';
    text_ += target;
    return text_;
  }

  // Of a request line.
  std::string_view of(std::string_view request) {
    request = method_and_path(request);
    const auto method_end = request.find(' ');
    if (method_end == std::string_view::npos) return request;
    return of(request.substr(0, method_end), request.substr(method_end + 1));
  }

 private:
  static std::string_view without_host(std::string_view target) {
    const auto scheme = target.find("://");
    if (scheme == std::string_view::npos || target.starts_with('/')) return target;
    const auto path = target.find('/', scheme + 3);
    return path == std::string_view::npos ? std::string_view("/") : target.substr(path);
  }

  std::string text_;
};

}  // namespace recoup::sources
