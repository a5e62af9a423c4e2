#include "sources/logs/failures.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "sources/logs/shown.h"

namespace recoup::sources {
namespace {

constexpr std::size_t kLongestDetail = 512;
constexpr std::size_t kLongestId = 128;
constexpr std::size_t kMostRecent = 4096;

}  // namespace

template <typename Text>
const char* Failures::keep_once(std::string_view key, Text text_of_it) {
  std::string known_by(key);
  if (const auto known = recent_.find(known_by); known != recent_.end()) return known->second;
  const char* const text = copy(text_of_it());
  if (recent_.size() == kMostRecent) recent_.clear();
  return recent_.emplace(std::move(known_by), text).first->second;
}

void Failures::add(const Record& failure) {
  std::uint32_t& kept = kept_of(failure.at);
  if (kept >= most_of_interval_ || bytes() >= most_bytes_) {
    ++dropped_;
    return;
  }
  ++kept;
  constexpr core::Millis::rep kLongest = std::numeric_limits<std::uint32_t>::max();
  const auto duration = std::clamp<core::Millis::rep>(failure.duration.count(), 0, kLongest);
  records_.push_back({failure.at, failure.place, keep_request(failure.request),
                      copy(printable(failure.request_id, kLongestId)),
                      copy(printable(failure.peer, kLongestId)), failure.outcome,
                      static_cast<std::uint32_t>(duration)});
  while (bytes() >= most_bytes_ && most_of_interval_ > 1) thin_out();
}

record::Evidence Failures::at(std::size_t i, const core::OutcomeTable& outcomes) const {
  const Kept& one = records_[i];
  return {one.at,   one.place, outcomes[one.outcome], one.request_id, core::Millis(one.duration_ms),
          one.peer, one.detail};
}

std::uint32_t& Failures::kept_of(core::Instant at) {
  return kept_[std::chrono::floor<std::chrono::minutes>(at).time_since_epoch() / kInterval];
}

// Texts cannot be given back one by one: those that stay are copied, and all old ones go at once.
void Failures::thin_out() {
  most_of_interval_ /= 2;
  const std::deque<Kept> records = std::exchange(records_, {});
  const auto texts = std::exchange(texts_, std::make_unique<Texts>());
  text_bytes_ = 0;
  kept_.clear();
  recent_.clear();
  for (Kept one : records) {
    std::uint32_t& kept = kept_of(one.at);
    if (kept == most_of_interval_) {
      ++dropped_;
      continue;
    }
    ++kept;
    one.detail = keep_once(one.detail, [&] { return std::string_view(one.detail); });
    one.request_id = copy(one.request_id);
    one.peer = copy(one.peer);
    records_.push_back(one);
  }
  recent_.clear();
}

const char* Failures::keep_request(std::string_view request) {
  return keep_once(request, [&] { return shown(request, kLongestDetail); });
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
