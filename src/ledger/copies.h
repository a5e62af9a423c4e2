#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "core/result.h"
#include "ledger/address.h"

// Copies of a ledger in one file, made while a service writes it, and put back.
namespace recoup::ledger {

// What becomes of a file that is there already.
enum class Existing {
  keep,     // an error
  replace,  // of a copy: the new one takes its place. Of a ledger: it is moved aside
};

// Copied is what was copied, and was found in the copy again.
struct Copied {
  std::string file;   // where it lies now
  std::string aside;  // where what was there before was moved to; empty where nothing was
  std::uint64_t bytes = 0;
  std::map<std::string, std::uint64_t> rows;  // by table
};

// Copies all that is in the ledger, as of one instant, into one file that its owner alone may read.
// A service may go on writing meanwhile. The copy is durable and was looked through (SQLite's
// integrity_check, the rows of every table) when this returns; on an error there is none, and a
// file that it was to replace is as it was. Errors, too: the ledger is in PostgreSQL, which has
// tools of its own for that.
core::Result<Copied> back_up(const Address& ledger, const std::string& file, Existing existing);

// Puts a copy in the ledger's place, looked through likewise. Nobody may record into what is
// there: that is an error, and nothing was changed.
core::Result<Copied> restore(const std::string& file, const Address& ledger, Existing existing);

}  // namespace recoup::ledger
