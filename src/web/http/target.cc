#include "web/http/target.h"

#include <algorithm>

#include "record/percent_encoding.h"

namespace recoup::web {
namespace {

using record::percent_decoded;
using record::Plus;

// A blank or a control character.
bool must_be_encoded(char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7f'; }

std::map<std::string, std::string> query_of(std::string_view text) {
  std::map<std::string, std::string> query;
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(pair.size() + 1, text.size()));
    const auto equals = std::min(pair.find('='), pair.size());
    const std::string_view value = pair.substr(std::min(equals + 1, pair.size()));
    if (pair.empty()) continue;
    query.emplace(percent_decoded(pair.substr(0, equals), Plus::blank),
                  percent_decoded(value, Plus::blank));
  }
  return query;
}

}  // namespace

core::Result<Target> parse_target(std::string_view target) {
  if (std::any_of(target.begin(), target.end(), must_be_encoded)) {
    return core::Error{"the address holds a character that must be percent-encoded"};
  }
  if (target.find("%00") != std::string_view::npos) {
    return core::Error{"the address holds %00, which is in no name"};
  }
  const auto mark = std::min(target.find('?'), target.size());
  return Target{percent_decoded(target.substr(0, mark), Plus::itself),
                query_of(target.substr(std::min(mark + 1, target.size())))};
}

}  // namespace recoup::web
