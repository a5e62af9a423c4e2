#include "web/api/api_answer.h"

#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "record/percent_encoding.h"

namespace recoup::web {
namespace {

// The path as a part of a URL: what was sent may hold any byte.
std::string url_path(std::string_view path) {
  std::string url = record::percent_encoded(path.substr(0, path.find('/')));
  for (auto slash = path.find('/'); slash != std::string_view::npos;) {
    path.remove_prefix(slash + 1);
    slash = path.find('/');
    url += '/' + record::percent_encoded(path.substr(0, slash));
  }
  return url;
}

}  // namespace

Response refuse(const Request& request, const Problem& why) {
  report::Json more = {{"instance", url_path(request.path)}};
  if (!why.parameter.empty()) more["parameter"] = why.parameter;
  if (!why.refusals.empty()) more["refusals"] = why.refusals;
  return problem(why.status, why.detail, more);
}

Response json_answer(const report::Json& json) {
  return json_text_answer(report::on_one_line(json) + '\n');
}

Response json_text_answer(std::string text) {
  Response response;
  response.content_type = "application/json";
  response.body = std::move(text);
  return response;
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kLongest = 64;
  if (text.size() <= kLongest) return fmt::format("\"{}\"", text);
  return fmt::format("\"{}…\"", text.substr(0, kLongest));
}

std::string next_page(const Request& request, const std::string& after) {
  std::string url = url_path(request.path);
  auto query = request.query;
  query["after"] = after;
  char separator = '?';
  for (const auto& [name, value] : query) {
    url += separator;
    url += record::percent_encoded(name) + '=' + record::percent_encoded(value);
    separator = '&';
  }
  return url;
}

void add_next(Response& response, const std::string& next) {
  if (!next.empty()) response.headers["Link"] = fmt::format("<{}>; rel=\"next\"", next);
}

}  // namespace recoup::web
