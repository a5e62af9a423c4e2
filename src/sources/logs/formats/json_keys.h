#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace recoup::sources {

// JsonKeys numbers the places in a JSON object that somebody wants to know of, "status" or
// "request.headers.User-Agent", and finds the number by the keys on the way. A dot goes into an
// object; the same with the dots in one key, as some write it, is the same place.
class JsonKeys {
 public:
  static constexpr std::size_t kMost = 192;
  using Set = std::bitset<kMost>;
  using Slot = std::uint16_t;
  static constexpr std::uint16_t kNone = 0xffff;

  JsonKeys() { nodes_.emplace_back(); }

  // The number of a place, the same for the same one. At most kMost are numbered: kNone beyond.
  Slot add(std::string_view path);

  // What a key of an object is: a place, an object with places in it, both or neither.
  struct Entry {
    std::string key;
    Slot slot = kNone;
    std::uint16_t node = kNone;
    std::uint16_t next = kNone;  // with the same hash
  };

  // The key in the object of that node, 0 the outermost; null where nobody wants to know of it.
  const Entry* find(std::size_t node, std::string_view key) const {
    const Node& in = nodes_[node];
    for (std::uint16_t i = in.first[hash(key)]; i != kNone; i = entries_[i].next) {
      if (entries_[i].key == key) return &entries_[i];
    }
    return nullptr;
  }

 private:
  static constexpr std::size_t kHashes = 128;

  struct Node {
    std::array<std::uint16_t, kHashes> first;
    Node() { first.fill(kNone); }
  };

  static std::size_t hash(std::string_view key) {
    if (key.empty()) return 0;
    const auto byte = [&](std::size_t i) -> std::size_t {
      return static_cast<unsigned char>(key[i]);
    };
    return (key.size() * 7 + byte(0) * 31 + byte(key.size() / 2) * 5 + byte(key.size() - 1)) %
           kHashes;
  }
  Entry& entry(std::size_t node, std::string_view key);

  std::vector<Node> nodes_;
  std::vector<Entry> entries_;
  Slot slots_ = 0;
};

}  // namespace recoup::sources
