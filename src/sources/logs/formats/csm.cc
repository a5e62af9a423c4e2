#include "sources/logs/formats/csm.h"

#include <set>

#include <fmt/format.h>

#include "sources/logs/formats/request.h"
#include "sources/sdk/datagram.h"
#include "sources/sdk/missing.h"
#include "sources/sdk/routes.h"

namespace recoup::sources {
namespace {

using Wanted = std::vector<SdkSubjects>;

constexpr std::size_t kMostToldApart = 100'000;
constexpr CounterId kWanted = 0;  // there is one log, and it counts what is wanted of it

sdk::Routes routes_of(const Wanted& wanted) {
  sdk::Routes routes;
  for (const SdkSubjects& one : wanted) {
    routes.add(kWanted, {{}, one.services, one.region, one.clients});
  }
  return routes;
}

// CsmReader reads datagrams of client-side monitoring that somebody wrote down, one a line, and
// counts them as the listener does (sdk/attempts.h): attempts are requests, and calls tell how many
// of these there should be.
class CsmReader final : public LineReader {
 public:
  explicit CsmReader(const FormatOptions& options)
      : wants_all_(options.subjects.empty()), routes_(routes_of(options.subjects)) {}

 private:
  bool line(const Line& line, Intake& intake) override {
    const sdk::Said said = datagrams_.read(line.text);
    if (std::holds_alternative<sdk::Malformed>(said)) return false;
    if (const auto* attempt = std::get_if<sdk::Attempt>(&said)) {
      take(*attempt, line, intake);
    } else {
      intake.other();
      if (const auto* call = std::get_if<sdk::Call>(&said)) expect(*call);
    }
    return true;
  }

  void take(const sdk::Attempt& attempt, const Line& line, Intake& intake) {
    if (!wants(attempt.of)) return intake.of_others();
    missing_.arrived(kWanted, attempt.of.client, attempt.at);
    take_request(
        line,
        {attempt.at, intake.outcomes().id(attempt.outcome), false, !attempt.request_id.empty()},
        intake, [&](Failures::Record& record) {
          api_ = core::clean_error_name(attempt.api);
          record.request = api_;
          record.request_id = attempt.request_id;
          record.duration = attempt.latency;
        });
  }

  void expect(const sdk::Call& call) {
    if (wants(call.of)) missing_.expect(kWanted, call.of.client, call.at, call.attempts);
  }

  bool wants(const sdk::Subject& of) const { return wants_all_ || routes_.find(of).has_value(); }

  void end(Intake& intake) override {
    for (const sdk::Missing::Loss& loss : missing_.settle_all()) {
      intake.missing(loss.attempts,
                     {loss.span,
                      "fewer attempts of AWS SDKs were written down than their calls "
                      "counted"});
    }
  }

  std::string_view expected_of(std::string_view line) const override {
    const sdk::Said said = sdk::DatagramReader().read(line);
    const auto* malformed = std::get_if<sdk::Malformed>(&said);
    return malformed == nullptr ? "expected a datagram of an AWS SDK" : malformed->expected;
  }

  // It may have keys and tokens anywhere.
  std::string example_of(std::string_view line) const override {
    return fmt::format("a line of {} bytes", line.size());
  }

  bool wants_all_;
  sdk::Routes routes_;
  sdk::DatagramReader datagrams_;
  sdk::Missing missing_;
  std::string api_;
};

// Attempts and calls begin with what they are and of which version, in whatever order.
bool is_csm(std::string_view line, const FormatOptions&) {
  if (!line.starts_with('{') || line.find("\"ApiCall") == std::string_view::npos) return false;
  const sdk::Said said = sdk::DatagramReader().read(line);
  return std::holds_alternative<sdk::Attempt>(said) || std::holds_alternative<sdk::Call>(said);
}

}  // namespace

core::Result<std::vector<SdkSubject>> sdk_subjects(const documents::InputFile& file,
                                                   const documents::UnpackLimit& limit) {
  // Whose datagrams they are; nothing is counted of it.
  class Subjects final : public LineReader {
   public:
    std::set<SdkSubject> found;

   private:
    bool line(const Line& line, Intake&) override {
      const sdk::Said said = datagrams_.read(line.text);
      const auto* attempt = std::get_if<sdk::Attempt>(&said);
      if (attempt != nullptr && found.size() < kMostToldApart) {
        const auto& of = attempt->of;
        found.insert({std::string(of.service), std::string(of.region), std::string(of.client)});
      }
      return true;
    }
    std::string_view expected_of(std::string_view) const override { return {}; }

    sdk::DatagramReader datagrams_;
  };
  Subjects subjects;
  const std::vector<RecordSpan> none;
  Intake intake(file.name, none, nullptr);
  documents::Content content(file, nullptr, limit);
  std::vector<char> chunk(1 << 18);
  while (const std::size_t got = content.read(chunk.data(), chunk.size())) {
    if (auto taken = subjects.take({chunk.data(), got}, intake); !taken) return taken.error();
  }
  if (!content.state()) return content.state().error();
  if (auto taken = subjects.finish(intake); !taken) return taken.error();
  return std::vector<SdkSubject>(subjects.found.begin(), subjects.found.end());
}

bool looks_like_sdk_log(const documents::InputFile& file) {
  documents::Content content(file, nullptr);
  std::string begin(1 << 16, '\0');
  begin.resize(content.read(begin.data(), begin.size()));
  const auto first = begin.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return false;
  return is_csm(std::string_view(begin).substr(first, begin.find('\n', first) - first), {});
}

bool wants(const std::vector<SdkSubjects>& wanted, const SdkSubject& subject) {
  return routes_of(wanted).find({subject.service, subject.region, subject.client}).has_value();
}

extern const Format kCsm{.name = "csm",
                         .what = "what AWS SDKs report of their attempts, one datagram a line",
                         .help = "datagrams of AWS SDKs",
                         .fits = is_csm,
                         .reader = [](const FormatOptions& options) -> std::unique_ptr<Reader> {
                           return std::make_unique<CsmReader>(options);
                         },
                         .sight = {"AWS SDKs report by UDP, which may lose some, and only from "
                                   "processes that are told to: others are not in it.",
                                   kAtClient},
                         .by_processes = true};

}  // namespace recoup::sources
