#pragma once

#include <string>
#include <string_view>

// PostgreSQL keeps text that is valid UTF-8 without a zero byte and no other, and what servers and
// logs say may be anything. Such a byte is written as a character of a private area of Unicode
// (U+10FE00 and its value), and so is each byte of such a character itself: what is read back is
// what was written, to the byte, and equal texts stay equal.
namespace recoup::ledger {

// As PostgreSQL can keep it.
std::string to_postgres_text(std::string_view text);

// What was given to to_postgres_text. Text that others wrote stays as it is.
std::string from_postgres_text(std::string_view kept);

// Whether from_postgres_text() changes nothing.
bool is_plain_postgres_text(std::string_view kept);

}  // namespace recoup::ledger
