#include "sources/logs/failures.h"

#include <cstring>

#include "sources/logs/shown.h"

namespace recoup::sources {
namespace {

constexpr std::size_t kLongestDetail = 512;
constexpr std::size_t kMostRecent = 4096;

// "GET /a" of "GET /a?b=c HTTP/1.1"; of what is no such line, all before a '?'.
std::string_view method_and_path(std::string_view request) {
  request = request.substr(0, request.find('?'));
  const auto method_end = request.find(' ');
  if (method_end == std::string_view::npos) return request;
  return request.substr(0, request.find(' ', method_end + 1));
}

}  // namespace

void Failures::add(core::Instant at, std::uint64_t line, int status, std::string_view request) {
  records_.push_back({at, line, keep(method_and_path(request)), status});
}

record::Evidence Failures::operator[](std::size_t i) const {
  const Record& record = records_[i];
  record::Evidence evidence;
  evidence.at = record.at;
  evidence.tie = record.line;
  evidence.outcome = core::Answered{record.status};
  evidence.detail = record.detail;
  return evidence;
}

std::string_view Failures::keep(std::string_view request) {
  std::string key(request);
  if (const auto known = recent_.find(key); known != recent_.end()) return known->second;
  const std::string text = shown(request, kLongestDetail);
  char* const copy = static_cast<char*>(texts_->allocate(text.size() + 1, 1));
  std::memcpy(copy, text.data(), text.size());
  if (recent_.size() == kMostRecent) recent_.clear();
  return recent_.emplace(std::move(key), std::string_view(copy, text.size())).first->second;
}

}  // namespace recoup::sources
