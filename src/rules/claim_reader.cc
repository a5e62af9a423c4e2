#include "rules/claim_reader.h"

#include <algorithm>

#include <fmt/format.h>

namespace recoup::rules {
namespace {

using core::Deadline;
using core::DeadlineFrom;

// A form of deadline: the key, what its number counts from, and the most it may be.
struct Form {
  std::string key;
  DeadlineFrom from;
  int most;
};

const std::vector<Form> kForms{{"end_of_cycle_after", DeadlineFrom::cycles, 12},
                               {"days_after_cycle", DeadlineFrom::cycle_end, 366},
                               {"months_after_cycle", DeadlineFrom::months, 12},
                               {"days_after_incident", DeadlineFrom::incident, 366},
                               {"days_after_eligibility", DeadlineFrom::eligibility, 366}};

// The one form that the table has; complains where it has none or more.
const Form* find_form(const documents::Table& deadline) {
  const Form* found = nullptr;
  std::vector<std::string> keys;
  std::vector<std::string> present;
  for (const Form& form : kForms) {
    keys.push_back(form.key);
    if (!deadline.optional(form.key)) continue;
    present.push_back(form.key);
    found = &form;
  }
  if (present.size() == 1) return found;
  deadline.complain(
      fmt::format("expected one form of deadline, got {}",
                  present.empty() ? "none" : fmt::format("{}", fmt::join(present, " and "))),
      fmt::format("the forms are {}", fmt::join(keys, ", ")));
  return nullptr;
}

std::optional<Deadline> read_cycles(const documents::Table& table, int literal) {
  const documents::Value value = table.required("safe");
  const auto safe = value.integer(0, 12);
  if (!safe) return std::nullopt;
  if (*safe > literal) {
    value.complain(fmt::format("expected at most end_of_cycle_after = {}, got {}", literal, *safe),
                   "the safe reading is the earlier one");
  }
  return Deadline{literal, *safe, DeadlineFrom::cycles};
}

std::optional<Deadline> read_deadline(const documents::Value& value) {
  const auto table = value.table();
  if (!table) return std::nullopt;
  const Form* form = find_form(*table);
  if (form == nullptr) {
    (void)table->optional("safe");
    return std::nullopt;
  }
  const bool cycles = form->from == DeadlineFrom::cycles;
  const auto number = table->required(form->key).integer(cycles ? 0 : 1, form->most);
  if (cycles) return read_cycles(*table, number.value_or(form->most));
  if (!number) return std::nullopt;
  return Deadline{*number, *number, form->from};
}

// Before when no claim is taken.
std::optional<core::NotBefore> read_not_before(const documents::Value& value) {
  const auto table = value.table();
  if (!table) return std::nullopt;
  const documents::Value business = table->optional("business_days_after_cycle");
  const documents::Value days = table->optional("days_after_cycle");
  const auto count = business.integer(1, 20);
  const auto all_days = days.integer(1, 366);
  if (bool(business) == bool(days)) {
    table->complain(
        fmt::format("expected one of 'business_days_after_cycle' and 'days_after_cycle', got {}",
                    business ? "both" : "none"));
    return std::nullopt;
  }
  if (count) return core::NotBefore{*count, true};
  if (all_days) return core::NotBefore{*all_days, false};
  return std::nullopt;
}

// The first of two steps: to tell the provider of an incident.
std::optional<core::Notice> read_notice(const documents::Value& value) {
  using namespace std::chrono_literals;
  const auto table = value.table();
  if (!table) return std::nullopt;
  const auto within = table->required("within").duration(1min, 366 * 24h);
  const auto how = table->required("how").text();
  if (!within || !how) return std::nullopt;
  return core::Notice{*within, *how};
}

// When a credit comes that nobody has to ask for.
std::optional<core::AutomaticCredit> read_automatic(const documents::Value& value) {
  constexpr int kMost = 366;
  const auto table = value.table();
  if (!table) return std::nullopt;
  const auto within = table->required("within_days").integer(1, kMost);
  const documents::Value disputed = table->optional("disputed_days");
  const auto at_most = disputed.integer(1, kMost);
  if (!within) return std::nullopt;
  if (at_most && *at_most <= *within) {
    disputed.complain(fmt::format("expected more than within_days = {}, got {}", *within, *at_most),
                      "a dispute takes longer");
  }
  return core::AutomaticCredit{*within, at_most};
}

// Until when a credit is given that was asked for: one of three ways to count.
std::optional<core::Payment> read_payment(const documents::Value& value) {
  constexpr int kMostCycles = 12;
  constexpr int kMostDays = 366;
  struct Way {
    const char* key;
    core::Payment payment;
  };
  const auto table = value.table();
  if (!table) return std::nullopt;
  std::optional<core::Payment> found;
  std::vector<std::string> keys;
  std::vector<std::string> present;
  for (const Way& way :
       {Way{"cycles_after_request", {0, true, false}}, Way{"days_after_request", {0, false, false}},
        Way{"cycles_after_confirmation", {0, true, true}}}) {
    keys.emplace_back(way.key);
    const documents::Value number = table->optional(way.key);
    if (!number) continue;
    present.emplace_back(way.key);
    found = way.payment;
    found->count = number.integer(1, way.payment.cycles ? kMostCycles : kMostDays).value_or(1);
  }
  if (present.size() == 1) return found;
  table->complain(
      fmt::format("expected one way to count until the credit is given, got {}",
                  present.empty() ? "none" : fmt::format("{}", fmt::join(present, " and "))),
      fmt::format("the ways are {}", fmt::join(keys, ", ")));
  return std::nullopt;
}

// Where there is no claim to write there is no time for one.
void check_automatic(const documents::Table& claim) {
  if (!claim.optional("automatic")) return;
  for (const char* key : {"deadline", "not_before", "notice", "subject", "payment"}) {
    if (const documents::Value other = claim.optional(key)) {
      other.complain(fmt::format("expected no '{}' beside 'automatic', got one", key),
                     "a credit that comes by itself is not claimed");
    }
  }
}

}  // namespace

void read_claim(const documents::Value& value, core::ClaimTerms& out) {
  const auto claim = value.table();
  if (!claim) return;
  if (const documents::Value subject = claim->optional("subject")) {
    out.subject = subject.text().value_or("");
  }
  if (const documents::Value deadline = claim->optional("deadline"))
    out.deadline = read_deadline(deadline);
  if (const documents::Value lists = claim->optional("lists"))
    out.lists = lists.text().value_or("");
  if (const documents::Value needs = claim->optional("needs")) out.needs = needs.texts();
  if (const documents::Value redact = claim->optional("redact")) {
    out.redact = redact.boolean().value_or(true);
  }
  if (const documents::Value earliest = claim->optional("not_before"))
    out.not_before = read_not_before(earliest);
  if (const documents::Value notice = claim->optional("notice")) out.notice = read_notice(notice);
  if (const documents::Value automatic = claim->optional("automatic"))
    out.automatic = read_automatic(automatic);
  if (const documents::Value payment = claim->optional("payment"))
    out.payment = read_payment(payment);
  check_automatic(*claim);
}

void read_clauses(const documents::Value& list, std::vector<core::Clause>& out) {
  for (const documents::Table& table : list.tables()) {
    const documents::Value name = table.required("clause");
    core::Clause clause{name.text().value_or(""), table.required("text").text().value_or("")};
    const bool twice = std::any_of(out.begin(), out.end(),
                                   [&](const auto& other) { return other.name == clause.name; });
    if (twice && !clause.name.empty()) {
      name.complain(fmt::format("expected a name of its own, got '{}' a second time", clause.name));
    }
    out.push_back(std::move(clause));
  }
}

}  // namespace recoup::rules
