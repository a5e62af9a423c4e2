#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/ratio.h"

// How text is compared, and how figures and lists are written: once for all rooms.
namespace recoup::core {

// With a to z in place of A to Z; every other byte stays.
std::string lower_case(std::string_view text);

// Whether they differ in the case of A to Z at most.
bool equal_but_for_case(std::string_view a, std::string_view b);

// Without the blanks, tabs and ends of lines before and behind it; a part of `text`.
std::string_view trimmed(std::string_view text);

// "A", "A and B", "A, B and C"; `last` stands before the last one.
std::string listed(const std::vector<std::string>& items, std::string_view last = "and");

// "2,678,400", "-12,345.67": a decimal's whole part in groups of three digits.
std::string grouped(std::string decimal);
std::string grouped(std::uint64_t number);

// "1 interval", "2,000 intervals".
std::string counted(std::uint64_t number, std::string_view noun);

// A fraction of 1 as a percentage without its sign: cut after 12 digits, "99.998842592592"; and in
// as few of them as hold it, "10", "99.999".
std::string percent_text(const Ratio& share);
std::string short_percent(const Ratio& share);

}  // namespace recoup::core
