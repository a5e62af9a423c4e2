#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "claim/claim.h"
#include "claim/out_file.h"

namespace recoup::claim {

struct Logged;

// The subject line of the support case, without an end of line.
std::string subject_text(const Claim& claim);

// The service, and the Region where there is one: "AWS Key Management Service, us-east-1".
std::string place_text(const Claim& claim);

// Body is the text of the support case: what is claimed, and how anybody can check it. Both say the
// same.
struct Body {
  std::string markdown;
  std::string plain;  // for what shows a text as it was typed: tables stand in columns
};

// `attached` are the names of the files to attach. Where a text would be longer than a case takes,
// its lists are shortened, and say by how many entries and where these are.
Body body_of(const Claim& claim, const Logged& logged, const std::vector<std::string>& attached);

// What the texts and the page of a sealed claim have.
inline constexpr char kSealedWords[] = "The counts and this verdict were sealed at ";

inline constexpr char kMarkdownBody[] = "body.md";
inline constexpr char kPlainBody[] = "body.txt";
inline constexpr char kPage[] = "claim.html";

// What stands in the text for what the contract wants and only the user knows.
inline constexpr std::string_view kToFillIn = "____";

// claim.json: the verdict, the rule it was made by, and the other files with their digests.
std::string claim_json(const Claim& claim, const Logged& logged,
                       const std::vector<WrittenFile>& files);

// The form of a claim, which claim.json states: what its files have, under which keys and in which
// words. It grows with every change of what is written, so that whoever verifies a claim knows
// whether all its bytes can be written again, or its figures alone (tests/golden/forms.txt keeps
// it). Claims of the oldest form and of all later ones are verified.
inline constexpr int kClaimForm = 4;
inline constexpr int kOldestForm = 3;

// What a claim without a seal says of that: "not sealed", and until when logs may still come late.
std::string not_sealed_text(const Claim& claim);

// The place of a file in the order a reader wants them, whichever was written first. The parts of
// the request log share one, in their own order; the sums come last.
int file_rank(std::string_view name);

inline constexpr char kSums[] = "SHA256SUMS";
inline constexpr char kSumsSignature[] = "SHA256SUMS.sig";

// "CreateCase" takes a text of 1 to 8,000 characters.
inline constexpr std::size_t kLongestBody = 8000;

}  // namespace recoup::claim
