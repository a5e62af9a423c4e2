#pragma once

#include <memory>
#include <string>

#include "ledger/sql/database.h"

namespace recoup::ledger {

// As people are told of the address "postgresql://…": without what is secret. Throws Failure for
// what is no such address.
std::string shown_postgres(const std::string& url);

// Opens the ledger in the schema `recoup` of a PostgreSQL database and brings its tables to the
// schema's newest version. One that was lost is found again by the next call; while it is away the
// writer tries more and more seldom, and all others wait for the writer. Its writer has a lease
// (lease.h): what is written is refused from when another one has it. Throws Failure.
std::unique_ptr<Database> open_postgres(const std::string& url, Missing missing,
                                        const Schema& schema);

// Opens it in one transaction that is never committed: what is written there is gone with the
// object, and nobody else sees it. Throws Failure.
std::unique_ptr<Database> open_postgres_copy(const std::string& url, const Schema& schema);

}  // namespace recoup::ledger
