#pragma once

#include <string>
#include <vector>

#include "billing/bills/bill.h"
#include "billing/bills/selection.h"
#include "record/claim_life.h"

// What bills say of the claims that wait for a credit.
namespace recoup::judge {

// AwaitedClaim is one month's claim, and which rows of a bill may be about it.
struct AwaitedClaim {
  record::ClaimLife life;
  core::Instant cycle_end;
  billing::BillQuery query;  // whose `services` may be empty: nobody said what the bill calls it
  std::vector<std::string> notes;  // of the credits that were noted of it
};

// FoundCredit is what bills gave for one claim.
struct FoundCredit {
  std::size_t claim = 0;  // its index
  std::vector<billing::BillLine> lines;
  core::Money given;  // by these lines
  core::Money all;    // with what was noted before: the amount to note
  std::string why;    // the lines are its own, a sentence without its end
};

// UnclearCredit is a credit on a bill that nobody can say the claim of.
struct UnclearCredit {
  billing::BillLine line;
  std::vector<std::size_t> claims;  // that it may be of; none: it is probably of something else
  std::string why;                  // it was not chosen
};

// FoundCorrection is what a later bill corrects of the charges of a claim's month.
struct FoundCorrection {
  std::size_t claim = 0;
  billing::BillLine line;
};

struct Reconciled {
  std::vector<FoundCredit> credits;  // at most one a claim, in their order
  std::vector<UnclearCredit> unclear;
  std::vector<FoundCorrection> corrections;
  std::size_t known = 0;  // lines that were noted before
};

// "2026-12.csv:14", as the note of a credit names its line; the file alone where it has no lines.
std::string reference_of(const billing::BillLine& line);

// Finds the credits of claims on bills. A line is a claim's where its words name the case; where
// they name a service level and no other claim can be meant; or where its amount, to the cent, is
// what is open of that claim alone. Whatever may be of several claims, or of none, is not chosen.
// Claims that do not wait (ClaimLife::waits) have corrections alone.
Reconciled reconcile(const std::vector<AwaitedClaim>& claims,
                     const std::vector<billing::BillLine>& lines);

}  // namespace recoup::judge
