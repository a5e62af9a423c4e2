#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "sources/probe/answer_body.h"

namespace recoup::sources::probe {
namespace {

using Json = nlohmann::json;
using Steps = std::vector<rules::AnswerPath::Step>;

// Reads JSON as a stream and stops at the text: what follows it may be missing.
class Finder : public nlohmann::json_sax<Json> {
 public:
  explicit Finder(const Steps& steps) : steps_(steps), next_(steps.size()) {}

  const std::string& found() const { return found_; }

  bool key(string_t& name) override {
    if (!found_.empty()) return false;
    const auto* wanted = looks_here() ? std::get_if<std::string>(&steps_[depth_ - 1]) : nullptr;
    named_ = wanted != nullptr && *wanted == name;
    return true;
  }
  bool string(string_t& value) override {
    if (!at_end(step())) return found_.empty();
    found_ = value;
    return false;
  }
  // A number may go on behind the cut: it is whole when something follows it.
  bool number_integer(number_integer_t value) override { return number(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return number(std::to_string(value)); }

  bool start_object(std::size_t) override { return open(false); }
  bool start_array(std::size_t) override { return open(true); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool null() override { return pass(); }
  bool boolean(bool) override { return pass(); }
  bool number_float(number_float_t, const string_t&) override { return pass(); }
  bool binary(binary_t&) override { return pass(); }
  bool parse_error(std::size_t, const std::string&, const Json::exception&) override {
    found_.clear();
    return false;
  }

 private:
  // Whether the innermost object or array lies on the path, and a step leads into it.
  bool looks_here() const { return depth_ > 0 && on_path_ == depth_ && depth_ <= steps_.size(); }

  // A value begins: whether the path's next step leads to it.
  bool step() {
    if (!found_.empty() || !looks_here()) return false;
    if (!in_array_) return std::exchange(named_, false);
    const auto* index = std::get_if<std::size_t>(&steps_[depth_ - 1]);
    return index != nullptr && next_[depth_ - 1]++ == *index;
  }

  bool at_end(bool stepped) const { return stepped && depth_ == steps_.size(); }

  bool pass() {
    step();
    return found_.empty();
  }

  bool number(std::string digits) {
    if (at_end(step())) {
      found_ = std::move(digits);
      return true;
    }
    return found_.empty();
  }

  bool open(bool array) {
    const bool on_path = depth_ == 0 || step();
    if (!found_.empty()) return false;
    ++depth_;
    if (on_path) {
      on_path_ = depth_;
      in_array_ = array;
      if (depth_ <= steps_.size()) next_[depth_ - 1] = 0;
    }
    return true;
  }

  // Only one member leads on: when an object or array of the path is closed, none follows in what
  // holds it.
  bool close() {
    const bool was_on_path = on_path_ == depth_;
    --depth_;
    return found_.empty() && !was_on_path;
  }

  const Steps& steps_;
  std::vector<std::size_t> next_;  // by step: the index of the next value in its array
  std::string found_;
  std::size_t depth_ = 0;    // objects and arrays that are open
  std::size_t on_path_ = 0;  // of them, from the root on, those that lie on the path
  bool in_array_ = false;    // the innermost one on the path is an array
  bool named_ = false;       // the key before the next value is the path's
};

}  // namespace

std::string text_in_json(std::string_view json, const rules::AnswerPath& path) {
  if (path.empty()) return {};
  Finder finder(path.steps);
  Json::sax_parse(json.begin(), json.end(), &finder);
  return finder.found();
}

}  // namespace recoup::sources::probe
