#include "ledger/address.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include <fmt/format.h>

#include "ledger/sql/postgres_database.h"
#include "ledger/sql/sqlite_database.h"
#include "ledger/tables/postgres_schema.h"
#include "ledger/tables/sqlite_schema.h"

namespace recoup::ledger {

// LedgerKind is a kind of database that a ledger may be kept in.
struct LedgerKind {
  std::string_view scheme;   // "sqlite"
  std::string_view form;     // "sqlite:PATH"
  std::string_view example;  // "sqlite:recoup.db"
  // As people are told it, behind the scheme's colon. Throws Failure for what cannot be one.
  std::string (*shown)(const std::string& rest);
  // The path of its one file; nothing where it has none.
  std::optional<std::string> (*file)(const std::string& rest);
  // Throws Failure.
  std::unique_ptr<Database> (*open)(const std::string& rest, Missing missing);
  std::unique_ptr<Database> (*open_copy)(const std::string& rest);
};

namespace {

constexpr std::string_view kInMemory = ":memory:";  // as SQLite calls it

constexpr std::string_view kPostgres = "postgresql:";

std::string postgres_url(const std::string& rest) { return std::string(kPostgres) + rest; }

// All kinds there are; the first is meant where nothing is said.
constexpr std::array<LedgerKind, 2> kLedgers{{
    {"sqlite", "sqlite:PATH", "sqlite:recoup.db", [](const std::string& rest) { return rest; },
     [](const std::string& rest) {
       return rest == kInMemory ? std::optional<std::string>() : std::optional(rest);
     },
     [](const std::string& rest, Missing missing) {
       return open_sqlite(rest, missing, kSqliteSchema);
     },
     [](const std::string& rest) { return open_sqlite_copy(rest, kSqliteSchema); }},
    {"postgresql", "postgresql://USER@HOST/DATABASE", "postgresql://recoup@db/recoup",
     [](const std::string& rest) {
       return shown_postgres(postgres_url(rest)).substr(kPostgres.size());
     },
     [](const std::string&) { return std::optional<std::string>(); },
     [](const std::string& rest, Missing missing) {
       return open_postgres(postgres_url(rest), missing, postgres_schema());
     },
     [](const std::string& rest) {
       return open_postgres_copy(postgres_url(rest), postgres_schema());
     }},
}};

core::Error expected(std::string_view got, std::string help) {
  return {fmt::format("expected a ledger like \"{}\", got '{}'", kLedgers[0].example, got), "",
          std::move(help)};
}

// "write sqlite:PATH, like sqlite:recoup.db".
std::string how_to_write() {
  std::string words;
  for (const LedgerKind& kind : kLedgers) {
    words +=
        fmt::format("{} {}, like {}", words.empty() ? "write" : ", or", kind.form, kind.example);
  }
  return words;
}

}  // namespace

Address::Address() : Address(kLedgers[0], "recoup.db") {}

core::Result<Address> Address::parse(const std::string& url) {
  const auto colon = url.find(':');
  if (colon == std::string::npos && !url.empty()) {
    return expected(url, fmt::format("write \"{}:{}\"", kLedgers[0].scheme, url));
  }
  const std::string_view scheme = std::string_view(url).substr(0, colon);
  const auto kind = std::find_if(kLedgers.begin(), kLedgers.end(),
                                 [&](const LedgerKind& one) { return one.scheme == scheme; });
  if (kind == kLedgers.end() || colon + 1 == url.size()) {
    return expected(std::string_view(url).substr(0, colon + 1), how_to_write());
  }
  std::string rest = url.substr(colon + 1);
  try {
    kind->shown(rest);
  } catch (const Failure& failure) {
    return failure.error();
  }
  return Address(*kind, std::move(rest));
}

Address Address::in(const std::string& folder) const {
  const auto path = file();
  if (!path) {
    Address same = *this;
    same.folder_ = folder;
    return same;
  }
  return Address(*kind_, (std::filesystem::path(folder) / *path).string());
}

std::optional<std::string> Address::file() const { return kind_->file(rest_); }

std::optional<std::string> Address::spool_folder() const {
  return kind_->scheme == kLedgers[0].scheme ? std::nullopt : std::optional(folder_);
}

std::string Address::shown() const {
  return fmt::format("{}:{}", kind_->scheme, kind_->shown(rest_));
}

std::unique_ptr<Database> Address::open(Missing missing) const {
  return kind_->open(rest_, missing);
}

std::unique_ptr<Database> Address::open_copy() const { return kind_->open_copy(rest_); }

}  // namespace recoup::ledger
