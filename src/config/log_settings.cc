#include "config/log_settings.h"

#include <algorithm>

#include <fmt/format.h>

#include "documents/near.h"
#include "rules/rule_file.h"
#include "sources/logs/format.h"

namespace recoup::config {
namespace {

constexpr int kMostFields = 1000;

std::string read_format(const documents::Value& value) {
  const std::string automatic(sources::kAutoFormat);
  std::vector<std::string> names{automatic, kSdkAttempts};
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

LogSettings read_log(const documents::Table& table, const LogContext& context) {
  LogSettings log;
  log.id = rules::read_id(table.required("id")).value_or("");
  log.format = read_format(table.optional("format"));
  if (const auto path = table.optional("path").text()) {
    log.path = (context.folder / *path).string();
  }
  log.corroborates = table.optional("corroborates").boolean().value_or(false);
  log.options = read_options(table, log.format);
  log.services = read_services(table, log, context.rule);
  log.clients = key_of_sdk_attempts(table, "clients", log).texts();
  return log;
}

}  // namespace

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
  }
  return logs;
}

}  // namespace recoup::config
