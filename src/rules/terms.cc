#include "rules/terms.h"

#include <algorithm>

#include <fmt/format.h>

#include "rules/claim_reader.h"
#include "rules/credit_tiers.h"
#include "rules/error_reader.h"
#include "rules/formula_reader.h"
#include "rules/zones.h"

namespace recoup::rules {
namespace {

using namespace std::chrono_literals;
using core::Version;

// How many days rolling cycles have. They are named by months, one after the other: the names of
// others would soon be those of a time long past, or far ahead.
std::optional<int> read_cycle_days(const documents::Value& value) {
  const auto days = value.integer(1, 366);
  if (!days || (28 <= *days && *days <= 31)) return days;
  value.complain(fmt::format("expected cycles of 28 to 31 days, got {}", *days),
                 "a cycle is named by a month, as in --month 2026-10");
  return std::nullopt;
}

void read_calendar(const documents::Table& cycle, Version& out) {
  using core::Calendar;
  constexpr Calendar kMeanings[] = {Calendar::month, Calendar::quarter, Calendar::purchase_day,
                                    Calendar::days};
  const auto word = cycle.required("calendar").word({"month", "quarter", "purchase-day", "days"});
  const documents::Value days = cycle.optional("days");
  if (!word) return;
  out.calendar = kMeanings[*word];
  if (out.calendar == Calendar::days) {
    out.cycle_days = read_cycle_days(cycle.required("days")).value_or(30);
  } else if (days) {
    days.complain("expected 'days' beside calendar = \"days\", got it beside another");
  }
}

void read_cycle(const documents::Value& value, Version& out) {
  const auto cycle = value.table();
  if (!cycle) return;
  read_calendar(*cycle, out);
  const documents::Value zone = cycle->required("time_zone");
  const auto name = zone.text();
  if (!name) return;
  out.time_zone = *name;
  if (const auto found = find_zone(*name); !found) zone.complain(found.error());
}

void read_part_month(const documents::Value& value, Version& out) {
  constexpr core::PartMonth kMeanings[] = {core::PartMonth::full, core::PartMonth::used_time,
                                           core::PartMonth::none};
  if (const auto word = value.word({"full", "used-time", "none"})) {
    out.part_month = kMeanings[*word];
  }
}

// That there is none can be said where a contract leaves it open.
void read_minimum(const documents::Value& value, Version& out) {
  if (value.is_text()) {
    if (value.word({"none"})) out.minimum_credit.reset();
    return;
  }
  const auto minimum = value.table();
  if (!minimum) return;
  const documents::Value amount = minimum->required("more_than");
  const auto more_than = amount.decimal();
  if (more_than && *more_than < core::Ratio::whole(0)) {
    amount.complain(
        fmt::format("expected an amount of 0 or more, got '{}'", amount.text().value_or("")));
  }
  const auto currency = read_currency(minimum->required("currency"));
  if (more_than && currency) out.minimum_credit = core::Money{*more_than, *currency};
}

// How excluded time, and several resources, count in what the uptime is divided by.
void read_divisor(const documents::Table& table, Version& out) {
  const documents::Value excluded = table.optional("excluded");
  const documents::Value summed = table.optional("summed_over");
  constexpr core::Excluded kMeanings[] = {core::Excluded::available, core::Excluded::left_out};
  if (const auto word = excluded.word({"available", "left-out"})) out.excluded = kMeanings[*word];
  if (const auto text = summed.text()) out.summed_over = *text;
  const bool ratio = std::holds_alternative<core::RequestRatio>(out.formula);
  if (excluded && ratio) {
    excluded.complain("expected no 'excluded' for a ratio of Requests, got one",
                      "Requests of excluded time are left out of it in any case");
  }
  if (summed && (ratio || std::holds_alternative<core::MeanOfIntervals>(out.formula))) {
    summed.complain("expected 'summed_over' where a part of the time is lost, got it for Requests",
                    "the families are downtime-runs, bad-windows and all-failed");
  }
}

// The most that is credited: a share of the charges, or an amount.
void read_cap(const documents::Value& value, Version& out) {
  const auto cap = value.table();
  if (!cap) return;
  const documents::Value share = cap->optional("percent");
  const documents::Value amount = cap->optional("amount");
  if (bool(share) == bool(amount)) {
    cap->complain(
        fmt::format("expected one of 'percent' and 'amount', got {}", share ? "both" : "none"));
    (void)cap->entries();
    return;
  }
  if (share) {
    const auto percent = share.percent();
    if (percent) out.cap = core::Cap{percent->fraction, std::nullopt};
    return;
  }
  const auto most = amount.decimal();
  const auto currency = read_currency(cap->required("currency"));
  if (most && currency) out.cap = core::Cap{std::nullopt, core::Money{*most, *currency}};
}

// No outcome is both an Error and no Request.
void check_no_answer(const documents::Value& entries, const Version& version) {
  for (const documents::Value& item : entries.items()) {
    const std::string text = item.text_or_empty().value_or("");
    for (const core::NoAnswer reason : version.error.no_answer) {
      if (text != core::to_text(reason)) continue;
      item.complain(fmt::format("expected an outcome that is no Error, got '{}'", text),
                    "it is among the reasons of error.no_answer");
    }
  }
}

}  // namespace

const std::vector<std::string>& all_terms() {
  static const std::vector<std::string> terms{
      "cycle",   "formula",       "error",          "credits",     "credit_base", "minimum_credit",
      "clauses", "claim.subject", "claim.deadline", "claim.lists", "exclusions"};
  return terms;
}

const std::vector<TermKey>& all_term_keys() {
  static const std::vector<TermKey> keys = [] {
    std::vector<TermKey> all;
    for (const std::string& term : all_terms()) all.push_back({term, term});
    all.insert(all.end(), {{"part_month", "cycle"},
                           {"excluded", "formula"},
                           {"summed_over", "formula"},
                           {"operations", "error"},
                           {"cap", "credit_base"},
                           {"claim.not_before", "claim.deadline"},
                           {"claim.automatic", "claim.deadline"},
                           {"claim.payment", "claim.deadline"},
                           {"claim.notice", "claim.deadline"},
                           {"not_a_request", "error"},
                           {"shortest_period", "error"},
                           {"claim.needs", "claim.lists"},
                           {"claim.redact", "claim.lists"}});
    return all;
  }();
  return keys;
}

documents::Value find_term(const documents::Table& table, const std::string& key) {
  constexpr std::string_view kClaim = "claim.";
  if (!key.starts_with(kClaim)) return table.optional(key);
  return table.optional("claim").member(key.substr(kClaim.size()));
}

void read_terms(const documents::Table& table, Version& out) {
  read_cycle(table.optional("cycle"), out);
  read_part_month(table.optional("part_month"), out);
  if (const auto formula = read_formula(table.optional("formula"))) out.formula = *formula;
  read_divisor(table, out);
  if (auto error = read_error(table.optional("error"))) out.error = std::move(*error);
  if (const documents::Value operations = table.optional("operations")) {
    out.operations = operations.texts();
  }
  if (const documents::Value entries = table.optional("not_a_request")) {
    out.not_a_request = read_not_a_request(entries);
    check_no_answer(entries, out);
  }
  if (const auto period = table.optional("shortest_period").duration(100ms, 1h)) {
    out.shortest_period = period;
  }
  if (const documents::Value credits = table.optional("credits")) {
    out.credits = read_tiers(credits, out.commitment, out.commitment_text);
  }
  if (const auto base = table.optional("credit_base").text()) out.credit_base = *base;
  read_minimum(table.optional("minimum_credit"), out);
  read_cap(table.optional("cap"), out);
  read_clauses(table.optional("exclusions"), out.exclusions);
  read_clauses(table.optional("clauses"), out.clauses);
  read_claim(table.optional("claim"), out.claim);
}

std::optional<std::string> read_currency(const documents::Value& value) {
  auto code = value.text();
  if (!code) return std::nullopt;
  const bool iso = code->size() == 3 && std::all_of(code->begin(), code->end(),
                                                    [](char c) { return c >= 'A' && c <= 'Z'; });
  if (iso) return code;
  value.complain(fmt::format("expected a currency's code, like \"USD\", got '{}'", *code));
  return std::nullopt;
}

}  // namespace recoup::rules
