#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "ledger/address.h"

// What a ledger's tables are, whatever is in them.
namespace recoup::ledger {

// Inspection is whether the tables are whole.
struct Inspection {
  std::size_t version = 0;              // of the tables: what this program has
  std::vector<std::string> agreed;      // what was looked at and holds, sentences
  std::vector<std::string> faults;      // what does not, sentences
  std::vector<std::string> agreements;  // of which there is something, in order
};

// Which file is looked through: one of an older version is brought to this one when it is opened.
enum class Looked { itself, copy };

// Looks through all of the ledger: whether the file is whole, every row refers to what is there,
// and the tables are those of this program. PostgreSQL answers for its files itself.
core::Result<Inspection> inspect(const Address& ledger, Looked looked = Looked::itself);

// A part of a ledger. Bytes are with its indices.
struct Part {
  std::string name;
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
};

// Size is how large a ledger is, and of what. By agreement and by month bytes are the tables', in
// proportion to their rows.
struct Size {
  std::uint64_t bytes = 0;       // of all of it
  std::vector<Part> tables;      // the largest first
  std::vector<Part> agreements;  // by id; what is of none of them is in the last, without a name
  std::vector<Part> months;      // "2026-10", in order: when what they hold happened
  std::optional<Part> a_month = {};  // what came with each whole month among them, on average
};

// Reads all tables. `now`: the month that has not ended does not count in what a month brings.
core::Result<Size> size_of(const Address& ledger, core::Instant now);

}  // namespace recoup::ledger
