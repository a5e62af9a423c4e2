#pragma once

#include <string>
#include <utility>
#include <vector>

#include "claim/claim.h"
#include "record/stamp.h"
#include "report/json.h"

// What a third party signed of a claim's time, in the claim's folder.
namespace recoup::claim {

// The folder in the claim's: of each stamp NAME.json, which was signed, and NAME.tsr, the token; of
// each time DAY.tallies, the counts whose digests the document has; and the certificates.
inline constexpr char kStampFolder[] = "timestamps";
inline constexpr char kStampCa[] = "timestamps/ca.pem";

// The files by their names, in their order; each once.
std::vector<std::pair<std::string, std::string>> stamp_files(const record::StampedTime& stamped);

// The name of the file with the counts of those days.
std::string tallies_name(core::Instant days);

// Whether a name is that of such a file: "timestamps/2026-10-03.tsr".
bool is_stamp_file(const std::string& name);

// Of claim.json: how many tokens, the time of the first and of the last, which days have none, and
// which have changed since.
report::Json stamps_json(const record::StampedTime& stamped);

// The same in words, and the command by which anybody checks the first.
std::string stamps_text(const record::StampedTime& stamped);
std::string stamp_by_hand(const record::StampedTime& stamped);

// What the user must know of it, sentences for the notes.
std::vector<std::string> stamp_notes(const Claim& claim);

// "2026-10-03", or "2026-10-03 to 2026-10-05", of whole days; both included.
std::string days_text(const core::Interval& days);

// The same of several: "2026-10-03, 2026-10-05 and 2026-10-07 to 2026-10-09".
std::string days_list(const std::vector<core::Interval>& spans);

}  // namespace recoup::claim
