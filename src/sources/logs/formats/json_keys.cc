#include "sources/logs/formats/json_keys.h"

namespace recoup::sources {

JsonKeys::Slot JsonKeys::add(std::string_view path) {
  const Entry& whole = entry(0, path);
  if (whole.slot != kNone) return whole.slot;
  if (slots_ == kMost) return kNone;
  entry(0, path).slot = slots_;
  std::size_t node = 0;
  std::string_view rest = path;
  for (auto dot = rest.find('.'); dot != std::string_view::npos; dot = rest.find('.')) {
    const std::string_view key = rest.substr(0, dot);
    if (entry(node, key).node == kNone) {
      entry(node, key).node = static_cast<std::uint16_t>(nodes_.size());
      nodes_.emplace_back();
    }
    node = entry(node, key).node;
    rest.remove_prefix(dot + 1);
  }
  entry(node, rest).slot = slots_;
  return slots_++;
}

JsonKeys::Entry& JsonKeys::entry(std::size_t node, std::string_view key) {
  if (const Entry* known = find(node, key)) {
    return entries_[static_cast<std::size_t>(known - entries_.data())];
  }
  std::uint16_t& first = nodes_[node].first[hash(key)];
  entries_.push_back({std::string(key), kNone, kNone, first});
  first = static_cast<std::uint16_t>(entries_.size() - 1);
  return entries_.back();
}

}  // namespace recoup::sources
