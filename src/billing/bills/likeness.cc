#include "billing/bills/likeness.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/text.h"
#include "documents/near.h"

namespace recoup::billing {
namespace {

constexpr std::size_t kMost = 5;
constexpr std::size_t kInitials = 3;  // that are surely no accident

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (is_letter(c)) {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

// Whether `text` has the initials of the last words of the other.
bool has_initials(const std::string& text, const std::vector<std::string>& words) {
  std::string initials;
  for (const std::string& word : words) initials += word.front();
  for (std::size_t i = 0; i + kInitials <= initials.size(); ++i) {
    if (text.find(initials.substr(i)) != std::string::npos) return true;
  }
  return false;
}

// More for the likelier; 0 where nothing is alike.
int likeness(std::string_view word, const std::string& candidate) {
  const std::string a = core::lower_case(word);
  const std::string b = core::lower_case(candidate);
  const auto words_a = words_of(a);
  const auto words_b = words_of(b);
  int score = documents::nearest(word, {candidate}) ? 100 : 0;
  if (has_initials(a, words_b) || has_initials(b, words_a)) score += 50;
  for (const std::string& one : words_a) {
    if (std::find(words_b.begin(), words_b.end(), one) != words_b.end()) score += 10;
  }
  return score;
}

}  // namespace

std::vector<std::string> likeliest(std::string_view word,
                                   const std::vector<std::string>& candidates) {
  std::vector<std::pair<int, std::string>> scored;
  for (const std::string& name : candidates) scored.emplace_back(likeness(word, name), name);
  std::stable_sort(scored.begin(), scored.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  const bool any = !scored.empty() && scored.front().first > 0;
  std::vector<std::string> out;
  for (const auto& [score, name] : scored) {
    if (out.size() < kMost && (score > 0 || !any)) out.push_back(name);
  }
  return out;
}

std::string listed(const std::vector<std::string>& words) {
  const std::size_t shown = std::min(words.size(), kMost);
  std::vector<std::string> items;
  for (std::size_t i = 0; i < shown; ++i) {
    items.push_back(words[i].empty() ? "(empty)" : fmt::format("'{}'", words[i]));
  }
  if (words.size() == shown) return core::listed(items);
  return fmt::format("{} and {} more", fmt::join(items, ", "), words.size() - shown);
}

}  // namespace recoup::billing
