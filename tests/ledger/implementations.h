#pragma once

#include <string>
#include <vector>

#include "support/postgres_server.h"
#include "support/temp_dir.h"

namespace recoup::test {

// Implementation is one kind of ledger; the contract is tested on each.
struct Implementation {
  std::string name;
  std::string (*url)(const TempDir&);
};

inline const std::vector<Implementation> kImplementations{
    {"SQLite file", [](const TempDir& dir) { return "sqlite:" + dir.file("ledger.db"); }},
    {"SQLite in memory", [](const TempDir&) { return std::string("sqlite::memory:"); }},
    {"PostgreSQL", [](const TempDir&) { return PostgresServer::shared().new_database(); }}};

}  // namespace recoup::test
