#include "sources/logs/content_digest.h"

#include <algorithm>

namespace recoup::sources {

ContentDigest::ContentDigest(std::vector<KnownFile> known) : known_(std::move(known)) {
  std::sort(known_.begin(), known_.end(),
            [](const KnownFile& a, const KnownFile& b) { return a.bytes > b.bytes; });
}

void ContentDigest::update(std::string_view bytes) {
  // A known file is compared only when more content follows: it is shorter, then, than this one.
  while (!bytes.empty() && !known_.empty() && known_.back().bytes < bytes_ + bytes.size()) {
    const auto part = static_cast<std::size_t>(known_.back().bytes - bytes_);
    digest_.update(bytes.substr(0, part));
    bytes_ += part;
    bytes.remove_prefix(part);
    compare();
  }
  digest_.update(bytes);
  bytes_ += bytes.size();
}

// Whole blocks: what is left of one would have to be kept.
void ContentDigest::take_turn(std::size_t size) {
  constexpr std::size_t kBlock = 64;
  size -= size % kBlock;
  update(left_.substr(0, size));
  left_.remove_prefix(size);
}

void ContentDigest::compare() {
  const std::string so_far = digest_.hex();
  for (; !known_.empty() && known_.back().bytes == bytes_; known_.pop_back()) {
    if (known_.back().digest == so_far) prefix_ = so_far;
  }
}

}  // namespace recoup::sources
