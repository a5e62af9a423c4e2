#pragma once

#include <string>

#include "report/snapshot.h"

namespace recoup::cli {

// Prints where an agreement stands, for people: the figure, what it rests on, what it gives, and
// what to do next. `sealed` says how the cycle is sealed; empty where nothing is to be said.
void print_judgement(const core::Judgement& judgement, const std::string& sealed = {});

// Which agreement and contract it is about, on one line.
std::string title(const core::Judgement& judgement);

// The sums over so many intervals, on two lines.
void print_counts(const core::Totals& totals, std::size_t intervals);

// When what is excluded was, and why, each on one line.
void print_exclusions(const std::vector<core::ExclusionWindow>& windows);

// How the same evidence stands by another contract, on one line: uptime, tier, credit.
std::string difference(const core::Judgement& own, const core::Judgement& other);

}  // namespace recoup::cli
