#include "rules/source_reader.h"

#include <fmt/format.h>

#include "rules/terms.h"

namespace recoup::rules {
namespace {

// A day, or a month where no day was noted.
std::string read_day(const documents::Value& value) {
  if (!value.is_text()) {
    const auto day = value.date();
    return day ? core::to_text(*day) : "";
  }
  const std::string text = value.text().value_or("");
  if (core::parse_month(text)) return text;
  value.complain(fmt::format("expected a date, or a month like \"2026-10\", got '{}'", text),
                 core::parse_date(text) ? "write a date without quotes" : "");
  return {};
}

// Text is an address that was read when `source` was.
void read_source(const documents::Value& value, const std::string& term, core::Version& out) {
  if (!value) return;
  core::TermSource source;
  source.read = out.source_read;
  if (value.is_table()) {
    const documents::Table table = *value.table();
    source.at = table.required("at").text().value_or("");
    if (const documents::Value read = table.optional("read")) source.read = read_day(read);
    source.note = table.optional("note").text().value_or("");
    if (!table.optional("read") && source.read.empty()) {
      table.complain("expected 'read', the day on which it was read, got none",
                     "or write sources.read = DATE for all of the version");
    }
  } else {
    source.at = value.text().value_or("");
    if (source.read.empty()) {
      value.complain(fmt::format("expected the day on which '{}' was read, got none", term),
                     "write { at = \"…\", read = DATE }, or sources.read = DATE for all of the "
                     "version");
    }
  }
  out.sources[term] = std::move(source);
}

}  // namespace

const std::vector<std::string>& all_sourced_terms() {
  static const std::vector<std::string> terms = [] {
    std::vector<std::string> all{"commitment"};
    all.insert(all.end(), all_terms().begin(), all_terms().end());
    return all;
  }();
  return terms;
}

void read_sources(const documents::Table& version, core::Version& out) {
  if (out.read) out.source_read = core::to_text(*out.read);
  const auto sources = version.optional("sources").table();
  if (!sources) return;
  if (const documents::Value read = sources->optional("read")) out.source_read = read_day(read);
  for (const std::string& term : all_sourced_terms()) {
    read_source(find_term(*sources, term), term, out);
  }
  // A table of its own, of which each term was asked for by name.
  (void)sources->optional("claim").table();
}

}  // namespace recoup::rules
