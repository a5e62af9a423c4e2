#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/ledger_findings.h"
#include "cli/terminal.h"
#include "cli/text_table.h"
#include "cli/verify_ledger.h"
#include "cli/workspace.h"
#include "core/text.h"
#include "ledger/open.h"
#include "report/json.h"
#include "service/system_world.h"

namespace recoup::cli {

using ledger::Looked;
using ledger::Part;
using report::Json;

core::Result<LedgerFindings> look_through(const ledger::Address& address, Looked looked) {
  LedgerFindings found;
  auto tables = ledger::inspect(address, looked);
  if (!tables) return tables.error();
  found.tables = *std::move(tables);
  const auto ledger = looked == Looked::copy
                          ? ledger::open_copy(address)
                          : ledger::open_ledger(address, ledger::Missing::refuse);
  if (!ledger) return ledger.error();
  for (const std::string& id : found.tables.agreements) {
    VerifyOptions options;
    options.agreement = id;
    auto one = check_ledger(**ledger, options);
    if (one) {
      found.agreements[id] = *std::move(one);
    } else {
      // The others are looked at all the same.
      found.agreements[id].differs.push_back(one.error().message);
    }
  }
  return found;
}

std::vector<std::string> faults_of(const LedgerFindings& found) {
  std::vector<std::string> all = found.tables.faults;
  for (const auto& [id, one] : found.agreements) {
    for (const std::string& fault : one.differs) all.push_back(id + ": " + fault);
  }
  return all;
}

namespace {

// The ledger of the settings, or the copy that was named.
core::Result<ledger::Address> address_of(const LedgerOptions& options) {
  if (!options.file.empty()) {
    // As a path, or as the settings would name it.
    const bool is_named = options.file.starts_with("sqlite:");
    return ledger::Address::parse(is_named ? options.file : "sqlite:" + options.file);
  }
  const auto settings = load(options.config);
  if (!settings) return settings.error();
  return settings->ledger;
}

Json findings_json(const LedgerFindings& found) {
  Json agreements = Json::array();
  for (const auto& [id, one] : found.agreements) {
    agreements.push_back({{"agreement", id},
                          {"agreed", one.agreed},
                          {"differs", one.differs},
                          {"unchecked", one.unchecked}});
  }
  return {{"version", found.tables.version},
          {"agreed", found.tables.agreed},
          {"differs", found.tables.faults},
          {"agreements", std::move(agreements)},
          {"whole", faults_of(found).empty()}};
}

void print(const LedgerFindings& found) {
  for (const std::string& line : found.tables.agreed) say(prose("agrees: " + line));
  for (const auto& [id, one] : found.agreements) {
    for (const std::string& line : one.agreed) say(prose("agrees: " + id + ": " + line));
    for (const std::string& line : one.unchecked) say(prose("unchecked: " + id + ": " + line));
  }
  for (const std::string& line : faults_of(found))
    say(prose(painted(Paint::bad, "differs") + ": " + line));
}

Json part_json(const char* key, const Part& part) {
  return {{key, part.name.empty() ? Json(nullptr) : Json(part.name)},
          {"rows", part.rows},
          {"bytes", part.bytes}};
}

Json parts_json(const char* key, const std::vector<Part>& parts) {
  Json list = Json::array();
  for (const Part& part : parts) list.push_back(part_json(key, part));
  return list;
}

Json size_json(const ledger::Size& size) {
  Json mean = nullptr;
  if (size.a_month) mean = {{"rows", size.a_month->rows}, {"bytes", size.a_month->bytes}};
  return {{"bytes", size.bytes},
          {"tables", parts_json("table", size.tables)},
          {"agreements", parts_json("agreement", size.agreements)},
          {"months", parts_json("month", size.months)},
          {"growth_per_month", std::move(mean)}};
}

void print_parts(const char* what, const std::vector<Part>& parts) {
  TextTable table({Column(what).cut_to(20), Column("ROWS").right(), Column("BYTES").right()});
  for (const Part& part : parts) {
    if (part.rows == 0) continue;
    table.add({part.name.empty() ? "(of none)" : part.name, core::grouped(part.rows),
               core::grouped(part.bytes)});
  }
  table.print();
}

void print(const ledger::Size& size) {
  say(core::grouped(size.bytes) + " bytes");
  print_parts("TABLE", size.tables);
  print_parts("AGREEMENT", size.agreements);
  print_parts("MONTH", size.months);
  if (!size.a_month) {
    return say("no month is over yet, so that nobody knows what one brings");
  }
  say(prose(fmt::format("a month brings {} rows, {} bytes: the mean of those that are over",
                        core::grouped(size.a_month->rows), core::grouped(size.a_month->bytes))));
}

}  // namespace

Exit ledger_check(const LedgerOptions& options) {
  const auto address = address_of(options);
  if (!address) return complain(address.error(), kWrongWords);
  const auto found = look_through(*address, options.file.empty() ? Looked::itself : Looked::copy);
  if (!found) return complain(found.error(), kCouldNot);
  if (options.json) {
    say(report::indented(findings_json(*found)));
  } else {
    print(*found);
  }
  const auto faults = faults_of(*found);
  if (faults.empty()) {
    if (!options.json) say("whole: " + address->shown());
    return kDone;
  }
  return complain(
      {fmt::format("{} of what was checked does not hold", faults.size()), address->shown(),
       "stop the service, keep the file, and put a copy in its place that is whole: "
       "recoup restore --replace COPY"},
      kCouldNot);
}

Exit ledger_size(const LedgerOptions& options) {
  const auto address = address_of(options);
  if (!address) return complain(address.error(), kWrongWords);
  const auto size = ledger::size_of(*address, service::system_world().clock.wall());
  if (!size) return complain(size.error(), kCouldNot);
  if (options.json) {
    say(report::indented(size_json(*size)));
  } else {
    print(*size);
  }
  return kDone;
}

}  // namespace recoup::cli
