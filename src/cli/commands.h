#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "config/listen.h"
#include "core/provider_incidents.h"
#include "core/ratio.h"
#include "core/said_time.h"
#include "core/time.h"
#include "documents/content.h"
#include "record/claim_life.h"
#include "record/roles.h"
#include "sources/logs/format.h"

namespace recoup::cli {

// How a command ended, as the process's exit status.
enum Exit { kDone = 0, kCouldNot = 1, kWrongWords = 2 };

struct InitOptions {
  std::string folder = ".";
  std::string use;       // what the service is used for, of rules/uses.toml
  std::string provider;  // whose
  std::string sla;       // the contract to begin with: RULE
};

struct CheckOptions {
  std::string config;
  bool json = false;
};

struct RunOptions {
  std::string config;
  std::optional<config::Listen> listen;  // in place of that of the settings
  std::optional<record::Role> role;      // nothing: as the settings say
};

struct DoctorOptions {
  std::string config;
  bool send = true;  // a Request of each probe
  bool json = false;
};

struct MergeOptions {
  std::string config;
  std::vector<std::string> from;  // ledgers: files, or addresses
  std::string into;               // an address; empty: the settings' ledger
};

struct TestOptions {
  std::string config;
  std::string target;  // AGREEMENT/PROBE
  bool json = false;
};

struct NotifyOptions {
  std::string config;
  bool test = false;  // sends one
  bool json = false;
};

struct DemoOptions {
  std::string folder = "recoup-demo";
  std::optional<core::Millis> duration;  // how long the service runs; until a signal where absent
  int port = 9464;
};

struct ImportOptions {
  std::string config;
  std::string agreement;
  std::string format = std::string(sources::kAutoFormat);
  sources::FormatOptions format_options;
  std::string log = "import";                                  // the log source the files belong to
  std::optional<core::SaidTime> from, to;                      // what lies outside is left out
  std::uint64_t max_unpacked = documents::UnpackLimit().most;  // bytes
  std::string digests;            // the folder of CloudTrail's digest files; empty: not checked
  std::vector<std::string> keys;  // files with the keys that sign them
  bool accept_changed = false;    // files that are not as they were signed are imported, too
  bool dry_run = false;
  bool strict = false;
  bool json = false;
  std::vector<std::string> files;
};

struct QueryOptions {
  std::string config;
  std::string agreement;                   // empty: all
  std::string query;                       // empty: all
  std::optional<core::SaidTime> from, to;  // nothing: what the service would ask for now
  bool show = false;                       // the text alone, and ask nobody
  bool dry_run = false;
  bool json = false;
};

struct ImportsOptions {
  std::string config;
  std::string agreement;  // empty: all
  bool json = false;
};

struct ImportsRemoveOptions {
  std::string config;
  std::string agreement;  // empty: all that have the file
  std::string digest;     // or how it begins
};

struct AssessOptions {
  std::string config;
  std::string agreement;  // empty: all
  std::optional<core::SaidMonth> month;
  bool json = false;
  std::string under;  // RULE or RULE@DATE to judge by as well; empty: none
};

struct ExcludeOptions {
  std::string config;
  std::string agreement;
  std::optional<core::SaidTime> from;
  std::optional<core::SaidTime> to;
  std::string reason;
  bool list = false;
  bool remove = false;
  bool json = false;  // of the list
};

struct IncidentImportOptions {
  std::string config;
  std::vector<std::string> agreements;  // touched by all of them
  std::string provider;                 // whose; empty: as the file says
  bool json = false;
  std::vector<std::string> files;
};

struct IncidentAddOptions {
  std::string config;
  core::ProviderIncident incident;  // but for its times
  core::SaidTime begin;
  std::optional<core::SaidTime> end, announced;
};

struct IncidentListOptions {
  std::string config;
  std::string agreement;  // empty: all
  bool json = false;
};

struct IncidentRemoveOptions {
  std::string config;
  std::uint64_t number = 0;
};

struct ExplainOptions {
  std::string config;
  std::string agreement;
  // An interval by a time in it, a day or a billing cycle.
  std::variant<core::SaidTime, core::SaidMonth> when;
  std::size_t top = 20;  // how many intervals, or records of evidence, are shown
  bool json = false;
};

struct RulesListOptions {
  std::string config;
  std::string provider;   // of that one alone; empty: of all
  std::string use;        // of those alone that are for it, of rules/uses.toml
  std::string search;     // of those alone that have it in their id or service, in whatever case
  bool complete = false;  // of those alone that lack no term
  bool missing = false;   // by name what they lack
  bool json = false;
};

struct RulesShowOptions {
  std::string config;
  std::string rule;  // RULE or RULE@DATE
  bool json = false;
};

struct RulesCheckOptions {
  std::vector<std::string> files;
  std::string scenarios;  // a folder of them; empty: tests/scenarios, where that is there
  bool json = false;
};

struct PlanOptions {
  std::string config;
  std::string rule;  // RULE or RULE@DATE
  std::string region;
  bool json = false;
};

struct ChargesOptions {
  std::string config;
  std::string agreement;                 // empty: look into the files
  std::optional<core::SaidMonth> month;  // of an agreement: the last one that is over
  std::vector<std::string> files;        // bills, instead of those of the settings
  std::string format;                    // of the files; empty: told by content
  std::string provider, service, region, account, currency;  // empty: any
  bool filtered = false;
  bool json = false;
};

struct EstimateOptions {
  std::string config;
  std::string book;                      // empty: list them
  std::vector<std::string> order;        // key=value
  std::optional<core::SaidMonth> month;  // of the calendar in UTC
  bool keys = false;                     // show what can be given
  bool json = false;
};

struct ClaimOptions {
  std::string config;
  std::string agreement;
  core::SaidMonth month;
  std::string folder;
  std::vector<std::string> accepted;  // of claim::kAccepts: written all the same
  bool check = false;                 // say what it lacks, and write nothing
  bool json = false;                  // of that
};

struct ClaimsOptions {
  std::string config;
  std::string agreement;  // empty: all
  bool totals = false;    // by year, provider and state
  bool json = false;
};

struct ClaimsReconcileOptions {
  std::string config;
  std::string agreement;           // empty: all
  std::vector<std::string> files;  // bills; empty: those of the settings
  std::string format;              // of the files; empty: told by content
  bool mark = false;               // notes what was found
  bool json = false;
};

struct ClaimsMarkOptions {
  std::string config;
  std::string agreement;
  core::SaidMonth month;
  record::ClaimStep step;
  std::string case_id;                // the provider's
  std::optional<core::Ratio> amount;  // asked for, or given
  std::string currency;               // of the amount; empty: the claim's
  std::optional<core::SaidTime> at;   // when it was, of a day at some time of it; nothing: now
  std::string note;
};

struct ClaimsUnmarkOptions {
  std::string config;
  std::string agreement;
  core::SaidMonth month;
  std::string note;
};

struct ClaimsSealOptions {
  std::string config;
  std::string agreement;                 // empty: all
  std::optional<core::SaidMonth> month;  // only this one
};

struct VerifyOptions {
  std::string folder;  // of a claim; empty: the ledger's agreement
  std::string config;
  std::string agreement;
  std::optional<core::SaidMonth> month;  // all of the agreement where absent
  std::string key;                       // whose signatures are expected, in hexadecimal digits
  std::string ca;  // file of the certificates that tokens of the time must rest on; may be empty
  bool json = false;
};

struct ExportOptions {
  std::string config;
  std::string agreement;  // empty: all
  bool openmetrics = false;
  std::optional<core::Month> from, to;  // both included; nothing: from the first, to the last
};

struct BackupOptions {
  std::string config;
  std::string file;      // that is written, or put back
  bool replace = false;  // what is there
};

struct LedgerTidyOptions {
  std::string config;
  bool dry_run = false;
  bool json = false;
};

struct LedgerOptions {
  std::string config;
  std::string file;  // a copy that is looked at instead; empty: the ledger of the settings
  bool json = false;
};

// One function a command, one file each. They print to standard output, complain on standard
// error, and return the process's exit status.
Exit init(const InitOptions& options);
Exit check(const CheckOptions& options);
Exit test(const TestOptions& options);
Exit doctor(const DoctorOptions& options);
Exit run(const RunOptions& options);
Exit merge(const MergeOptions& options);
Exit demo(const DemoOptions& options);
Exit import_files(const ImportOptions& options);
Exit query(const QueryOptions& options);
Exit imports(const ImportsOptions& options);
Exit imports_remove(const ImportsRemoveOptions& options);
Exit assess(const AssessOptions& options);
Exit exclude(const ExcludeOptions& options);
Exit incident_import(const IncidentImportOptions& options);
Exit incident_add(const IncidentAddOptions& options);
Exit incident_list(const IncidentListOptions& options);
Exit incident_remove(const IncidentRemoveOptions& options);
Exit explain(const ExplainOptions& options);
Exit charges(const ChargesOptions& options);
Exit estimate(const EstimateOptions& options);
Exit claim(const ClaimOptions& options);
Exit claims(const ClaimsOptions& options);
Exit claims_mark(const ClaimsMarkOptions& options);
Exit claims_unmark(const ClaimsUnmarkOptions& options);
Exit claims_reconcile(const ClaimsReconcileOptions& options);
Exit notify(const NotifyOptions& options);
Exit claims_seal(const ClaimsSealOptions& options);
Exit export_months(const ExportOptions& options);
Exit ledger_tidy(const LedgerTidyOptions& options);
Exit verify(const VerifyOptions& options);
Exit backup(const BackupOptions& options);
Exit restore(const BackupOptions& options);
Exit ledger_check(const LedgerOptions& options);
Exit ledger_size(const LedgerOptions& options);
Exit rules_list(const RulesListOptions& options);
Exit rules_show(const RulesShowOptions& options);
Exit rules_check(const RulesCheckOptions& options);
Exit plan(const PlanOptions& options);

}  // namespace recoup::cli
