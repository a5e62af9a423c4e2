#include "claim/rule_json.h"

#include "core/text.h"
#include "record/redact.h"
#include "report/formula_words.h"
#include "report/words.h"

namespace recoup::claim {
namespace {

using Json = nlohmann::ordered_json;

std::string duration(core::Millis length) { return core::to_text(length); }

void add_terms(Json& json, const core::MeanOfIntervals& family) {
  json["interval"] = duration(family.interval);
  json["silent"] = family.silent == core::Silent::available ? "available" : "left-out";
}

void add_terms(Json& json, const core::DowntimeRuns& family) {
  json["error_rate_above"] = core::short_percent(family.more_than);
  json["at_least"] = duration(family.at_least);
  json["minimum_requests"] = family.minimum_requests;
}

void add_terms(Json& json, const core::BadWindows& family) {
  json["window"] = duration(family.window);
  json["error_rate_above"] = core::short_percent(family.more_than);
  if (family.at_least.count() > 0) json["at_least"] = duration(family.at_least);
}

void add_terms(Json& json, const core::AllFailed& family) {
  json["interval"] = duration(family.interval);
  if (family.minimum_requests > 0) json["minimum_requests"] = family.minimum_requests;
}

void add_terms(Json& json, const core::RequestRatio& family) {
  if (family.repeats.count() > 0) json["repeats_within"] = duration(family.repeats);
}

Json date_json(const std::optional<core::Date>& date) {
  return date ? Json(core::to_text(*date)) : Json(nullptr);
}

Json formula_json(const core::Formula& formula) {
  Json json = {{"family", report::family_text(formula)}};
  std::visit([&](const auto& family) { add_terms(json, family); }, formula);
  return json;
}

Json error_json(const core::ErrorRule& error) {
  Json statuses = Json::array();
  for (const core::StatusRange& range : error.statuses) statuses.push_back(core::to_text(range));
  Json within = nullptr;
  if (error.no_answer_within) within = duration(*error.no_answer_within);
  Json json = {{"status", std::move(statuses)},
               {"name", error.names},
               {"no_answer_within", std::move(within)},
               {"needs_request_id", error.needs_request_id}};
  for (const core::StatusRange& range : error.all_but) {
    json["any_status_but"].push_back(core::to_text(range));
  }
  if (!error.or_names.empty()) json["or_name"] = error.or_names;
  if (error.slower_than) json["slower_than"] = duration(*error.slower_than);
  for (const core::NoAnswer reason : error.no_answer) {
    json["no_answer"].push_back(core::to_text(reason));
  }
  return json;
}

Json tiers_json(const core::Version& version) {
  Json tiers = Json::array();
  for (const core::Tier& tier : version.credits) {
    tiers.push_back(
        {{"below", core::short_percent(tier.below)},
         {"at_least", tier.at_least ? Json(core::short_percent(*tier.at_least)) : Json(nullptr)},
         {"percent", core::short_percent(tier.credit)}});
  }
  return tiers;
}

Json minimum_json(const core::Version& version) {
  if (!version.minimum_credit) return nullptr;
  return {{"more_than", version.minimum_credit->amount.to_shortest(12)},
          {"currency", version.minimum_credit->currency}};
}

Json redacted(const std::vector<std::string>& texts) {
  Json list = Json::array();
  for (const std::string& text : texts) list.push_back(record::redact(text));
  return list;
}

// Where the terms were read that stand elsewhere, and when the rest was.
void add_sources(Json& json, const core::Version& version) {
  if (!version.source_read.empty()) json["source_read"] = version.source_read;
  for (const auto& [term, source] : version.sources) {
    json["sources"].push_back({{"term", term},
                               {"at", source.at},
                               {"read", source.read},
                               {"note", record::redact(source.note)}});
  }
}

// Keys for what there is: few contracts have any of it.
void add_seldom(Json& json, const core::Version& version) {
  if (version.excluded == core::Excluded::left_out) json["excluded"] = "left-out";
  if (!version.summed_over.empty()) json["summed_over"] = record::redact(version.summed_over);
  if (!version.resources.empty()) json["resources"] = redacted(version.resources);
  if (!version.operations.empty()) json["operations"] = redacted(version.operations);
  if (version.calendar != core::Calendar::month) {
    json["calendar"] = kCalendars[static_cast<std::size_t>(version.calendar)];
  }
  if (version.calendar == core::Calendar::days) json["cycle_days"] = version.cycle_days;
  if (const auto& notice = version.claim.notice) {
    json["notice"] = {{"within", duration(notice->within)}, {"how", record::redact(notice->how)}};
  }
  if (const auto& earliest = version.claim.not_before) {
    json["not_before"] = {{"days", earliest->count}, {"business", earliest->business_days}};
  }
  if (!version.cap) return;
  if (const auto& share = version.cap->share) json["cap"]["percent"] = core::short_percent(*share);
  if (const auto& most = version.cap->amount) {
    json["cap"]["amount"] = most->amount.to_shortest(12);
    json["cap"]["currency"] = most->currency;
  }
}

Json clauses_json(const std::vector<core::Clause>& clauses) {
  Json list = Json::array();
  for (const core::Clause& clause : clauses) {
    list.push_back({{"name", record::redact(clause.name)}, {"text", record::redact(clause.text)}});
  }
  return list;
}

Json deadline_json(const std::optional<core::Deadline>& deadline) {
  if (!deadline) return nullptr;
  return {{"from", kDeadlineFrom[static_cast<std::size_t>(deadline->from)]},
          {"literal", deadline->literal},
          {"safe", deadline->safe}};
}

}  // namespace

Json rule_json(const core::Rule& rule, const core::Version& version) {
  Json json = {{"id", rule.id},
               {"provider", rule.provider},
               {"service", rule.service},
               {"version", core::to_text(version.date())},
               {"effective", date_json(version.effective)},
               {"read", date_json(version.read)},
               {"source", version.source},
               {"digest", version.digest},
               {"commitment", version.commitment_text},
               {"time_zone", version.time_zone},
               {"part_month", kPartMonths[static_cast<std::size_t>(version.part_month)]},
               {"subject", record::redact(version.claim.subject)},
               {"lists", record::redact(version.claim.lists)},
               {"needs", redacted(version.claim.needs)},
               {"deadline", deadline_json(version.claim.deadline)},
               {"formula", formula_json(version.formula)},
               {"error", error_json(version.error)},
               {"not_a_request", version.not_a_request},
               {"tiers", tiers_json(version)},
               {"minimum_credit", minimum_json(version)},
               {"credit_base", record::redact(version.credit_base)},
               {"clauses", clauses_json(version.clauses)},
               {"exclusions", clauses_json(version.exclusions)}};
  add_sources(json, version);
  add_seldom(json, version);
  return json;
}

std::string_view term_of(std::string_view key) {
  if (key == "time_zone" || key == "part_month" || key == "calendar" || key == "cycle_days") {
    return "cycle";
  }
  if (key == "excluded" || key == "summed_over") return "formula";
  if (key == "not_a_request" || key == "operations") return "error";
  if (key == "source_read" || key == "sources") return kSource;
  if (key == "not_before" || key == "notice") return "claim.deadline";
  if (key == "cap") return "credit_base";
  if (key == "tiers") return "credits";
  if (key == "subject") return "claim.subject";
  if (key == "lists") return "claim.lists";
  if (key == "needs") return "claim.needs";
  if (key == "deadline") return "claim.deadline";
  return key;
}

}  // namespace recoup::claim
