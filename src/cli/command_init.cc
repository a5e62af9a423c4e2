#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/terminal.h"

namespace recoup::cli {
namespace {

constexpr std::string_view kTemplate =
    R"(# What Recoup watches, and where it keeps what it saw. `recoup check` validates this file.

ledger = "sqlite:recoup.db"     # everything seen; a relative path is taken from this file's folder
listen = "127.0.0.1:9464"       # page, /metrics, /-/healthy, /-/ready
# allowed_hosts = ["recoup.example.com"]  # names that it is asked under, beside addresses and
                                # localhost: see "Who may look" in the README
# web_config = "web.yml"        # TLS and users, needed before others can reach the port: a file with
                                # tls_server_config and basic_auth_users, as Prometheus' exporters
# sdk_listen = "127.0.0.1:31000"  # where AWS SDKs report each attempt by UDP; see the log below
# vantage = "office-berlin"     # this prober's name; default: the host's
# signing_key = "seal.pem"      # signs the seals of months that are over; make one with
                                # openssl genpkey -algorithm ed25519 -out seal.pem

[[agreement]]                   # one SLA for one account and Region
id      = "kms-us-east-1"
sla     = "aws-kms"             # the contract: AWS KMS, 99.999 %
account = "123456789012"
region  = "us-east-1"
# Or an agreement for each pair of several, by id = "kms-{account}-{region}":
# accounts = ["123456789012", "210987654321"]
# regions  = ["us-east-1", "us-west-2"]
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

  # An endpoint inside your network, by an authority of your own. Files are PEM, and are read again
  # when they change. The last four keys may stand beside `use` as well.
  # [[agreement.probe]]
  # id          = "inside"
  # url         = "https://10.0.0.5:8443/healthz"
  # server_name = "kms.internal"    # the name to greet and to verify, where the URL has another
  # ca_file     = "internal.pem"    # whom to believe; default: the system's authorities
  # client_cert = "probe.pem"       # shown to a server that asks, with its private key
  # client_key  = "probe.key"       # without a passphrase, readable by its owner and group alone

  # What AWS SDKs of this machine report of each attempt, retries too: processes are to have
  # AWS_CSM_ENABLED=true and AWS_CSM_PORT=31000 in their environment.
  # [[agreement.log]]
  # id      = "sdk"
  # format  = "csm"
  # clients = ["app1"]              # AWS_CSM_CLIENT_ID; needed where two agreements would count one

  # Logs that the service follows: new files, growing ones, rotated and packed ones; one that says
  # nothing for `silent_after` is an alert, and its time is not measured.
  # [[agreement.log]]
  # id           = "web"
  # path         = "/var/log/nginx/access.log*"    # its format is told by its first lines
  # silent_after = "15m"                           # or "never"
  # [[agreement.log]]
  # id     = "trail"
  # format = "cloudtrail"
  # path   = "AWSLogs/{account}/CloudTrail/{region}/**/*.json.gz"

  # What the service cost: needed for a claim. An amount that you state decides over the bill, the
  # bill over the estimate from published prices (`recoup estimate aws-kms --keys`).
  # [agreement.charges]
  # stated   = [ { month = "2026-10", amount = "1845.00", currency = "USD", note = "invoice 42" } ]
  # bill     = { path = "bills/*.csv.gz" }         # FOCUS, AWS CUR, Cost Explorer or Alibaba BSS
  # book     = "aws-kms"
  # keys     = 40
  # requests = 12_000_000

  # Time that was your own doing. An interval that it touches counts as available, which can only
  # raise the uptime; where a contract divides failed Requests by all, its Requests are left out,
  # the served ones too, and a few leave its time out of the month: both can lower it. `recoup
  # assess` shows the uptime without each.
  # [[agreement.exclusion]]
  # from   = 2026-10-03T02:00:00Z
  # to     = 2026-10-03T02:30:00Z
  # reason = "we disabled the key ourselves"
)";

Exit cannot_write(const std::string& path, const std::string& why) {
  return complain(
      {fmt::format("expected a folder that can be written, got one that cannot: {}", why), path,
       "name another one: recoup init DIR"},
      kWrongWords);
}

}  // namespace

Exit init(const InitOptions& options) {
  namespace fs = std::filesystem;
  const fs::path path = fs::path(options.folder) / "recoup.toml";
  std::error_code code;
  fs::create_directories(options.folder, code);
  if (code) return cannot_write(options.folder, code.message());
  if (fs::exists(path, code)) {
    return complain({"expected no recoup.toml, got one that is there already", path.string(),
                     "edit it, or name another folder"},
                    kCouldNot);
  }
  errno = 0;
  std::ofstream file(path);
  file << kTemplate;
  file.close();
  if (!file) return cannot_write(path.string(), std::generic_category().message(errno));
  say(
      fmt::format("wrote {}\n\nNext:\n"
                  "  1. set account and region in it\n"
                  "  2. export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY\n"
                  "  3. recoup check --config {}\n"
                  "  4. recoup run --config {}",
                  path.string(), path.string(), path.string()));
  return kDone;
}

}  // namespace recoup::cli
