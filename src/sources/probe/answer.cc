#include "sources/probe/answer.h"

#include <algorithm>
#include <cctype>

#include <nlohmann/json.hpp>

#include "core/outcome.h"

namespace recoup::sources::probe {
namespace {

using Json = nlohmann::json;

// A request id longer than this is not one that a provider could look up.
constexpr std::size_t kLongestId = 256;

bool same_letter(char a, char b) {
  return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
}

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), same_letter);
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

// "HTTP/1.1 503 Service Unavailable" is 503.
int status_in(std::string_view line) {
  const auto space = line.find(' ');
  if (space == std::string_view::npos || line.size() < space + 4) return 0;
  int status = 0;
  for (const char c : line.substr(space + 1, 3)) {
    if (c < '0' || c > '9') return 0;
    status = status * 10 + (c - '0');
  }
  return status;
}

// Reads JSON as a stream and stops at the member: what follows it may be missing.
class MemberFinder : public nlohmann::json_sax<Json> {
 public:
  explicit MemberFinder(std::string_view name) : name_(name) {}

  const std::string& found() const { return found_; }

  bool key(string_t& name) override {
    here_ = depth_ == 1 && name == name_;
    return true;
  }
  bool string(string_t& value) override {
    if (here_) found_ = value;
    return !here_;
  }
  bool start_object(std::size_t) override {
    ++depth_;
    return !here_;
  }
  bool end_object() override {
    --depth_;
    return true;
  }
  bool start_array(std::size_t) override {
    ++depth_;
    return !here_;
  }
  bool end_array() override {
    --depth_;
    return true;
  }
  bool null() override { return !here_; }
  bool boolean(bool) override { return !here_; }
  bool number_integer(number_integer_t) override { return !here_; }
  bool number_unsigned(number_unsigned_t) override { return !here_; }
  bool number_float(number_float_t, const string_t&) override { return !here_; }
  bool binary(binary_t&) override { return !here_; }
  bool parse_error(std::size_t, const std::string&, const Json::exception&) override {
    return false;
  }

 private:
  std::string_view name_;
  std::string found_;
  int depth_ = 0;
  bool here_ = false;
};

}  // namespace

std::string json_member(std::string_view json, std::string_view name) {
  MemberFinder finder(name);
  Json::sax_parse(json.begin(), json.end(), &finder);
  return finder.found();
}

void Answer::expect(const config::AnswerFields& fields) {
  fields_ = &fields;
  status_ = 0;
  has_request_id_ = false;
  request_id_.clear();
  error_name_.clear();
  body_.clear();
}

void Answer::head(std::string_view line) {
  if (line.starts_with("HTTP/")) {
    expect(*fields_);
    status_ = status_in(line);
    return;
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const std::string_view name = line.substr(0, colon);
  if (!fields_->request_id_header.empty() && same_name(name, fields_->request_id_header)) {
    request_id_ = trimmed(line.substr(colon + 1)).substr(0, kLongestId);
    has_request_id_ = true;
  }
  if (!fields_->error_name_header.empty() && same_name(name, fields_->error_name_header)) {
    error_name_ = trimmed(line.substr(colon + 1)).substr(0, kBodyKept);
  }
}

void Answer::body(std::string_view bytes) {
  if (status_ < 400 || fields_->error_name_json.empty()) return;
  body_ += bytes.substr(0, kBodyKept - std::min(kBodyKept, body_.size()));
}

std::string Answer::error_name() const {
  if (status_ < 400) return {};
  if (!error_name_.empty()) return core::clean_error_name(error_name_);
  if (body_.empty()) return {};
  return core::clean_error_name(json_member(body_, fields_->error_name_json));
}

}  // namespace recoup::sources::probe
