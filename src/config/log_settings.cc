#include "config/log_settings.h"

#include <algorithm>

#include <fmt/format.h>

#include "documents/near.h"
#include "rules/error_reader.h"
#include "rules/probe_keys.h"
#include "rules/rule_file.h"
#include "sources/logs/format.h"
#include "sources/logs/sight.h"

namespace recoup::config {
namespace {

constexpr int kMostFields = 1000;

std::string read_format(const documents::Value& value) {
  const std::string automatic(sources::kAutoFormat);
  std::vector<std::string> names{automatic, sources::kTrailFormat};
  for (const sources::Format* format : sources::formats()) names.emplace_back(format->name);
  const auto name = value.text();
  if (!name || std::find(names.begin(), names.end(), *name) != names.end()) {
    return name.value_or(automatic);
  }
  value.complain(
      fmt::format("expected a format of logs, got '{}'", *name),
      documents::did_you_mean(*name, names, fmt::format("there are {}", fmt::join(names, ", "))));
  return automatic;
}

void read_zone(const documents::Value& value, sources::FormatOptions& out) {
  const auto name = value.text();
  if (!name) return;
  if (const auto done = sources::set_time_zone(out, *name); !done) value.complain(done.error());
}

void read_fields(const documents::Value& value, sources::FormatOptions& out) {
  const auto table = value.table();
  if (!table) return;
  const std::vector<std::string> names(sources::kFieldNames.begin(), sources::kFieldNames.end());
  for (const documents::Value& entry : table->entries()) {
    const auto key = entry.text();
    if (!key) continue;
    if (std::find(names.begin(), names.end(), entry.key()) == names.end()) {
      entry.complain(
          fmt::format("expected a known field, got '{}'", entry.key()),
          documents::did_you_mean(entry.key(), names,
                                  fmt::format("the fields are {}", fmt::join(names, ", "))));
      continue;
    }
    const auto done = sources::add_field(out, entry.key() + '=' + *key);
    if (!done) entry.complain(done.error());
  }
}

sources::FormatOptions read_options(const documents::Table& table, const std::string& format) {
  sources::FormatOptions options;
  const auto request_id = table.optional("request_id").integer(1, kMostFields);
  options.request_id = static_cast<std::size_t>(request_id.value_or(0));
  read_fields(table.optional("fields"), options);
  read_zone(table.optional("time_zone"), options);
  const sources::Format* known = sources::find_format(format);
  if (known == nullptr) return options;
  if (const auto done = sources::check_options(*known, options); !done) {
    table.complain(done.error().message, done.error().help);
  }
  return options;
}

// A key that means something to one format alone.
documents::Value key_of_sdk_attempts(const documents::Table& table, const char* key,
                                     const LogSettings& log) {
  documents::Value value = table.optional(key);
  if (value && log.format != kSdkAttempts) {
    value.complain(
        fmt::format("expected the key '{}' beside format = \"{}\" alone, got it beside "
                    "\"{}\"",
                    key, kSdkAttempts, log.format));
  }
  return value;
}

// Without any of their own it is those that the contract is about.
std::vector<std::string> read_services(const documents::Table& table, const LogSettings& log,
                                       const core::Rule* rule) {
  const documents::Value value = key_of_sdk_attempts(table, "services", log);
  if (value || log.format != kSdkAttempts || rule == nullptr) return value.texts();
  if (rule->sdk_services.empty()) {
    table.complain(
        fmt::format("expected the key 'services', got none: {} does not say what SDKs call its "
                    "service",
                    rule->id),
        "name it as the SDKs do, like services = [\"Secrets Manager\"], where each call of it is "
        "a Request by the contract");
  }
  return rule->sdk_services;
}

// With the agreement's account and Region in their places.
std::string read_path(const documents::Value& value, const LogContext& context) {
  const auto path = value.text();
  if (!path) return "";
  const std::map<std::string, std::string> values{{"account", context.agreement.account},
                                                  {"region", context.agreement.region}};
  for (const std::string& name : rules::placeholders(*path)) {
    const auto found = values.find(name);
    if (found == values.end()) {
      value.complain(
          fmt::format("expected a known placeholder, got '{{{}}}'", name),
          documents::did_you_mean(name, {"account", "region"},
                                  "the placeholders of a path are {account} and {region}"));
    } else if (found->second.empty()) {
      value.complain(fmt::format("expected an agreement with {} {}, got one without",
                                 name == "account" ? "an" : "a", name));
    }
  }
  return (context.folder / rules::filled(*path, values)).string();
}

// How late the files of a format may come, as their writers say or are known for, with some more.
core::Millis usual_silence(const std::string& format) {
  using namespace std::chrono_literals;
  if (format == sources::kTrailFormat) return 1h;            // mostly within 15 minutes
  if (format == "elb") return 2h;                            // a file an hour, or more
  if (format == "s3" || format == "cloudfront") return 24h;  // best effort
  if (format == "alb") return 30min;                         // a file each 5 minutes
  return 15min;
}

std::optional<core::Millis> read_silence(const documents::Table& table, const LogSettings& log) {
  const documents::Value value = table.optional("silent_after");
  if (value && !log.follows()) {
    value.complain("expected the key 'silent_after' beside 'path' alone, got it without");
  }
  if (value.is_text() && value.text() == "never") return std::nullopt;
  constexpr core::Millis kShortest = std::chrono::minutes(1);
  constexpr core::Millis kLongest = std::chrono::hours(24 * 32);
  return value.duration(kShortest, kLongest).value_or(usual_silence(log.format));
}

void check_path(const documents::Value& path, const LogSettings& log, const core::Rule* rule) {
  if (!path) return;
  if (log.format == kSdkAttempts) {
    path.complain("expected no path beside format = \"csm\", got one",
                  "what SDKs report arrives at sdk_listen");
  } else if (log.format == sources::kTrailFormat && rule != nullptr &&
             rule->event_sources.empty()) {
    path.complain(
        fmt::format("expected a contract on a service that CloudTrail names, got {}", rule->id));
  }
}

LogSettings read_log(const documents::Table& table, const LogContext& context) {
  LogSettings log;
  log.id = rules::read_id(table.required("id")).value_or("");
  log.format = read_format(table.optional("format"));
  log.path = read_path(table.optional("path"), context);
  check_path(table.optional("path"), log, context.rule);
  log.silent_after = read_silence(table, log);
  const auto corroborates = table.optional("corroborates").boolean();
  log.corroborates = corroborates.value_or(false);
  log.apart = corroborates && !*corroborates;
  log.options = read_options(table, log.format);
  log.services = read_services(table, log, context.rule);
  log.clients = key_of_sdk_attempts(table, "clients", log).texts();
  if (context.rule != nullptr) {
    log.options.late_after = rules::late_after(*context.rule);
    std::vector<LogSettings> own;
    if (log.format == kSdkAttempts) own.push_back(log);
    log.options.subjects = sdk_subjects(own, *context.rule, context.agreement.region);
  }
  return log;
}

// Complains of the last log where it would count Requests that an earlier one counts.
void check_overlap(const documents::Table& table, const std::vector<LogSettings>& logs) {
  const LogSettings& log = logs.back();
  const auto overlaps = [&](const LogSettings& other) {
    return &other != &log && overlap(other, log);
  };
  const auto other = std::find_if(logs.begin(), logs.end(), overlaps);
  if (other == logs.end()) return;
  std::string help =
      "a log with corroborates = true is compared with the others, and not added to them";
  if (!sources::surely_see_the_same(other->format, log.format)) {
    help += "; corroborates = false says that it sees no Request that another log sees";
  }
  table.optional("format").complain(
      fmt::format("expected corroborates = true for this log ({}) or for the log '{}' ({}), got "
                  "it for neither: both see the same Requests, which would count twice",
                  log.format, other->id, other->format),
      help);
}

}  // namespace

bool overlap(const LogSettings& one, const LogSettings& other) {
  if (one.corroborates || other.corroborates) return false;
  if (sources::surely_see_the_same(one.format, other.format)) return true;
  return !one.apart && !other.apart && sources::see_the_same(one.format, other.format);
}

bool LogSettings::listens() const { return format == kSdkAttempts && path.empty(); }

void SdkLogs::add(const documents::Table& table, const core::Agreement& agreement,
                  const LogSettings& log) {
  if (!log.listens()) return;
  if (!listens_) {
    table.complain("expected the key 'sdk_listen' at the top of the file, got none",
                   "sdk_listen = \"127.0.0.1:31000\" is where SDKs send to by themselves");
  }
  const std::size_t index = logs_.size();
  logs_.push_back({table, agreement.id + '/' + log.id, !log.clients.empty()});
  for (const std::string& service : log.services) {
    const std::string where = service + (agreement.region.empty() ? "" : " in " + agreement.region);
    Subject& subject = subjects_[{service, agreement.region}];
    subject.logs.push_back(index);
    for (const std::size_t other : {subject.logs.front(), index}) {
      if (subject.logs.size() < 2 || logs_[other].has_clients) continue;
      need_clients(other, other == index ? subject.logs.front() : index, where);
    }
    for (const documents::Value& item : table.optional("clients").items()) {
      const auto client = item.text();
      if (!client) continue;
      const auto [known, is_new] = subject.by_client.emplace(*client, index);
      if (is_new) continue;
      item.complain(
          fmt::format("expected a client of one log, got '{}', of which {} counts {} "
                      "already",
                      *client, logs_[known->second].name, where));
    }
  }
}

void SdkLogs::need_clients(std::size_t log, std::size_t other, const std::string& subject) {
  if (std::exchange(logs_[log].complained, true)) return;
  logs_[log].table.complain(
      fmt::format("expected the key 'clients', got none: {} counts attempts of {} too",
                  logs_[other].name, subject),
      "say whose attempts each of them counts, by the AWS_CSM_CLIENT_ID of the processes: "
      "clients = [\"app1\"]");
}

std::vector<sources::SdkSubjects> sdk_subjects(const std::vector<LogSettings>& logs,
                                               const core::Rule& rule, const std::string& region) {
  std::vector<sources::SdkSubjects> all;
  for (const LogSettings& log : logs) {
    if (log.format == kSdkAttempts) all.push_back({log.services, region, log.clients});
  }
  if (all.empty()) all.push_back({rule.sdk_services, region, {}});
  return all;
}

std::vector<LogSettings> read_logs(const documents::Value& list, const LogContext& context) {
  std::vector<LogSettings> logs;
  std::set<std::string> ids;
  for (const documents::Table& table : list.tables()) {
    LogSettings log = read_log(table, context);
    if (!log.id.empty() && !ids.insert(log.id).second) {
      table.optional("id").complain(
          fmt::format("expected an id of its own, got '{}' a second time", log.id));
    }
    context.sdk.add(table, context.agreement, log);
    logs.push_back(std::move(log));
    check_overlap(table, logs);
  }
  return logs;
}

}  // namespace recoup::config
