#include "sources/logs/failures.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "sources/logs/shown.h"

namespace recoup::sources {
namespace {

constexpr std::size_t kLongestDetail = 512;
constexpr std::size_t kLongestId = 128;
constexpr std::size_t kMostRecent = 4096;

}  // namespace

void Failures::add(const Record& failure) {
  if (records_.size() * sizeof(Kept) + text_bytes_ >= most_bytes_) {
    ++dropped_;
    return;
  }
  constexpr core::Millis::rep kLongest = std::numeric_limits<std::uint32_t>::max();
  const auto duration = std::clamp<core::Millis::rep>(failure.duration.count(), 0, kLongest);
  records_.push_back({failure.at, failure.place, keep_request(failure.request),
                      copy(printable(failure.request_id, kLongestId)),
                      copy(printable(failure.peer, kLongestId)), failure.outcome,
                      static_cast<std::uint32_t>(duration)});
}

record::Evidence Failures::at(std::size_t i, const core::OutcomeTable& outcomes) const {
  const Kept& one = records_[i];
  return {one.at,   one.place, outcomes[one.outcome], one.request_id, core::Millis(one.duration_ms),
          one.peer, one.detail};
}

const char* Failures::keep_request(std::string_view request) {
  std::string key(request);
  if (const auto known = recent_.find(key); known != recent_.end()) return known->second;
  const char* const text = copy(shown(request, kLongestDetail));
  if (recent_.size() == kMostRecent) recent_.clear();
  return recent_.emplace(std::move(key), text).first->second;
}

// Printable ASCII, so a 0 ends it.
const char* Failures::copy(std::string_view text) {
  if (text.empty()) return "";
  char* const bytes = static_cast<char*>(texts_->allocate(text.size() + 1, 1));
  std::memcpy(bytes, text.data(), text.size());
  bytes[text.size()] = '\0';
  text_bytes_ += text.size() + 1;
  return bytes;
}

}  // namespace recoup::sources
