#pragma once

#include <string>
#include <vector>

#include "claim/verify/findings.h"
#include "core/result.h"
#include "rules/catalog.h"

namespace recoup::reviewer {

// What a claim is looked at with.
struct Review {
  std::string folder;  // the claim's
  std::string key;     // 64 hexadecimal digits: SHA256SUMS must be signed with it; empty: by anyone
  std::string ca;      // a PEM file: tokens of the time must rest on it; empty: on anything
};

// Recomputes a claim from its own files, against the contracts of the catalog.
core::Result<claim::Verification> review(const Review& options, const rules::Catalog& catalog);

// What was found of `what`, a line each, with `shows` before the last, which says whether all of it
// agrees.
std::vector<std::string> lines_of(const claim::Verification& found, const std::string& what,
                                  const std::vector<std::string>& shows = {});

// The certificates of --ca, PEM; empty where none was named.
core::Result<std::string> read_ca(const std::string& path);

// What is wrong with a public key as it is written, 64 hexadecimal digits; empty if nothing.
// Capitals become small.
std::string wrong_key(std::string& text);

}  // namespace recoup::reviewer
