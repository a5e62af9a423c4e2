#include "ledger/tables/seal_table.h"

#include <fmt/format.h>

#include "ledger/sql/connection.h"
#include "ledger/tables/columns.h"

namespace recoup::ledger {
namespace {

using record::Seal;

std::int64_t whole(int value) { return value; }

std::string safe_column(const Seal& seal) {
  return seal.deadline ? core::to_text(seal.deadline->safe) : "";
}

std::string literal_column(const Seal& seal) {
  return seal.deadline ? core::to_text(seal.deadline->literal) : "";
}

std::optional<core::DeadlineDates> deadline_of(std::string_view safe, std::string_view literal) {
  const auto first = core::parse_instant(safe);
  const auto last = core::parse_instant(literal);
  if (!first || !last) return std::nullopt;
  return core::DeadlineDates{*first, *last};
}

core::Date date_of(std::string_view text) {
  const auto date = core::parse_date(text);
  if (!date) throw Failure({date.error().message});
  return *date;
}

std::string measured_column(const Seal& seal) {
  return seal.measured ? column(*seal.measured) : "";
}

std::optional<core::Ratio> measured_of(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return ratio_of(text);
}

// A row of the statement `all_`, in its order.
Seal seal_of(const Rows& row) {
  int at = 0;
  const auto text = [&] { return row.string(at++); };
  const auto time = [&] { return instant(row.integer(at++)); };
  Seal seal;
  seal.agreement = text();
  seal.month = month_of(text());
  seal.revision = static_cast<int>(row.integer(at++));
  seal.at = time();
  seal.cycle.begin = time();
  seal.cycle.end = time();
  seal.tallies_sha256 = text();
  seal.evidence_sha256 = text();
  seal.evidence_records = row.count(at++);
  seal.rule = text();
  seal.version = date_of(text());
  seal.rule_digest = text();
  seal.assessment_sha256 = text();
  seal.charge_sha256 = text();
  seal.requests = row.count(at++);
  seal.errors = row.count(at++);
  seal.uptime = ratio_of(text());
  seal.share = ratio_of(text());
  seal.charge = money_of(text());
  seal.charge_from = text();
  seal.amount = money_of(text());
  seal.eligible = row.integer(at++) != 0;
  const std::string safe = text();
  seal.deadline = deadline_of(safe, text());
  seal.previous = text();
  seal.digest = text();
  seal.signature = text();
  seal.public_key = text();
  seal.measured = measured_of(text());
  seal.journal = row.count(at++);
  return seal;
}

}  // namespace

SealTable::SealTable(Connection& connection)
    : newest_(connection,
              "SELECT revision, digest FROM seal WHERE agreement = $1 AND month = $2 "
              "ORDER BY revision DESC LIMIT 1"),
      add_(connection,
           "INSERT INTO seal (agreement, month, revision, at_ms, begin_ms, end_ms, "
           "tallies_sha256, evidence_sha256, evidence_records, rule, version, rule_digest, "
           "assessment_sha256, charge_sha256, requests, errors, uptime, share, charge, "
           "charge_from, amount, eligible, safe, literal, previous, digest, signature, public_key, "
           "measured) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, "
           "$16, $17, "
           "$18, $19, $20, $21, $22, $23, $24, $25, $26, "
           "$27, $28, $29)"),
      add_head_(connection,
                "INSERT INTO seal_chain (agreement, month, revision, kind, name, part, records, "
                "head) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"),
      add_line_(connection,
                "INSERT INTO seal_line (agreement, month, revision, kind, position, text) "
                "VALUES ($1, $2, $3, $4, $5, $6)"),
      note_(connection,
            "INSERT INTO sealed_until (agreement, month, journal) VALUES ($1, $2, $3) "
            "ON CONFLICT (agreement, month) DO UPDATE SET journal = excluded.journal "
            "WHERE excluded.journal > sealed_until.journal"),
      all_(connection,
           "SELECT agreement, month, revision, at_ms, begin_ms, end_ms, tallies_sha256, "
           "evidence_sha256, evidence_records, rule, version, rule_digest, assessment_sha256, "
           "charge_sha256, requests, errors, uptime, share, charge, charge_from, amount, eligible, "
           "safe, literal, previous, digest, signature, public_key, measured, "
           "(SELECT journal FROM sealed_until AS noted WHERE noted.agreement = seal.agreement "
           "AND noted.month = seal.month) "
           "FROM seal WHERE agreement = $1 ORDER BY month, revision"),
      chain_(connection,
             "SELECT kind, name, part, records, head FROM seal_chain "
             "WHERE agreement = $1 AND month = $2 AND revision = $3 ORDER BY kind, name, part"),
      lines_(
          connection,
          "SELECT kind, text FROM seal_line WHERE agreement = $1 AND month = $2 AND revision = $3 "
          "ORDER BY position") {}

void SealTable::add(const Seal& seal) {
  check_next(seal);
  // What belongs to a seal is there before it: behind it, nothing can be added.
  add_chain(seal);
  add_lines(seal, "exclusion", seal.exclusions);
  add_lines(seal, "change", seal.changes);
  add_.run(seal.agreement, core::to_text(seal.month), whole(seal.revision), number(seal.at),
           number(seal.cycle.begin), number(seal.cycle.end), seal.tallies_sha256,
           seal.evidence_sha256, seal.evidence_records, seal.rule, core::to_text(seal.version),
           seal.rule_digest, seal.assessment_sha256, seal.charge_sha256, seal.requests, seal.errors,
           column(seal.uptime), column(seal.share), column(seal.charge), seal.charge_from,
           column(seal.amount), whole(seal.eligible ? 1 : 0), safe_column(seal),
           literal_column(seal), seal.previous, seal.digest, seal.signature, seal.public_key,
           measured_column(seal));
  note(seal.agreement, seal.month, seal.journal);
}

void SealTable::check_next(const Seal& seal) {
  Rows newest = newest_.query(seal.agreement, core::to_text(seal.month));
  const bool is_first = !newest.next();
  const int next = is_first ? 1 : static_cast<int>(newest.integer(0)) + 1;
  const std::string previous = is_first ? "" : std::string(newest.text(1));
  if (seal.revision != next) {
    throw Failure({fmt::format("expected revision {} of {} {}, got {}", next, seal.agreement,
                               core::to_text(seal.month), seal.revision),
                   "", "another process may have sealed the month in the meantime: try again"});
  }
  if (seal.previous != previous) {
    throw Failure({fmt::format("expected the digest '{}' of the revision before, got '{}'",
                               previous, seal.previous)});
  }
}

void SealTable::add_chain(const Seal& seal) {
  for (const record::ChainHead& head : seal.chain) {
    add_head_.run(seal.agreement, core::to_text(seal.month), whole(seal.revision), head.kind,
                  head.name, head.part, head.records, head.head);
  }
}

void SealTable::add_lines(const Seal& seal, std::string_view kind,
                          const std::vector<std::string>& lines) {
  std::int64_t position = 0;
  for (const std::string& line : lines) {
    add_line_.run(seal.agreement, core::to_text(seal.month), whole(seal.revision), kind, ++position,
                  line);
  }
}

void SealTable::note(const std::string& agreement, core::Month month, std::uint64_t journal) {
  note_.run(agreement, core::to_text(month), journal);
}

std::vector<Seal> SealTable::all(const std::string& agreement) {
  std::vector<Seal> seals;
  {
    Rows rows = all_.query(agreement);
    while (rows.next()) seals.push_back(seal_of(rows));
  }
  for (Seal& seal : seals) {
    read_chain(seal);
    read_lines(seal);
  }
  return seals;
}

void SealTable::read_chain(Seal& seal) {
  Rows rows = chain_.query(seal.agreement, core::to_text(seal.month), whole(seal.revision));
  while (rows.next()) {
    seal.chain.push_back(
        {rows.string(0), rows.string(1), rows.string(2), rows.count(3), rows.string(4)});
  }
}

void SealTable::read_lines(Seal& seal) {
  Rows rows = lines_.query(seal.agreement, core::to_text(seal.month), whole(seal.revision));
  while (rows.next()) {
    auto& lines = rows.text(0) == "change" ? seal.changes : seal.exclusions;
    lines.emplace_back(rows.text(1));
  }
}

}  // namespace recoup::ledger
