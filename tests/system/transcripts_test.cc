// What commands print, as their users see it: on a terminal of 80 columns, and into a pipe. The
// goldens are written anew with RECOUP_UPDATE_GOLDEN=1.

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <regex>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "support/catch.h"
#include "support/places.h"
#include "system/folder.h"
#include "system/on_terminal.h"

using namespace recoup::test;
using nlohmann::json;

namespace {

constexpr std::size_t kColumns = 80;

// Two agreements of the same contract, with a probe, charges, an exclusion and a claim life.
constexpr const char* kSettings = R"(listen = "127.0.0.1:9464"
[[agreement]]
id      = "kms-us-east-1"
sla     = "aws-kms"
account = "123456789012"
region  = "us-east-1"
  [[agreement.probe]]
  id    = "generate-random"
  use   = "generate-random"
  every = "5s"
  [agreement.charges]
  stated = [ { month = "2026-06", amount = "1845.00", currency = "USD", note = "invoice 42" } ]
  [[agreement.exclusion]]
  from   = 2026-06-07T04:00:00Z
  to     = 2026-06-07T04:30:00Z
  reason = "we disabled the key ourselves while its policy was moved to the new account"
[[agreement]]
id      = "storage-frankfurt"
sla     = "aws-s3-standard"
account = "123456789012"
region  = "eu-central-1"
)";

constexpr const char* kOfKms =
    "minute,outcome,count\n2026-06-03T02:00:00Z,200,20\n2026-06-03T02:01:00Z,503,4\n"
    "2026-06-03T02:02:00Z,timeout,2\n2026-06-03T04:02:00Z,503,2\n2026-06-07T04:10:00Z,503,7\n"
    "2026-06-09T11:00:00Z,200,1200\n2026-06-09T11:03:00Z,500/KMSInternalException,31\n";

constexpr const char* kBill =
    "BilledCost,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargeCategory,ChargeClass,"
    "ProviderName,ServiceName,RegionId,SubAccountId,BillingAccountId\n"
    "1845.00,USD,2026-06-01T00:00:00Z,2026-07-01T00:00:00Z,Usage,,AWS,AWS Key Management "
    "Service,us-east-1,123456789012,123456789012\n"
    "10230.55,USD,2026-06-01T00:00:00Z,2026-07-01T00:00:00Z,Usage,,AWS,Amazon Simple Storage "
    "Service,eu-central-1,123456789012,123456789012\n"
    "350.55,USD,2026-06-01T00:00:00Z,2026-07-01T00:00:00Z,Tax,,AWS,AWS Key Management "
    "Service,us-east-1,123456789012,123456789012\n";

struct Transcript {
  const char* name;  // of the golden
  std::vector<std::string> words;
  int status = 0;
};

const std::vector<Transcript>& transcripts() {
  static const std::vector<Transcript> all{
      {"help", {}},
      {"help-claims-mark", {"help", "claims", "mark"}},
      {"help-config", {"help", "config", "notify"}},
      {"mistyped", {"asess"}, 2},
      {"rules-list", {"rules", "list", "--search", "key management"}},
      {"rules-show", {"rules", "show", "aws-kms"}},
      {"plan", {"plan", "--sla", "aws-kms", "--region", "us-east-1"}},
      {"estimate", {"estimate", "aws-kms", "region=us-east-1", "keys=40", "requests=12_000_000"}},
      {"charges", {"charges", "bill.csv"}},
      {"charges-of-one", {"charges", "--agreement", "kms-us-east-1", "--month", "2026-06"}},
      {"check", {"check"}},
      {"assess", {"assess", "--agreement", "kms-us-east-1", "--month", "2026-06"}},
      {"explain-month", {"explain", "--agreement", "kms-us-east-1", "2026-06"}},
      {"explain-interval", {"explain", "--agreement", "kms-us-east-1", "2026-06-09T11:03:00Z"}},
      {"exclude-list", {"exclude", "--agreement", "kms-us-east-1", "--list"}},
      {"incident-list", {"incident", "list"}},
      {"claims", {"claims"}},
      {"claims-totals", {"claims", "--totals"}},
      {"init-uses", {"init", "--for", "kms"}},
      {"imports", {"imports"}},
  };
  return all;
}

// Without the line that is rewritten while bills are read.
std::string without_progress(const std::string& shown) {
  return std::regex_replace(shown, std::regex("\033\\[K(reading bills [0-9]+ %)?"), "");
}

// A folder in which all of it can be run.
struct Place {
  Folder folder{kSettings};

  Place() {
    write_text(folder.dir.file("counts.csv"), kOfKms);
    write_text(folder.dir.file("bill.csv"), kBill);
    folder.done({"import", "--agreement", "kms-us-east-1", "--format", "counts", "counts.csv"});
    folder.done({"incident", "add", "--provider", "aws", "--service", "KMS", "--region",
                 "us-east-1", "--begin", "2026-06-09T10:58:00Z", "--end", "2026-06-09T11:20:00Z",
                 "--title", "Increased error rates for requests to keys with imported material"});
  }

  Finished on_terminal(std::vector<std::string> words,
                       std::map<std::string, std::string> environment) const {
    const std::string path = folder.dir.path().string();
    std::vector<std::string> all{"sh", "-c", "cd \"$0\" && exec \"$@\"", path, recoup_binary()};
    all.insert(all.end(), words.begin(), words.end());
    for (const auto& [name, value] : settings_environment()) environment.emplace(name, value);
    environment.emplace("COLUMNS", std::to_string(kColumns));
    Finished finished = run_on_terminal(all, environment);
    finished.out = without_progress(finished.out);
    return finished;
  }

  Finished into_pipe(const std::vector<std::string>& words) const {
    return recoup_in(folder.dir, words, settings_environment());
  }

  static std::map<std::string, std::string> settings_environment() {
    return {{"AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"},
            {"AWS_SECRET_ACCESS_KEY", "secret"},
            {"AWS_EC2_METADATA_DISABLED", "true"}};
  }
};

// What is of the time of the test has a fixed one in its place.
std::string without_today(const std::string& text) {
  const auto now = std::chrono::system_clock::now();
  std::string out = text;
  for (const int days : {0, 1}) {
    const std::chrono::year_month_day day(
        std::chrono::floor<std::chrono::days>(now - std::chrono::days(days)));
    const std::string date =
        fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()),
                    static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
    out = std::regex_replace(out, std::regex(date + "T[0-9:.]{8,12}Z"), "<when it was run>   ");
  }
  // The running cycle of `check`.
  return std::regex_replace(out, std::regex("cycle: [0-9-]{7} from [0-9TZ:-]{20} to [0-9TZ:-]{20}"),
                            "cycle: YYYY-MM from YYYY-MM-01T00:00:00Z to YYYY-MM-01T00:00:00Z");
}

std::size_t characters(const std::string& line) {
  return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

// What is to be copied is not broken, however long it is.
bool is_command(const std::string& line) {
  return line.find("recoup claim --") != std::string::npos ||
         line.find("recoup claims ") != std::string::npos ||
         line.find("recoup exclude ") != std::string::npos;
}

}  // namespace

TEST_CASE("each command prints what its golden shows, on 80 columns and into a pipe") {
  const Place place;
  for (const Transcript& one : transcripts()) {
    INFO(one.name);
    const Finished screen = place.on_terminal(one.words, {{"NO_COLOR", "1"}});
    const Finished piped = place.into_pipe(one.words);
    CHECK(screen.status == one.status);
    CHECK(piped.status == one.status);
    std::istringstream lines(screen.out);
    for (std::string line; std::getline(lines, line);) {
      INFO(line);
      CHECK((is_command(line) || characters(line) <= kColumns));
    }
    const std::string text =
        without_today(fmt::format("$ recoup {0}\n{1}\n$ recoup {0} | cat\n{2}{3}",
                                  fmt::join(one.words, " "), screen.out, piped.out, piped.err));
    const std::string golden = fmt::format("{}/golden/transcripts/{}.txt", TESTS_DIR, one.name);
    if (std::getenv("RECOUP_UPDATE_GOLDEN") != nullptr) write_text(golden, text);
    CHECK(text == read_text(golden));
  }
}

TEST_CASE("a narrow terminal loses columns and says which, and --wide has them all") {
  const Place place;
  const std::vector<std::string> claims{"claims"};
  const std::string narrow = place.on_terminal(claims, {{"NO_COLOR", "1"}}).out;
  CHECK_HAS(narrow, "--wide shows all)");
  CHECK_FALSE(has(narrow, "  REQUESTS"));
  const std::string wide = place.on_terminal({"--wide", "claims"}, {{"NO_COLOR", "1"}}).out;
  CHECK(wide == place.into_pipe(claims).out);
  CHECK(place.on_terminal({"claims", "--wide"}, {{"NO_COLOR", "1"}}).out == wide);
  CHECK(place.on_terminal(claims, {{"NO_COLOR", "1"}, {"COLUMNS", "250"}}).out == wide);
}

TEST_CASE("words have colours on a terminal, unless NO_COLOR or --color says otherwise") {
  const Place place;
  const std::vector<std::string> assess{"assess", "--agreement", "kms-us-east-1", "--month",
                                        "2026-06"};
  const auto with = [&](const char* when) {
    auto words = assess;
    words.insert(words.begin(), {"--color", when});
    return words;
  };
  const std::string red = "\033[31mCOMMITMENT NOT MET\033[0m";
  CHECK_HAS(place.on_terminal(assess, {}).out, red);
  CHECK_HAS(place.on_terminal(with("always"), {{"NO_COLOR", "1"}}).out, red);
  CHECK_HAS(place.into_pipe(with("always")).out, red);
  for (const std::string& plain :
       {place.on_terminal(assess, {{"NO_COLOR", "1"}}).out,
        place.on_terminal(with("never"), {}).out, place.into_pipe(assess).out,
        place.into_pipe(with("auto")).out}) {
    CHECK_FALSE(has(plain, "\033["));
  }
  const Finished wrong = place.into_pipe(with("sometimes"));
  CHECK(wrong.status == 2);
  CHECK_HAS(wrong.err, "expected auto, always or never, got 'sometimes'");
}

TEST_CASE("every command that prints facts has them as JSON, the same on a terminal") {
  const Place place;
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"check"},
           {"rules", "list"},
           {"rules", "show", "aws-kms"},
           {"rules", "check", SOURCE_DIR "/rules/sla/aws-kms.toml"},
           {"plan", "--sla", "aws-kms"},
           {"estimate"},
           {"estimate", "aws-kms", "--keys"},
           {"estimate", "aws-kms", "region=us-east-1"},
           {"charges", "bill.csv"},
           {"charges", "--agreement", "kms-us-east-1", "--month", "2026-06"},
           {"assess", "--month", "2026-06"},
           {"explain", "--agreement", "kms-us-east-1", "2026-06"},
           {"explain", "--agreement", "kms-us-east-1", "2026-06-09T11:03:00Z"},
           {"exclude", "--agreement", "kms-us-east-1", "--list"},
           {"incident", "list"},
           {"imports"},
           {"claims"},
           {"claims", "--totals"},
           {"ledger", "size"},
           {"ledger", "check"},
           {"ledger", "tidy", "--dry-run"},
           {"verify", "--agreement", "kms-us-east-1"},
           {"doctor", "--no-requests"}}) {
    auto as_json = words;
    as_json.emplace_back("--json");
    INFO(fmt::format("{}", fmt::join(as_json, " ")));
    const Finished piped = place.into_pipe(as_json);
    const json document = json::parse(piped.out, nullptr, false);
    CHECK_FALSE(document.is_discarded());
    CHECK_FALSE(document.empty());
    const Finished shown = place.on_terminal(as_json, {});
    CHECK_FALSE(json::parse(shown.out, nullptr, false).is_discarded());
  }
  const json checked = json::parse(place.into_pipe({"check", "--json"}).out);
  CHECK(checked["correct"] == true);
  CHECK(checked["agreements"][0]["sla"] == "aws-kms");
  CHECK(checked["agreements"][0]["requests_in_30_days"] == 518400);
  CHECK(checked["agreements"][0]["cost_in_30_days"]["currency"] == "USD");
  const json excluded = json::parse(
      place.into_pipe({"exclude", "--agreement", "kms-us-east-1", "--list", "--json"}).out);
  CHECK(excluded[0]["kept_in"] == "settings");
}
