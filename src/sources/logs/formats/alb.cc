#include "sources/logs/formats/balancer.h"
#include "sources/logs/formats/late_answers.h"
#include "sources/logs/formats/request.h"

namespace recoup::sources {
namespace {

// The type of the request or the connection stands before the time: http, https, h2, grpcs, ws,
// wss.
std::string_view parse_alb(std::string_view line, BalancerLine& out) {
  const std::string_view type = take_word(line);
  if (type.empty()) return "expected the type of the request before its time";
  const std::string_view expected = parse_balancer(line, out);
  if (!expected.empty()) return expected;
  return out.status < 0 ? kBalancerStatus : std::string_view();
}

// Behind the agent stand cipher, protocol and target group.
std::string_view trace_id(std::string_view behind_agent) {
  for (int i = 0; i < 3; ++i) take_word(behind_agent);
  return or_nothing(take_quoted(behind_agent));
}

// Reads the log that an Application Load Balancer writes, by the position of its fields: later
// versions append more of them.
class AlbReader final : public LineReader {
 public:
  explicit AlbReader(const FormatOptions& options) : late_(options) {}

 private:
  bool line(const Line& line, Intake& intake) override {
    BalancerLine request;
    if (!parse_alb(line.text, request).empty()) return false;
    // A trace id goes on through retries and from client to server: but the line has the port of
    // the client and the microsecond beside it.
    auto outcome = outcome_of(request.status, intake);
    if (late_.are_asked_for()) outcome = late_.of(outcome, duration_of(request), intake);
    take_request(
        line, {request.at, outcome, is_own_agent(request.agent), has_value(trace_id(request.rest))},
        intake, [&](Failures::Record& record) {
          record.request = requested_.of(request.request);
          record.request_id = trace_id(request.rest);
          record.peer = or_nothing(request.target);
          record.duration = duration_of(request);
        });
    return true;
  }

  std::string_view expected_of(std::string_view line) const override {
    BalancerLine ignored;
    return parse_alb(line, ignored);
  }

  LateAnswers late_;
  Requested requested_;
};

bool is_alb(std::string_view line, const FormatOptions&) {
  BalancerLine ignored;
  return parse_alb(line, ignored).empty();
}

}  // namespace

extern const Format kAlb{
    .name = "alb",
    .what = "an access log of an Application Load Balancer",
    .help = "access logs of Application Load Balancers",
    .fits = is_alb,
    .reader = [](const FormatOptions& options) -> std::unique_ptr<Reader> {
      return std::make_unique<AlbReader>(options);
    },
    .sight = {"Application Load Balancers log on a best-effort basis, by AWS's documentation: the "
              "Errors in the log came, and Requests may be missing.",
              kAtBalancer},
    .durations = Format::Durations::all};

}  // namespace recoup::sources
