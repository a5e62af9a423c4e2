#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/agreement.h"
#include "core/rule.h"
#include "core/time.h"
#include "documents/document.h"
#include "sources/logs/format_options.h"

namespace recoup::config {

// LogSettings is an [[agreement.log]]: where Requests of the agreement are written down that others
// than our own probes made.
struct LogSettings {
  std::string id;      // of its own among the agreement's logs
  std::string format;  // the name of a format, kSdkAttempts, or "auto"
  std::string path;    // of files to follow, or a pattern of them; empty: there are none
  // Of which of several resources its Requests are, where the contract sums the time of these.
  std::string resource;
  bool corroborates = false;  // it sees the Requests of another log: compared, not added up
  bool apart = false;         // `corroborates = false` stands there: it sees none of another's

  sources::FormatOptions options;  // those that the format has

  // Of the attempts that SDKs report: of which services, as the SDKs call them, and of whom, by
  // AWS_CSM_CLIENT_ID; without clients, of everybody.
  std::vector<std::string> services;
  std::vector<std::string> clients;

  // How long what is followed may say nothing before that is taken for a fault; nothing: for ever.
  std::optional<core::Millis> silent_after;

  // Whether its files are followed.
  bool follows() const { return !path.empty(); }

  // Whether it counts what arrives at Settings::sdk_listen.
  bool listens() const;
};

// Whether both count Requests that are the same, as far as their formats tell.
bool overlap(const LogSettings& one, const LogSettings& other);

// The format of what AWS SDKs send by client-side monitoring.
inline constexpr char kSdkAttempts[] = "csm";

// SdkLogs sees to it, while agreements are read, that every attempt that an SDK reports is of one
// log at most: two of one service and Region must say whose attempts they count.
class SdkLogs {
 public:
  // `listens`: whether there is an address to which SDKs report.
  explicit SdkLogs(bool listens) : listens_(listens) {}

  // Complains about the log, and about earlier ones, whose table lives as long as this object.
  void add(const documents::Table& table, const core::Agreement& agreement, const LogSettings& log);

  bool empty() const { return logs_.empty(); }

 private:
  struct Log {
    documents::Table table;
    std::string name;  // "kms/sdk"
    bool has_clients = false;
    bool complained = false;
  };
  // The logs of one service and Region.
  struct Subject {
    std::vector<std::size_t> logs;                 // in logs_
    std::map<std::string, std::size_t> by_client;  // in logs_
  };

  void need_clients(std::size_t log, std::size_t other, const std::string& subject);

  bool listens_;
  std::vector<Log> logs_;
  std::map<std::pair<std::string, std::string>, Subject> subjects_;
};

// What an agreement's logs are read with.
struct LogContext {
  const core::Rule* rule;  // null: not known
  const core::Agreement& agreement;
  const std::filesystem::path& folder;  // that relative paths are taken from
  SdkLogs& sdk;
};

// Whose attempts, of all that AWS SDKs report, are the agreement's: by its logs of them, and where
// it has none, all of the contract's service in its Region. Never empty.
std::vector<sources::SdkSubjects> sdk_subjects(const std::vector<LogSettings>& logs,
                                               const core::Rule& rule, const std::string& region);

// Reads the list of [[agreement.log]].
std::vector<LogSettings> read_logs(const documents::Value& list, const LogContext& context);

}  // namespace recoup::config
