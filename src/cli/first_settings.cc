#include "cli/first_settings.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace recoup::cli {
namespace {

constexpr std::string_view kTop =
    R"(# What Recoup watches, and where it keeps what it saw. `recoup check` validates this file.

)";

constexpr std::string_view kHead =
    R"(listen = "127.0.0.1:9464"       # page, /metrics, /-/healthy, /-/ready
# allowed_hosts = ["recoup.example.com"]  # names that it is asked under, beside addresses and
                                # localhost: see docs/service.md
# web_config = "web.yml"        # TLS and users, needed before others can reach the port: a file with
                                # tls_server_config and basic_auth_users, as Prometheus' exporters
# sdk_listen = "127.0.0.1:31000"  # where AWS SDKs report each attempt by UDP; see the log below
# vantage = "office-berlin"     # this prober's name; default: the host's
# signing_key = "seal.pem"      # signs the seals of months that are over; make one with
                                # openssl genpkey -algorithm ed25519 -out seal.pem
# contact = "Jo Meier, cloud@example.com"  # whom a claim says may be asked; also in an [[agreement]]
# timestamps = { url = "https://freetsa.org/tsr", ca = "authority.pem" }  # has a third party sign
                                # when it was recorded: see docs/service.md

)";

// Of AWS KMS, which most examples are about.
constexpr std::string_view kKms =
    R"([[agreement]]                   # one SLA for one account and Region
id      = "kms-us-east-1"
sla     = "aws-kms"             # the contract: AWS KMS, 99.999 %
account = "123456789012"
region  = "us-east-1"
# Or an agreement for each pair of several, by id = "kms-{account}-{region}":
# accounts = ["123456789012", "210987654321"]
# regions  = ["us-east-1", "us-west-2"]
# claim_via = "partner"         # claims go to the reseller that you buy from
# time_zone = "Europe/Zurich"   # only if your billing cycle is not the contract's calendar month

  # Probes are signed with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, and cost
  # what any KMS request costs. GenerateRandom needs no key; its permission is kms:GenerateRandom.
  [[agreement.probe]]
  id    = "generate-random"
  use   = "generate-random"     # also: describe-key, encrypt, decrypt (they need a key)
  every = "5s"                  # finer probing shows smaller losses: see `recoup check`

  # [[agreement.probe]]
  # id   = "describe-key"
  # use  = "describe-key"
  # with = { key = "alias/my-key" }

)";

constexpr std::string_view kEndpoint =
    R"(  # An endpoint inside your network, by an authority of your own. Files are PEM, and are read again
  # when they change. The last four keys may stand beside `use` as well.
  # [[agreement.probe]]
  # id          = "inside"
  # url         = "https://10.0.0.5:8443/healthz"
  # server_name = "kms.internal"    # the name to greet and to verify, where the URL has another
  # ca_file     = "internal.pem"    # whom to believe; default: the system's authorities
  # client_cert = "probe.pem"       # shown to a server that asks, with its private key
  # client_key  = "probe.key"       # without a passphrase, readable by its owner and group alone

)";

constexpr std::string_view kSdk =
    R"(  # What AWS SDKs of this machine report of each attempt, retries too: processes are to have
  # AWS_CSM_ENABLED=true and AWS_CSM_PORT=31000 in their environment.
  # [[agreement.log]]
  # id      = "sdk"
  # format  = "csm"
  # clients = ["app1"]              # AWS_CSM_CLIENT_ID; needed where two agreements would count one

)";

constexpr std::string_view kLogs =
    R"(  # Logs that the service follows: new files, growing ones, rotated and packed ones; one that says
  # nothing for `silent_after` is an alert, and its time is not measured.
  # [[agreement.log]]
  # id           = "web"
  # path         = "/var/log/nginx/access.log*"    # its format is told by its first lines
  # silent_after = "15m"                           # or "never"
)";

constexpr std::string_view kTrail =
    R"(  # [[agreement.log]]
  # id     = "trail"
  # format = "cloudtrail"
  # path   = "AWSLogs/{account}/CloudTrail/{region}/**/*.json.gz"
)";

constexpr std::string_view kKmsCharges =
    R"(
  # What the service cost: needed for a claim. An amount that you state decides over the bill, the
  # bill over the estimate from published prices (`recoup estimate aws-kms --keys`).
  # [agreement.charges]
  # stated   = [ { month = "2026-10", amount = "1845.00", currency = "USD", note = "invoice 42" } ]
  # bill     = { path = "bills/*.csv.gz" }         # FOCUS, AWS CUR, Cost Explorer or Alibaba BSS
  # book     = "aws-kms"
  # keys     = 40
  # requests = 12_000_000

)";

constexpr std::string_view kExclusion =
    R"(  # Time that was your own doing. An interval that it touches counts as available, which can only
  # raise the uptime; where a contract divides failed Requests by all, its Requests are left out,
  # the served ones too, and a few leave its time out of the month: both can lower it. `recoup
  # assess` shows the uptime without each.
  # [[agreement.exclusion]]
  # from   = 2026-10-03T02:00:00Z
  # to     = 2026-10-03T02:30:00Z
  # reason = "we disabled the key ourselves"
)";

// A probe of the user's own, where the contract has no template.
constexpr std::string_view kOwnProbe =
    R"(  # Any request whose answer shows whether the service is there; it is sent again and again.
  # [[agreement.probe]]
  # id    = "health"
  # url   = "https://api.example.com/healthz"
  # every = "30s"                   # finer probing shows smaller losses: see `recoup check`

)";

bool is_aws(const core::Rule& rule) { return rule.provider == "aws"; }

bool in_scope(const core::Rule& rule, std::string_view part) {
  return std::find(rule.scope.begin(), rule.scope.end(), part) != rule.scope.end();
}

// What stands for the user's own word: like those that the provider has, as far as that is known.
struct Placeholder {
  std::string_view account = "my-account";
  std::string_view region = "my-region";
};

Placeholder placeholder_of(const core::Rule& rule) {
  constexpr std::string_view kAwsAccount = "123456789012";
  if (rule.provider == "aws") return {kAwsAccount, "us-east-1"};
  if (rule.provider == "aws-cn") return {kAwsAccount, "cn-north-1"};
  if (rule.provider == "azure") return {"00000000-0000-0000-0000-000000000000", "West Europe"};
  if (rule.provider == "google") return {"my-project", "europe-west1"};
  return {};
}

std::string agreement_of(const core::Rule& rule, const ProviderStart* start) {
  const core::Version& version = rule.versions.back();
  const Placeholder placeholder =
      start == nullptr ? placeholder_of(rule) : Placeholder{start->account, start->region};
  const std::string contract = rules::contract_id(rule.id);
  std::string id = rule.id;
  std::replace(id.begin(), id.end(), '/', '-');
  std::string text = fmt::format(
      "# The contract: {}, {} %. In words: recoup rules show {}\n[[agreement]]\n"
      "id      = \"{}\"\nsla     = \"{}\"\n",
      rule.service, version.commitment_text, rule.id, id, contract);
  if (contract.size() < rule.id.size()) {
    text += fmt::format("plan    = \"{}\"\n", rule.id.substr(contract.size() + 1));
  }
  if (in_scope(rule, "account")) {
    text += fmt::format("account = \"{}\"  # whatever {} calls it: a project, a subscription\n",
                        placeholder.account, rule.provider);
  }
  // Probes may need one that the contract does not.
  if (in_scope(rule, "region") || (start != nullptr && !start->region.empty())) {
    text += fmt::format("region  = \"{}\"  # as {} writes it\n", placeholder.region, rule.provider);
  }
  if (in_scope(rule, "resource")) {
    text += "# The contract holds for each resource: write an [[agreement]] for each one.\n";
  }
  if (version.calendar == core::Calendar::purchase_day ||
      version.calendar == core::Calendar::days) {
    text +=
        "cycle_start = 2026-01-01  # the day of purchase or renewal: billing cycles count from "
        "it\n";
  }
  if (version.status == core::Status::partial) {
    text += fmt::format(
        "# It measures as it is. For a claim supply what was not read of the contract:\n"
        "#   {}\n# [agreement.terms]\n",
        fmt::join(version.missing, ", "));
  }
  return text + '\n';
}

std::string probe_of(const rules::RuleFile& contract) {
  if (contract.probes.empty()) return std::string(kOwnProbe);
  const auto easiest = std::min_element(
      contract.probes.begin(), contract.probes.end(),
      [](const auto& a, const auto& b) { return a.second.needs.size() < b.second.needs.size(); });
  const bool ready = easiest->second.needs.empty();
  const char* mark = ready ? "" : "# ";
  std::string text = fmt::format(
      "  {0}[[agreement.probe]]\n  {0}id    = \"{1}\"\n"
      "  {0}use   = \"{1}\"\n  {0}every = \"30s\"\n",
      mark, easiest->first);
  if (!ready) {
    std::vector<std::string> values;
    for (const std::string& need : easiest->second.needs) {
      values.push_back(fmt::format("{} = \"…\"", need));
    }
    text += fmt::format("  {}with  = {{ {} }}\n", mark, fmt::join(values, ", "));
  }
  return text + '\n';
}

std::string charges_of(const core::Rule& rule, const billing::PriceShelf& books) {
  std::string text = R"(
  # What the service cost: needed for a claim. An amount that you state decides over the bill, the
  # bill over the estimate from published prices (`recoup estimate`).
  # [agreement.charges]
  # stated   = [ { month = "2026-10", amount = "1845.00", currency = "USD", note = "invoice 42" } ]
  # bill     = { path = "bills/*.csv.gz" }         # FOCUS, AWS CUR, Cost Explorer or Alibaba BSS
)";
  for (const auto& book : books.books_for(rule.id)) {
    text += fmt::format("  # book     = \"{0}\"          # its keys: recoup estimate {0} --keys\n",
                        book->id);
  }
  return text + '\n';
}

// Whether the package's service reads settings there, as a user of its own.
bool is_of_the_service(const std::string& folder) {
  return std::filesystem::path(folder + "/").lexically_normal() == "/etc/recoup/";
}

bool is_signed(const rules::RuleFile& contract) {
  return std::any_of(contract.probes.begin(), contract.probes.end(),
                     [](const auto& probe) { return probe.second.keys.sign.has_value(); });
}

}  // namespace

std::string ledger_for(const std::string& folder) {
  return is_of_the_service(folder) ? "sqlite:/var/lib/recoup/recoup.db" : "sqlite:recoup.db";
}

std::string next_steps(const rules::RuleFile& contract, const std::string& folder,
                       const ProviderStart* start) {
  const std::string path = (std::filesystem::path(folder) / "recoup.toml").string();
  const bool service = is_of_the_service(folder);
  std::vector<std::string> steps{"set account and region in it"};
  if (contract.rule.scope.empty()) steps = {"look through it"};
  std::string credentials;
  if (start != nullptr) {
    credentials = start->credentials;
  } else if (is_signed(contract)) {
    credentials = "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
  }
  if (!credentials.empty()) {
    steps.push_back(service
                        ? fmt::format("put {} into /etc/default/recoup (mode 0600)", credentials)
                        : "export " + credentials);
  }
  const bool has_probe = !contract.probes.empty() || (start != nullptr && !start->probe.empty());
  if (!has_probe) steps.emplace_back("give it a probe or a log");
  // By hand it would run as another user, whose ledger the service could not write.
  if (service) {
    steps.emplace_back("systemctl restart recoup");
    steps.emplace_back("systemctl status recoup");
  } else {
    steps.push_back("recoup check --config " + path);
    steps.push_back("recoup run --config " + path);
  }
  std::string text = "Next:";
  for (std::size_t i = 0; i < steps.size(); ++i) {
    text += fmt::format("\n  {}. {}", i + 1, steps[i]);
  }
  return text;
}

std::string first_settings(const rules::RuleFile& contract, const billing::PriceShelf& books,
                           const std::string& ledger, const ProviderStart* start) {
  const core::Rule& rule = contract.rule;
  const bool is_kms = rule.id == "aws-kms";
  std::string text(kTop);
  text +=
      fmt::format("{:<30}  # everything seen; a relative path is taken from this file's folder\n",
                  fmt::format("ledger = \"{}\"", ledger));
  text += kHead;
  if (is_kms) {
    text += kKms;
  } else {
    text += agreement_of(rule, start);
    text +=
        start == nullptr || start->probe.empty() ? probe_of(contract) : std::string(start->probe);
  }
  text += kEndpoint;
  if (!rule.sdk_services.empty()) text += kSdk;
  text += kLogs;
  if (is_aws(rule)) text += kTrail;
  text += is_kms ? std::string(kKmsCharges) : charges_of(rule, books);
  text += kExclusion;
  return text;
}

}  // namespace recoup::cli
