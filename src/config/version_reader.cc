#include "config/version_reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "config/near.h"
#include "config/tiers.h"
#include "config/zones.h"
#include "core/outcome.h"

namespace recoup::config {
namespace {

using namespace std::chrono_literals;
using core::Version;

// Terms that a partial version may lack.
const std::vector<std::string> kTerms{
    "cycle",          "formula",       "error",          "credits",     "credit_base",
    "minimum_credit", "claim.subject", "claim.deadline", "claim.lists", "exclusions"};

void read_cycle(const Table& version, Version& out) {
  const auto cycle = version.required("cycle").table();
  if (!cycle) return;
  cycle->required("calendar").word({"month"});
  const Value zone = cycle->required("time_zone");
  const auto name = zone.text();
  if (!name) return;
  out.time_zone = *name;
  if (const auto found = find_zone(*name); !found) zone.complain(found.error());
}

void read_formula(const Table& version, Version& out) {
  const auto formula = version.required("formula").table();
  if (!formula) return;
  formula->required("family").word({"mean-of-intervals"});
  formula->required("silent").word({"available"});
  const Value interval = formula->required("interval");
  const auto length = interval.duration(1min, 24h);
  if (!length) return;
  if (*length % 1min != 0ms || core::Millis(24h) % *length != 0ms) {
    interval.complain(fmt::format("expected whole minutes that divide a day, got '{}'",
                                  interval.text().value_or("")));
    return;
  }
  out.formula = core::MeanOfIntervals{std::chrono::duration_cast<std::chrono::minutes>(*length)};
}

void read_error(const Table& version, Version& out) {
  const auto error = version.required("error").table();
  if (!error) return;
  const Value status = error->required("status");
  out.error.statuses = status.integers(100, 999);
  if (status.is_array() && status.items().empty()) {
    status.complain("expected at least one status, got none");
  }
  out.error.needs_request_id = error->optional("needs_request_id").text().value_or("");
}

void read_not_a_request(const Table& version, Version& out) {
  static const std::vector<std::string> kWords{"no-answer", "dns",   "connect", "tls",
                                               "timeout",   "reset", "other"};
  for (const Value& item : version.optional("not_a_request").items()) {
    const auto text = item.text();
    if (!text) continue;
    const auto outcome = core::parse_outcome(*text);
    const auto* answered = outcome ? std::get_if<core::Answered>(&*outcome) : nullptr;
    const bool known = std::find(kWords.begin(), kWords.end(), *text) != kWords.end() ||
                       (answered != nullptr && !answered->unattributed);
    if (!known) {
      item.complain(fmt::format("expected an outcome that is sent, got '{}'", *text),
                    did_you_mean(*text, kWords,
                                 "write no-answer, a reason like timeout, a status like 429, or a "
                                 "status and a name like 503/SlowDown"));
    }
    out.not_a_request.push_back(*text);
  }
}

void read_minimum(const Table& version, Version& out) {
  const auto minimum = version.optional("minimum_credit").table();
  if (!minimum) return;
  const Value amount = minimum->required("more_than");
  const auto more_than = amount.decimal();
  if (more_than && *more_than < core::Ratio::whole(0)) {
    amount.complain(
        fmt::format("expected an amount of 0 or more, got '{}'", amount.text().value_or("")));
  }
  const auto currency = read_currency(minimum->required("currency"));
  if (more_than && currency) out.minimum_credit = core::Money{*more_than, *currency};
}

void read_deadline(const Table& claim, core::ClaimTerms& out) {
  const auto deadline = claim.optional("deadline").table();
  if (!deadline) return;
  const auto literal = deadline->required("end_of_cycle_after").integer(0, 12);
  const Value safe = deadline->required("safe");
  const auto earlier = safe.integer(0, 12);
  if (!literal || !earlier) return;
  if (*earlier > *literal) {
    safe.complain(
        fmt::format("expected at most end_of_cycle_after = {}, got {}", *literal, *earlier),
        "the safe reading is the earlier one");
  }
  out.deadline = core::Deadline{*literal, *earlier};
}

void read_claim(const Table& version, Version& out) {
  const auto claim = version.optional("claim").table();
  if (!claim) return;
  out.claim.subject = claim->optional("subject").text().value_or("");
  read_deadline(*claim, out.claim);
  out.claim.lists = claim->optional("lists").text().value_or("");
  out.claim.redact = claim->optional("redact").boolean().value_or(true);
}

void read_exclusions(const Table& version, Version& out) {
  for (const Table& exclusion : version.optional("exclusions").tables()) {
    out.exclusions.push_back({exclusion.required("clause").text().value_or(""),
                              exclusion.required("text").text().value_or("")});
  }
}

// A complete version has all that a claim needs.
void check_complete(const Table& version, const Value& status) {
  for (const char* key : {"credits", "credit_base", "claim"}) {
    if (version.optional(key)) continue;
    status.complain(fmt::format("expected the key '{}' in a complete version, got none", key),
                    "or write status = \"partial\" and name what is not known in 'missing'");
  }
  const auto claim = version.optional("claim");
  if (!claim.is_table()) return;
  for (const char* key : {"subject", "deadline", "lists"}) {
    if (claim.table()->optional(key)) continue;
    status.complain(fmt::format("expected the key 'claim.{}' in a complete version, got none", key),
                    "or write status = \"partial\" and name what is not known in 'missing'");
  }
}

void read_status(const Table& version, Version& out) {
  const Value status = version.required("status");
  const auto word = status.word({"complete", "partial"});
  const Value missing = version.optional("missing");
  for (const Value& item : missing.items()) {
    if (!item.word(kTerms)) continue;
    out.missing.push_back(*item.text());
  }
  if (!word) return;
  out.status = *word == 0 ? core::Status::complete : core::Status::partial;
  if (out.status == core::Status::complete) {
    if (missing) missing.complain("expected no 'missing' in a complete version, got one");
    check_complete(version, status);
  } else if (!missing || (missing.is_array() && missing.items().empty())) {
    status.complain(
        "expected 'missing' to name the terms of a partial version that are not known, got none");
  }
}

}  // namespace

std::optional<std::string> read_currency(const Value& value) {
  auto code = value.text();
  if (!code) return std::nullopt;
  const bool iso = code->size() == 3 && std::all_of(code->begin(), code->end(),
                                                    [](char c) { return c >= 'A' && c <= 'Z'; });
  if (iso) return code;
  value.complain(fmt::format("expected a currency's code, like \"USD\", got '{}'", *code));
  return std::nullopt;
}

core::Version read_version(const Table& table) {
  Version version;
  version.effective = table.required("effective").date().value_or(core::Date{});
  read_status(table, version);
  version.source = table.required("source").text().value_or("");
  const Value commitment = table.required("commitment");
  if (const auto percent = commitment.percent()) {
    version.commitment = percent->fraction;
    if (percent->fraction > core::Ratio::whole(0)) {
      version.commitment_text = percent->text;
    } else {
      commitment.complain(fmt::format("expected a commitment above 0, got '{}'", percent->text));
    }
  }
  read_cycle(table, version);
  read_formula(table, version);
  read_error(table, version);
  read_not_a_request(table, version);
  version.credits =
      read_tiers(table.optional("credits"), version.commitment, version.commitment_text);
  version.credit_base = table.optional("credit_base").text().value_or("");
  read_minimum(table, version);
  read_claim(table, version);
  read_exclusions(table, version);
  return version;
}

}  // namespace recoup::config
