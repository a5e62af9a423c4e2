#include "sources/logs/line_keys.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace recoup::sources {

// They stand in ledgers as this machine has them in memory.
static_assert(std::endian::native == std::endian::little);

std::vector<LineKey> LineKeys::finish() {
  std::vector<LineKey> repeated;
  for (auto& [hour, keys] : hours_) {
    std::sort(keys.begin(), keys.end());
    for (std::size_t i = 1; i < keys.size(); ++i) {
      if (keys[i] == keys[i - 1]) repeated.push_back(keys[i]);
    }
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  }
  std::sort(repeated.begin(), repeated.end());
  repeated.erase(std::unique(repeated.begin(), repeated.end()), repeated.end());
  return repeated;
}

std::string_view LineKeys::bytes_of(const std::vector<LineKey>& keys) {
  return {reinterpret_cast<const char*>(keys.data()), keys.size() * sizeof(LineKey)};
}

void LineKeys::find_known(const std::vector<LineKey>& keys, std::string_view bytes,
                          std::vector<LineKey>& found) {
  auto from = keys.begin();
  for (std::size_t at = 0; at + sizeof(LineKey) <= bytes.size(); at += sizeof(LineKey)) {
    LineKey key = 0;
    std::memcpy(&key, bytes.data() + at, sizeof key);
    from = std::lower_bound(from, keys.end(), key);
    if (from == keys.end()) return;
    if (*from == key) found.push_back(key);
  }
}

KnownKeys::KnownKeys(std::vector<LineKey> known, std::vector<LineKey> repeated)
    : known_(std::move(known)), repeated_(std::move(repeated)) {
  std::sort(known_.begin(), known_.end());
  std::sort(repeated_.begin(), repeated_.end());
}

bool KnownKeys::has(const std::vector<LineKey>& keys, LineKey key) {
  return std::binary_search(keys.begin(), keys.end(), key);
}

}  // namespace recoup::sources
