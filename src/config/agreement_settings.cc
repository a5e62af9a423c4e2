#include "config/agreement_settings.h"

#include <algorithm>
#include <iterator>

#include <set>

#include <fmt/format.h>

#include "billing/charge_settings.h"
#include "config/expansion.h"
#include "config/lapse_settings.h"
#include "core/assess.h"
#include "core/text.h"
#include "documents/near.h"
#include "record/redact.h"
#include "rules/providers.h"
#include "rules/terms.h"
#include "rules/version_reader.h"
#include "rules/zones.h"
#include "sources/probe/probe_list.h"

namespace recoup::config {
namespace {

// The rule of one of several plans that a contract makes a commitment for each.
std::shared_ptr<const rules::RuleFile> read_plan(const documents::Value& plan,
                                                 const std::string& contract,
                                                 const std::vector<std::string>& plans,
                                                 const rules::Catalog& catalog) {
  const auto name = plan.text();
  if (!name) return nullptr;
  auto file = catalog.find_rule(contract + '/' + *name);
  if (file == nullptr) {
    plan.complain(fmt::format("expected a plan of {}, got '{}'", contract, *name),
                  documents::did_you_mean(
                      *name, plans, fmt::format("its plans are {}", core::listed(plans, "and"))));
  }
  return file;
}

std::shared_ptr<const rules::RuleFile> read_sla(const documents::Table& table,
                                                const rules::Catalog& catalog) {
  const documents::Value value = table.required("sla");
  const documents::Value plan = table.optional("plan");
  const auto id = value.text();
  if (!id) return nullptr;
  auto file = catalog.find_rule(*id);
  if (file != nullptr && plan) {
    plan.complain(fmt::format("expected no 'plan' under {}, got one", *id),
                  "it makes one commitment");
  }
  if (file != nullptr) return file;
  const std::vector<std::string> plans = catalog.plans_of(*id);
  if (!plans.empty() && plan) return read_plan(plan, *id, plans, catalog);
  if (!plans.empty()) {
    value.complain(fmt::format("expected a 'plan' beside '{}', got none", *id),
                   fmt::format("its plans are {}", core::listed(plans, "and")));
  } else {
    value.complain(
        fmt::format("expected a known rule, got '{}'", *id),
        documents::did_you_mean(*id, catalog.all_rule_ids(), "`recoup rules list` shows them all"));
  }
  return file;
}

std::optional<std::string> read_zone(const documents::Value& value) {
  auto name = value.text();
  if (!name) return std::nullopt;
  const auto zone = rules::find_zone(*name);
  if (zone) return name;
  value.complain(zone.error());
  return std::nullopt;
}

// The rule with what the user says of its missing terms.
std::shared_ptr<const rules::RuleFile> with_terms(std::shared_ptr<const rules::RuleFile> file,
                                                  const documents::Value& terms) {
  if (file == nullptr || !terms) return file;
  auto own = std::make_shared<rules::RuleFile>(*file);
  rules::supply_terms(terms, own->rule);
  return own;
}

// The rule by which calls that other services make for the account are Requests too, if they are to
// be counted.
std::shared_ptr<const rules::RuleFile> with_indirect(std::shared_ptr<const rules::RuleFile> file,
                                                     bool count) {
  if (file == nullptr || !count) return file;
  auto own = std::make_shared<rules::RuleFile>(*file);
  for (core::Version& version : own->rule.versions) version.count_indirect = true;
  return own;
}

// A resource's name stands in columns of logs and tables, where all can read it.
void check_resource_name(const documents::Value& value) {
  const std::string name = value.text().value_or("-");
  const bool plain = std::none_of(name.begin(), name.end(), [](char c) {
    return (c >= 0 && c <= ' ') || c == '\x7f' || c == ',' || c == '"';
  });
  if (plain && !name.empty() && record::visible(name) == name && record::redact(name) == name) {
    return;
  }
  value.complain(fmt::format("expected a name without blanks, commas and quotes, got '{}'",
                             record::redact(name)),
                 "a claim lists by it what each lost, like resources = [\"vault-a\", \"vault-b\"]");
}

// Of which of the summed resources a probe or log is. Where there are several, each says it: whose
// time a failure took nobody can tell otherwise.
std::string read_resource(const documents::Table& table, const core::Rule* rule) {
  const documents::Value value = table.optional("resource");
  const std::string name = value.text().value_or("");
  if (rule == nullptr) return name;
  const std::vector<std::string>& names = rule->versions.back().resources;
  const std::string known = core::listed(names, "and");
  if (names.empty()) {
    if (value) {
      value.complain(fmt::format("expected no 'resource' under {}, got one", rule->id),
                     "it sums no time over several; `recoup rules show` says of what it counts");
    }
    return "";
  }
  if (!value && names.size() > 1) {
    table.complain(
        fmt::format("expected the key 'resource', got none: {} sums the time of {}, and whose "
                    "time a failure takes has to be known",
                    rule->id, known),
        fmt::format("write resource = \"{}\", or another of them; a log that mixes several cannot "
                    "be counted: give each its own",
                    names.front()));
    return "";
  }
  if (value && !name.empty() && std::find(names.begin(), names.end(), name) == names.end()) {
    value.complain(fmt::format("expected one of the agreement's resources, got '{}'", name),
                   documents::did_you_mean(name, names, fmt::format("they are {}", known)));
  }
  return name;
}

// The rule whose time is summed over all of these. How many there are decides what a lost minute
// weighs: without them a claim could ask for many times what is due.
std::shared_ptr<const rules::RuleFile> with_resources(std::shared_ptr<const rules::RuleFile> file,
                                                      const documents::Table& table) {
  const documents::Value value = table.optional("resources");
  const std::vector<std::string> names = value.texts();
  if (file == nullptr) return file;
  const auto& versions = file->rule.versions;
  const auto summed = std::find_if(versions.rbegin(), versions.rend(), [](const auto& version) {
    return !version.summed_over.empty();
  });
  if (summed == versions.rend()) {
    if (value) {
      value.complain(fmt::format("expected no 'resources' under {}, got some", file->rule.id),
                     "it counts the time of one; `recoup rules show` says of which");
    }
    return file;
  }
  if (names.empty()) {
    table.complain(fmt::format("expected the key 'resources', got none: {} sums the time over all "
                               "{}",
                               file->rule.id, summed->summed_over),
                   fmt::format("write resources = [\"…\"]: the names of all {} of the account",
                               summed->summed_over));
    return file;
  }
  if (std::set<std::string>(names.begin(), names.end()).size() != names.size()) {
    value.complain("expected each resource once, got one twice");
  }
  for (const documents::Value& item : value.items()) check_resource_name(item);
  auto own = std::make_shared<rules::RuleFile>(*file);
  for (core::Version& version : own->rule.versions) version.resources = names;
  return own;
}

void check_order(const std::optional<core::Instant>& from, const documents::Value& end,
                 const std::optional<core::Instant>& to) {
  if (!from || !to || *from < *to) return;
  end.complain(fmt::format("expected an instant after {}, got {}", core::to_text(*from),
                           core::to_text(*to)));
}

std::vector<core::ExclusionWindow> read_windows(const documents::Table& table) {
  std::vector<core::ExclusionWindow> windows;
  for (const documents::Table& exclusion : table.optional("exclusion").tables()) {
    const auto from = exclusion.required("from").instant();
    const documents::Value end = exclusion.required("to");
    const auto to = end.instant();
    const auto reason = exclusion.required("reason").text();
    check_order(from, end, to);
    if (from && to && reason) windows.push_back({{*from, *to}, *reason});
  }
  return windows;
}

void read_probes(const documents::Value& list, const rules::RuleFile* rule,
                 const rules::Secrets& secrets, AgreementSettings& out) {
  std::set<std::string> ids;
  for (const documents::Table& table : list.tables()) {
    const std::string resource = read_resource(table, rule == nullptr ? nullptr : &rule->rule);
    auto probe = sources::probe::read_probe(table, {rule, out.agreement, secrets});
    if (!probe) continue;
    probe->resource = resource;
    if (!probe->id.empty() && !ids.insert(probe->id).second) {
      table.optional("id").complain(
          fmt::format("expected an id of its own, got '{}' a second time", probe->id));
    }
    out.probes.push_back(*probe);
  }
}

// The logs are those of the list, in its order.
void read_log_resources(const documents::Value& list, const core::Rule* rule,
                        std::vector<LogSettings>& logs) {
  std::size_t i = 0;
  for (const documents::Table& table : list.tables()) {
    const std::string resource = read_resource(table, rule);
    if (i < logs.size()) logs[i++].resource = resource;
  }
}

std::optional<std::uint64_t> read_most_requests(const documents::Value& value, bool no_probes) {
  constexpr int kMost = 2'000'000'000;
  const auto most = value.integer(1, kMost);
  if (value && no_probes) {
    value.complain("expected 'max_requests_per_month' beside probes alone, got it without any",
                   "it caps what probes send; a log sends nothing");
  }
  if (!most) return std::nullopt;
  return static_cast<std::uint64_t>(*most);
}

// From how many vantage points a loss must be seen.
core::VoteRule read_votes(const documents::Value& value) {
  const auto text = value.text();
  if (!text) return {};
  const auto rule = core::parse_vote_rule(*text);
  if (!rule) {
    value.complain(fmt::format("expected \"majority\", or a number of vantage points like \"2 of "
                               "3\", got '{}'",
                               *text),
                   "a loss is believed to be the service's that so many of them saw; no figure "
                   "rests on that");
  }
  return rule.value_or(core::VoteRule{});
}

// Whose credentials sign the agreement's probes. "{account}" and "{region}" are its own.
void sign_with(const documents::Value& profile, AgreementSettings& out) {
  const auto name = profile.text();
  if (!name) return;
  const std::string own =
      rules::filled(*name, {{"account", out.agreement.account}, {"region", out.agreement.region}});
  for (sources::probe::ProbeSettings& probe : out.probes) {
    if (probe.sign) probe.sign->profile = own;
  }
}

// Puts the probes of all targets in the place of those that have a list.
void expand_lists(const documents::Value& tables, const AgreementContext& context,
                  AgreementSettings& out) {
  std::vector<sources::probe::ProbeSettings> all;
  for (sources::probe::ProbeSettings& probe : out.probes) {
    if (!probe.list) {
      all.push_back(std::move(probe));
      continue;
    }
    if (probe.list->paths.empty()) continue;  // it was complained about
    auto list = std::make_shared<sources::probe::ProbeList>(*probe.list);
    probe.list = nullptr;
    list->pattern = std::move(probe);
    auto expanded = sources::probe::probes_of(list);
    if (expanded) {
      std::move(expanded->begin(), expanded->end(), std::back_inserter(all));
      continue;
    }
    for (const documents::Table& table : tables.tables()) {
      if (table.optional("id").text() != list->pattern.id) continue;
      table.optional("targets").complain(
          "expected targets that can be probed, got what is said of "
          "their files beside this");
    }
    std::string& text = context.elsewhere;
    if (text.find(expanded.error().message) != std::string::npos) continue;
    text += (text.empty() ? "" : "\n") + expanded.error().message;
  }
  out.probes = std::move(all);
}

// A contract for dedicated instances promises nothing for one that is shared.
void check_instance(const documents::Value& charges, const core::Rule* rule,
                    const AgreementSettings& settings) {
  if (rule == nullptr || rule->instance.empty() || !settings.charges.book) return;
  const auto& order = settings.charges.book->order;
  const auto ordered = order.find("instance");
  if (ordered == order.end() || ordered->second != "shared") return;
  charges.member("instance")
      .complain(fmt::format("expected a {} instance, got 'shared'", rule->instance),
                fmt::format("{} is for {} instances; to shared ones it promises nothing", rule->id,
                            rule->instance));
}

// The day from which the contract counts the agreement's cycles, if it counts them from one.
std::optional<core::Date> read_cycle_start(const documents::Table& table, const core::Rule* rule) {
  const documents::Value value = table.optional("cycle_start");
  const auto day = value.date();
  if (rule == nullptr) return day;
  const bool from_a_day =
      std::any_of(rule->versions.begin(), rule->versions.end(), [](const auto& version) {
        return version.calendar == core::Calendar::purchase_day ||
               version.calendar == core::Calendar::days;
      });
  if (from_a_day && !value) {
    table.complain(
        "expected the key 'cycle_start', got none",
        fmt::format("{} counts its billing cycles from a day of your own: write the date of "
                    "purchase or renewal, like cycle_start = 2026-03-17",
                    rule->id));
  }
  if (!from_a_day && value) {
    value.complain(fmt::format("expected no 'cycle_start' under {}, got one", rule->id),
                   "its billing cycles begin with the calendar's months or quarters");
  }
  return day;
}

// One of those that an [[agreement]] is.
AgreementSettings read_one(const documents::Table& table, const AgreementContext& context,
                           const std::shared_ptr<const rules::RuleFile>& file,
                           const Expansion::Named& named) {
  AgreementSettings out;
  const core::Rule* rule = file == nullptr ? nullptr : &file->rule;
  out.rule = std::shared_ptr<const core::Rule>(file, rule);
  out.agreement.id = named.id;
  out.agreement.sla = rule == nullptr ? "" : rule->id;
  out.agreement.account = named.account;
  out.agreement.region = named.region;
  out.time_zone = read_zone(table.optional("time_zone"));
  out.agreement.practice = table.optional("practice").boolean().value_or(false);
  out.agreement.contact = read_contact(table.optional("contact")).value_or(context.contact);
  out.agreement.by_partner = table.optional("claim_via").word({"provider", "partner"}) == 1;
  out.agreement.since = table.optional("since").instant();
  const documents::Value until = table.optional("until");
  out.agreement.until = until.instant();
  check_order(out.agreement.since, until, out.agreement.until);
  out.agreement.cycle_start = read_cycle_start(table, rule);
  read_probes(table.optional("probe"), file.get(), context.secrets, out);
  sign_with(table.optional("profile"), out);
  expand_lists(table.optional("probe"), context, out);
  out.logs =
      read_logs(table.optional("log"), {rule, out.agreement, context.secrets.folder, context.sdk});
  read_log_resources(table.optional("log"), rule, out.logs);
  out.max_requests_per_month =
      read_most_requests(table.optional("max_requests_per_month"), out.probes.empty());
  QueryContext queries{rule, out.agreement, context.secrets, {}};
  for (const LogSettings& log : out.logs) queries.ids.insert(log.id);
  out.queries = read_queries(table.optional("query"), std::move(queries));
  out.key_stores = table.optional("key_stores").texts();
  out.agreement.exclusions = read_windows(table);
  out.votes = read_votes(table.optional("vantage_votes"));
  out.lapses = read_lapses(table, context.books, out.agreement);
  const documents::Value charges = table.optional("charges");
  const std::string contract = rules::contract_id(out.agreement.sla);
  out.charges = billing::read_charges(charges, {context.books, context.secrets.folder, contract});
  check_instance(charges, rule, out);
  return out;
}

}  // namespace

std::optional<std::string> read_contact(const documents::Value& value) {
  constexpr std::size_t kLongest = 200;
  auto text = value.text();
  if (!text) return std::nullopt;
  const bool plain = std::none_of(text->begin(), text->end(),
                                  [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }) &&
                     record::visible(*text) == *text;
  if (plain && text->size() <= kLongest && record::secret_parts(*text).empty()) return text;
  value.complain(
      fmt::format("expected a line of at most {} bytes for a reader, got another text", kLongest),
      "whom the provider may ask: contact = \"Jo Meier, cloud@example.com\"");
  return std::nullopt;
}

std::vector<AgreementSettings> agreements_of(const documents::Table& table,
                                             const AgreementContext& context) {
  const std::size_t errors = context.document.errors();
  const documents::Value id = table.required("id");
  const auto published = read_sla(table, context.catalog);
  const bool count_indirect = table.optional("count_indirect").boolean().value_or(false);
  const auto file = with_resources(
      with_indirect(with_terms(published, table.optional("terms")), count_indirect), table);
  const Expansion expansion = read_expansion(table, id, file == nullptr ? nullptr : &file->rule);
  std::vector<AgreementSettings> all;
  for (const Expansion::Named& named : expansion.named) {
    all.push_back(read_one(table, context, file, named));
    all.back().pattern = expansion.pattern;
    if (context.document.errors() > errors) break;
  }
  return all;
}

int AgreementSettings::status_of(std::string_view error_name) const {
  const std::string_view source =
      rule->event_sources.empty() ? std::string_view() : rule->event_sources.front();
  const auto* service = rules::recorded_service(rule->provider, source);
  return service == nullptr ? 0 : service->status_of(error_name);
}

std::uint64_t requests_in(const AgreementSettings& agreement, core::Millis time) {
  std::uint64_t requests = 0;
  for (const sources::probe::ProbeSettings& probe : agreement.probes) {
    requests += static_cast<std::uint64_t>(time / probe.every);
  }
  return requests;
}

core::Result<core::Zone> zone_of(const AgreementSettings& agreement, const core::Version& version) {
  const auto zone = rules::find_zone(agreement.time_zone.value_or(version.time_zone));
  if (!zone) return zone.error();
  return core::with_cycles(*zone, version, agreement.agreement);
}

}  // namespace recoup::config
