#include "sources/logs/formats/balancer.h"
#include "sources/logs/formats/late_answers.h"
#include "sources/logs/formats/request.h"

namespace recoup::sources {
namespace {

// A listener for TCP or TLS passes connections on, and has no request to show: "- - - ".
bool is_connection(const BalancerLine& line) {
  return line.status_text == "-" && (line.request.empty() || line.request.starts_with("- - "));
}

std::string_view parse_elb(std::string_view line, BalancerLine& out) {
  const std::string_view expected = parse_balancer(line, out);
  if (!expected.empty()) return expected;
  return out.status < 0 && !is_connection(out) ? kBalancerStatus : std::string_view();
}

// Reads the log that a Classic Load Balancer writes, by the position of its fields. It has no id of
// a request.
class ElbReader final : public LineReader {
 public:
  explicit ElbReader(const FormatOptions& options) : late_(options) {}

 private:
  bool line(const Line& line, Intake& intake) override {
    BalancerLine request;
    if (!parse_elb(line.text, request).empty()) return false;
    if (is_connection(request)) {
      intake.other();
      return true;
    }
    auto outcome = outcome_of(request.status, intake);
    if (late_.are_asked_for()) outcome = late_.of(outcome, duration_of(request), intake);
    take_request(line, {request.at, outcome, is_own_agent(request.agent)}, intake,
                 [&](Failures::Record& record) {
                   record.request = requested_.of(request.request);
                   record.peer = or_nothing(request.target);
                   record.duration = duration_of(request);
                 });
    return true;
  }

  std::string_view expected_of(std::string_view line) const override {
    BalancerLine ignored;
    return parse_elb(line, ignored);
  }

  LateAnswers late_;
  Requested requested_;
};

bool is_elb(std::string_view line, const FormatOptions&) {
  BalancerLine ignored;
  return parse_elb(line, ignored).empty();
}

}  // namespace

extern const Format kElb{
    .name = "elb",
    .what = "an access log of a Classic Load Balancer",
    .help = "access logs of Classic Load Balancers",
    .fits = is_elb,
    .reader = [](const FormatOptions& options) -> std::unique_ptr<Reader> {
      return std::make_unique<ElbReader>(options);
    },
    .sight = {"Classic Load Balancers log on a best-effort basis, by AWS's documentation: the "
              "Errors in the log came, and Requests may be missing.",
              kAtBalancer},
    .durations = Format::Durations::all};

}  // namespace recoup::sources
