#include "config/reference.h"

#include <algorithm>

#include <fmt/format.h>

namespace recoup::config {
namespace {

constexpr std::string_view kNeeded = "needed";
constexpr std::string_view kNone = "none";

SettingsSection top() {
  return {
      "",
      "The service as a whole. Relative paths are taken from the folder of recoup.toml.",
      {
          {"ledger", "text", "\"sqlite:recoup.db\"", "\"sqlite:/var/lib/recoup/recoup.db\"",
           "Where everything seen is kept: a file of SQLite, or postgresql:… as libpq has it."},
          {"listen", "address", "\"127.0.0.1:9464\"", "\"0.0.0.0:9464\"",
           "Where pages, API and metrics are served. Beyond this machine it wants web_config."},
          {"allowed_hosts", "list of texts", "addresses and localhost", "[\"recoup.example.com\"]",
           "Names that the server may be asked under."},
          {"web_config", "path", kNone, "\"web.yml\"",
           "TLS and users, in the form that Prometheus' exporters have."},
          {"reload_over_http", "true or false", "false", "true",
           "Whether POST /-/reload reads the settings again, as SIGHUP does."},
          {"mask_accounts", "true or false", "false", "true",
           "Whether pages show the last four letters of an account alone, and not all of it."},
          {"role", "\"all\", \"prober\" or \"judge\"", "\"all\"", "\"prober\"",
           "Which half of the service this process is: a prober counts and writes, a judge judges, "
           "seals and tells."},
          {"vantage", "text", "the host's name", "\"office-berlin\"",
           "From where this process probes: the part of each series that tells it from others."},
          {"sdk_listen", "address", kNone, "\"127.0.0.1:31000\"",
           "Where AWS SDKs report each attempt by UDP; counted by [[agreement.log]] with "
           "format = \"csm\"."},
          {"signing_key", "path", kNone, "\"seal.pem\"",
           "The Ed25519 key that signs the seals of months that are over."},
          {"keep", "table", kNone, "", "How long minutes and evidence are kept as they are."},
          {"timestamps", "table", kNone, "", "Has a third party sign when it was recorded."},
          {"notify", "table", kNone, "", "Whom the service tells what there is to know."},
          {"contact", "text", kNone, "\"Jo Meier, cloud@example.com\"",
           "Whom a claim says may be asked; an agreement may have its own."},
          {"rules", "path", kNone, "\"rules\"",
           "A folder of contracts and price books of your own, beside those that are compiled in."},
          {"agreement", "list of tables", kNeeded, "", "What is watched: one at least."},
      }};
}

SettingsSection timestamps() {
  return {
      "[timestamps]",
      "A time-stamping authority (RFC 3161) signs the digests of what is recorded.",
      {
          {"url", "URL", kNeeded, "\"https://freetsa.org/tsr\"", "The authority."},
          {"ca", "path", kNeeded, "\"authority.pem\"", "Its certificates, by which it is checked."},
          {"every", "duration", "\"1d\"", "\"1d\"", "How often, a day to seven."},
          {"policy", "text", kNone, "\"1.2.3.4.1\"",
           "The policy that is asked for, by its number."},
      }};
}

SettingsSection keep() {
  return {
      "[keep]",
      "How long the ledger keeps what it has.",
      {
          {"minute_days", "whole number", "2", "7",
           "For how many days after its end a day's counts stay minute by minute; then it is one "
           "row, and nothing is lost."},
          {"evidence_days", "whole number", "400", "800",
           "For how many days after the last that a claim may need them records of single "
           "requests stay."},
      }};
}

SettingsSection notify() {
  return {"[notify]",
          "Breaches, deadlines, silent sources and faults, told once each. One of webhook and "
          "command.",
          {
              {"webhook", "URL or secret", kNone, "{ env = \"HOOK\" }",
               "Where each notice is posted as JSON."},
              {"headers", "table of texts or secrets", kNone,
               "{ Authorization = { env = \"TOKEN\" } }", "Headers of that."},
              {"command", "list of texts", kNone, "[\"./tell\", \"ops\"]",
               "A program that is run for each notice, without a shell."},
              {"timeout", "duration", "\"10s\"", "\"30s\"", "How long either may take."},
          }};
}

SettingsSection agreement() {
  return {
      "[[agreement]]",
      "One contract for one account and Region.",
      {
          {"id", "text", kNeeded, "\"kms-us-east-1\"",
           "Its name in pages, metrics and claims; with accounts or regions "
           "\"kms-{account}-{region}\"."},
          {"sla", "text", kNeeded, "\"aws-kms\"", "The contract: `recoup rules list` has them."},
          {"plan", "text", kNone, "\"pro\"", "Which of a contract's plans you have."},
          {"account", "text", "by contract", "\"123456789012\"", "The account that is billed."},
          {"accounts", "list of texts", kNone, "[\"123456789012\", \"210987654321\"]",
           "Several: an agreement for each."},
          {"region", "text", "by contract", "\"us-east-1\"",
           "The Region that the contract is for."},
          {"regions", "list of texts", kNone, "[\"us-east-1\", \"us-west-2\"]",
           "Several: an agreement for each."},
          {"since", "instant", kNone, "2026-03-01T00:00:00Z", "When the agreement began."},
          {"until", "instant", kNone, "2027-03-01T00:00:00Z", "When it ended."},
          {"time_zone", "text", "the contract's", "\"Europe/Zurich\"",
           "Where your billing cycle is not the contract's calendar month."},
          {"cycle_start", "date", "by contract", "2026-03-17",
           "The day of purchase, where the contract counts its cycles from it."},
          {"terms", "table", kNone, "{ minimum_credit = \"none\" }",
           "What your contract says where the published one leaves a gap, in the words of rules/."},
          {"resources", "list of texts", "by contract", "[\"vault-a\", \"vault-b\"]",
           "The resources whose time a contract sums."},
          {"count_indirect", "true or false", "false", "true",
           "Whether calls that other services make for you count as Requests."},
          {"key_stores", "list of texts", kNone, "[\"1234abcd-12ab-34cd-56ef-1234567890ab\"]",
           "Keys in custom key stores, whose Requests AWS KMS leaves out."},
          {"profile", "text", "the environment's", "\"audit-{account}\"",
           "Whose AWS credentials sign its probes, by the name in ~/.aws."},
          {"vantage_votes", "text", "a majority", "\"2 of 3\"",
           "From how many vantage points a loss must be seen to be the provider's; no figure rests "
           "on it."},
          {"max_requests_per_month", "whole number", kNone, "500000",
           "What its probes may send in a billing cycle; beyond it they stop, and say so."},
          {"claim_via", "\"provider\" or \"partner\"", "\"provider\"", "\"partner\"",
           "Whether claims go to the provider or to the reseller that you buy from."},
          {"contact", "text", "that of the file", "\"kms-team@example.com\"",
           "Whom its claims say may be asked."},
          {"practice", "true or false", "false", "true",
           "A rehearsal: its claims are marked as none."},
          {"probe", "list of tables", kNone, "", "What is sent to it."},
          {"log", "list of tables", kNone, "", "Request logs that have Requests of it."},
          {"query", "list of tables", kNone, "", "Engines that have them."},
          {"exclusion", "list of tables", kNone, "", "Time that was your own doing."},
          {"expiry", "list of tables", kNone, "", "When an instance expired."},
          {"overdue", "list of tables", kNone, "", "When the account was overdue."},
          {"charges", "table", kNone, "", "What the service cost: needed for a claim."},
      }};
}

SettingsSection probe() {
  return {
      "[[agreement.probe]]",
      "A request that is sent again and again: from a template of the contract, or of your own.",
      {
          {"id", "text", kNeeded, "\"generate-random\"", "Its name among those of the agreement."},
          {"use", "text", kNone, "\"generate-random\"",
           "A template of the contract, which the other keys refine."},
          {"with", "table of texts", kNone, "{ key = \"alias/my-key\" }",
           "What the template has places for."},
          {"url", "URL", "the template's", "\"https://api.example.com/healthz\"",
           "Where it goes; {region}, {account} and, with targets, {target} are filled in."},
          {"targets", "path or list of paths", kNone, "\"targets/*.yml\"",
           "Files of targets in Prometheus' file_sd form, read again when they change."},
          {"by_target", "true or false", "false", "true",
           "Whether each target has its own series, or all of them one."},
          {"method", "text", "\"GET\"", "\"POST\"",
           "GET, HEAD, POST, PUT, DELETE, PATCH or OPTIONS."},
          {"headers", "table of texts or secrets", kNone, "{ X-Api-Key = { file = \"key\" } }",
           "Headers; a secret comes from { env = … } or { file = … }."},
          {"body", "text", kNone, "'{\"NumberOfBytes\": 1}'", "What is sent."},
          {"sign", "text or table", kNone, "{ by = \"sigv4\", service = \"kms\" }",
           "How it is signed; text is the service of AWS Signature Version 4."},
          {"region", "text", "the agreement's", "\"us-east-1\"",
           "The Region of this probe alone, where the contract holds for all."},
          {"every", "duration", "\"5s\"", "\"1s\"",
           "How often, 100 ms to an hour: `recoup check` says what loss that can show."},
          {"timeout", "duration", "\"10s\"", "\"2s\"", "How long an answer is waited for."},
          {"keep_alive", "true or false", "true", "false",
           "Whether connections are kept, or each request has a new one."},
          {"expect", "list of statuses", "2xx", "[200, 404]",
           "Statuses that are no failure in pages; the contract counts by its own."},
          {"request_id_header", "text", "the contract's", "\"x-amzn-requestid\"",
           "The header with the id that the provider can look up."},
          {"error_name_header", "text", kNone, "\"x-amzn-errortype\"",
           "The header with the name of an error."},
          {"error_name_json", "text", kNone, "\"error.status\"", "Or where in JSON it stands."},
          {"error_name_xml", "text", kNone, "\"Error.Code\"", "Or where in XML."},
          {"error_at_every_status", "true or false", "false", "true",
           "Whether an answer of status 200 may bear the name of an error."},
          {"check", "table", kNone, "",
           "What an answer should be like, beside the contract: seen, alertable, never an Error."},
          {"resource", "text", "by contract", "\"vault-a\"",
           "Of which of the agreement's resources it is."},
          {"server_name", "text", "the URL's host", "\"kms.internal\"",
           "The name to greet and to verify by TLS."},
          {"ca_file", "path", "the system's", "\"internal.pem\"", "Authorities to believe."},
          {"client_cert", "path", kNone, "\"probe.pem\"", "What is shown to a server that asks."},
          {"client_key", "path", kNone, "\"probe.key\"", "Its private key."},
      }};
}

SettingsSection sign() {
  return {
      "sign = { … } of [[agreement.probe]]",
      "Which of these a signer takes, docs/probes.md says.",
      {
          {"by", "text", "\"sigv4\"", "\"azure\"", "The signer: `recoup check` lists them."},
          {"service", "text", "by signer", "\"kms\"", "The service that it is signed for."},
          {"region", "text", "the agreement's", "\"us-east-1\"", "The Region."},
          {"scope", "text", "by signer", "\"https://vault.azure.net/.default\"",
           "What a token is asked for."},
          {"tenant", "text", kNone, "\"contoso.onmicrosoft.com\"", "Of Azure: the directory."},
          {"client_id", "text", kNone, "\"00000000-0000-0000-0000-000000000000\"",
           "Of Azure: the application."},
          {"authority", "URL", "Azure's public cloud", "\"https://login.chinacloudapi.cn\"",
           "Of Azure: who gives tokens."},
          {"secret", "secret", kNone, "{ env = \"AZURE_SECRET\" }", "Of Azure: the application's."},
          {"file", "path", kNone, "\"service-account.json\"", "Of Google: a key of an account."},
          {"user", "text", kNone, "\"recoup\"", "Of Basic: who asks."},
          {"password", "secret", kNone, "{ file = \"password\" }", "Of Basic."},
          {"token", "secret", kNone, "{ file = \"token\" }", "Of Bearer."},
      }};
}

SettingsSection checks() {
  return {"[agreement.probe.check]",
          "What an answer should be like, beside the contract. One key at least.",
          {
              {"status", "list of statuses", kNone, "[200]", "The statuses that are well."},
              {"body", "text", kNone, "\"ok\"", "What its body has somewhere."},
              {"matches", "regular expression", kNone, "'\"state\": *\"up\"'",
               "What its body matches (RE2)."},
              {"lacks", "regular expression", kNone, "'(?i)error'", "What it does not."},
              {"json", "table", kNone, "{ \"status.state\" = \"ok\", replicas = 3 }",
               "What stands at places of its JSON."},
              {"headers", "table of expressions", kNone, "{ server = '^nginx' }",
               "What headers match."},
              {"within", "duration", kNone, "\"2s\"", "How long it may take."},
              {"certificate", "duration", kNone, "\"14d\"",
               "How long the server's certificate must still hold."},
          }};
}

SettingsSection log() {
  return {
      "[[agreement.log]]",
      "A request log, followed where it has a path; others are read by `recoup import`.",
      {
          {"id", "text", kNeeded, "\"web\"", "Its name among the agreement's logs and queries."},
          {"format", "text", "\"auto\"", "\"cloudtrail\"",
           "How it is written: `recoup import --help` has the formats."},
          {"path", "path", kNone, "\"/var/log/nginx/access.log*\"",
           "What is followed; * and ** are any, {account} and {region} the agreement's."},
          {"silent_after", "duration or \"never\"", "by format", "\"30m\"",
           "How long it may say nothing before that is taken for a fault."},
          {"corroborates", "true or false", "false", "true",
           "Whether it is compared with the others and not added to them."},
          {"time_zone", "text", kNone, "\"Europe/Zurich\"",
           "Of times that are written without one."},
          {"request_id", "whole number", kNone, "12",
           "Which field of a line has the id of the server behind, from 1."},
          {"fields", "table of texts", "by their names", "{ status = \"response.code\" }",
           "Which keys of JSON lines hold what."},
          {"services", "list of texts", "the contract's", "[\"Secrets Manager\"]",
           "Of csm: the services, as SDKs call them."},
          {"clients", "list of texts", "any", "[\"app1\"]",
           "Of csm: whose attempts, by AWS_CSM_CLIENT_ID."},
          {"resource", "text", "by contract", "\"vault-a\"",
           "Of which of the agreement's resources it is."},
      }};
}

SettingsSection query() {
  return {
      "[[agreement.query]]",
      "An engine that has Requests of the agreement, and is asked how many there were.",
      {
          {"id", "text", kNeeded, "\"requests\"",
           "Its name among the agreement's logs and queries."},
          {"engine", "text", kNeeded, "\"clickhouse\"", "clickhouse, prometheus or postgresql."},
          {"url", "URL", "needed", "\"https://clickhouse.example.com:8443\"",
           "Of ClickHouse and Prometheus: where it is."},
          {"user", "text", kNone, "\"recoup\"", "Of these: who asks."},
          {"password", "secret", kNone, "{ env = \"NAME\" }", "Of these: its password."},
          {"headers", "table of texts or secrets", kNone, "{ X-Scope-OrgID = \"web\" }",
           "Of these: headers."},
          {"ca_file", "path", "the system's", "\"internal.pem\"",
           "Of these: authorities to believe."},
          {"client_cert", "path", kNone, "\"recoup.pem\"", "Of these: what is shown."},
          {"client_key", "path", kNone, "\"recoup.key\"", "Its private key."},
          {"database", "text", "the user's", "\"logs\"", "Of ClickHouse."},
          {"connection", "text", "needed", "\"service=logs\"",
           "Of PostgreSQL: libpq's words, without a password."},
          {"table", "text", kNone, "\"logs.requests\"", "Of SQL: a row a request. Or query."},
          {"preset", "text", kNone, "\"alb\"",
           "Of ClickHouse: the columns of AWS's tables, alb or cloudtrail."},
          {"time", "SQL", "needed", "\"ts\"", "Of a table: the column or expression of its time."},
          {"status", "SQL", "needed", "\"code\"", "Of its status or outcome."},
          {"filter", "SQL or labels", kNone, "\"service = 'kms'\"",
           "Which rows or counters count."},
          {"query", "SQL or PromQL", kNone, "\"SELECT …\"",
           "Of your own: minute, outcome and count, with {from} and {to} in it."},
          {"evidence", "SQL", kNone, "\"SELECT …\"",
           "For the single requests that failed: time, outcome and request_id."},
          {"request_id", "SQL", kNone, "\"id\"",
           "Of a table: the id that the provider can look up."},
          {"counter", "text", kNone, "\"http_requests_total\"", "Of Prometheus. Or query."},
          {"label", "text", "\"code\"", "\"status\"", "Which of its labels is the status."},
          {"from", "instant", "the month it begins in", "2026-06-01T00:00:00Z",
           "Nothing earlier is asked for."},
          {"every", "duration", "\"1m\"", "\"5m\"", "How often it is asked."},
          {"delay", "duration", "\"1m\"; \"2m\" of Prometheus", "\"10m\"",
           "How old a minute is when it is asked for."},
          {"reread", "duration", "\"2h\"", "\"1d\"", "How long late rows are looked for."},
          {"timeout", "duration", "\"30s\"", "\"2m\"", "How long an answer may take."},
          {"silent_after", "duration or \"never\"", "\"15m\"; \"5m\" of Prometheus", "\"1h\"",
           "How long it may say nothing before that is taken for a fault."},
          {"corroborates", "true or false", "false", "true",
           "Whether it is compared with the others and not added to them."},
      }};
}

SettingsSection exclusion() {
  return {
      "[[agreement.exclusion]]",
      "Time that was your own doing; `recoup exclude` keeps such times in the ledger.",
      {
          {"from", "instant", kNeeded, "2026-10-03T02:00:00Z", "Its begin."},
          {"to", "instant", kNeeded, "2026-10-03T02:30:00Z", "Its end."},
          {"reason", "text", kNeeded, "\"we disabled the key ourselves\"", "What the claim says."},
      }};
}

SettingsSection expiry() {
  return {
      "[[agreement.expiry]]",
      "When an instance expired, where the contract's price book says what happens then.",
      {
          {"date", "date", kNeeded, "2026-10-03", "Its last day."},
          {"midnight", "\"begin\" or \"end\"", "\"begin\"", "\"end\"", "At which end of that day."},
          {"renewed", "instant or date", kNone, "2026-10-05", "When it was renewed."},
      }};
}

SettingsSection overdue() {
  return {"[[agreement.overdue]]",
          "When the account was overdue, likewise.",
          {
              {"since", "instant or date", kNeeded, "2026-10-03", "From when on."},
              {"paid", "instant or date", kNone, "2026-10-05", "When it was paid."},
          }};
}

SettingsSection charges() {
  return {"[agreement.charges]",
          "What the service cost. An amount that you state decides over the bill, the bill over "
          "the price book.",
          {
              {"stated", "list of tables", kNone,
               "[{ month = \"2026-10\", amount = \"1845.00\", currency = \"USD\" }]",
               "The amount of a month."},
              {"bill", "table or list", kNone, "{ path = \"bills/*.csv.gz\" }", "Bills."},
              {"book", "text", kNone, "\"aws-kms\"",
               "A price book, with what it asks for beside it: `recoup estimate BOOK`."},
          }};
}

SettingsSection stated() {
  return {"[[agreement.charges.stated]]",
          "What a month cost, as the invoice says.",
          {
              {"month", "month", kNeeded, "\"2026-10\"", "Which."},
              {"amount", "decimal", kNeeded, "\"1845.00\"", "How much, in text: it is exact."},
              {"currency", "text", kNeeded, "\"USD\"", "By ISO 4217."},
              {"note", "text", kNone, "\"invoice 42\"", "Where that stands."},
          }};
}

SettingsSection bill() {
  return {"[[agreement.charges.bill]]",
          "Bills as providers export them.",
          {
              {"path", "path or list of paths", kNeeded, "\"bills/*.csv.gz\"", "Their files."},
              {"format", "text", "by the file", "\"focus\"", "How they are written."},
              {"provider", "text", "the contract's", "\"AWS\"", "Which lines are looked for."},
              {"service", "text", "the contract's", "\"AWS Key Management Service\"",
               "Of which service."},
              {"region", "text", "the agreement's", "\"us-east-1\"", "Of which Region."},
              {"account", "text", "the agreement's", "\"123456789012\"", "Of which account."},
              {"currency", "text", "the bill's", "\"USD\"", "In which currency."},
              {"classes", "list of texts", "by contract", "[\"usage\", \"credit\"]",
               "Which kinds of lines count: usage, tax, credit, refund, correction, other."},
              {"filtered", "true or false", "false", "true",
               "That the file holds lines of this service alone."},
          }};
}

bool has(std::string_view text, std::string_view word) {
  return text.find(word) != std::string_view::npos;
}

// "every = \"1s\"", or the key of a table.
std::string written(const SettingsKey& key) {
  if (key.example.empty()) return std::string(key.key);
  return fmt::format("{} = {}", key.key, key.example);
}

// Text in lines of at most `width` bytes, each behind `margin`.
void fold(std::string_view text, std::string_view margin, std::size_t width, std::string& out) {
  while (!text.empty()) {
    std::size_t end = text.size();
    if (end > width) {
      end = text.rfind(' ', width);
      if (end == std::string_view::npos || end == 0) end = std::min(text.find(' '), text.size());
    }
    out.append(margin).append(text.substr(0, end)) += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// A pipe ends a cell.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return out;
}

}  // namespace

const std::vector<SettingsSection>& settings_reference() {
  static const std::vector<SettingsSection> sections{
      top(),    agreement(), probe(),   sign(),   checks(), log(),  query(),      exclusion(),
      expiry(), overdue(),   charges(), stated(), bill(),   keep(), timestamps(), notify()};
  return sections;
}

std::string reference_text(std::string_view word) {
  constexpr std::size_t kWidth = 74;
  std::string out;
  for (const SettingsSection& section : settings_reference()) {
    std::string keys;
    for (const SettingsKey& key : section.keys) {
      if (!has(section.header, word) && !has(key.key, word)) continue;
      keys += fmt::format("  {}\n      {}; {}{}\n", written(key), key.type,
                          key.initial == kNeeded ? "" : "default: ", key.initial);
      fold(key.text, "      ", kWidth, keys);
    }
    if (keys.empty()) continue;
    if (!out.empty()) out += '\n';
    out += section.header.empty() ? "At the top of the file" : std::string(section.header);
    out += '\n';
    fold(section.text, "", kWidth + 6, out);
    out += '\n' + keys;
  }
  return out;
}

std::string reference_page() {
  std::string out =
      "# recoup.toml\n\nEvery key, as `recoup help config` prints it. Durations are text like "
      "\"5s\", \"15m\" or \"14d\"; a secret is\n`{ env = \"NAME\" }` or `{ file = \"PATH\" }`; "
      "`recoup init` writes a commented file to begin with.\n";
  for (const SettingsSection& section : settings_reference()) {
    out += fmt::format(
        "\n## {}\n\n{}\n\n| key | what may stand there | default | |\n|---|---|---|---|\n",
        section.header.empty() ? "At the top of the file" : fmt::format("`{}`", section.header),
        section.text);
    for (const SettingsKey& key : section.keys) {
      out += fmt::format("| `{}` | {} | {} | {} |\n", cell(written(key)), cell(key.type),
                         cell(key.initial), cell(key.text));
    }
  }
  return out;
}

}  // namespace recoup::config
