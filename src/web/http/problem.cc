#include <map>

#include <nlohmann/json.hpp>

#include "web/http/message.h"

namespace recoup::web {
namespace {

using Json = nlohmann::ordered_json;

// RFC 9110 §15; "about:blank" means that the title is the status's own phrase.
const char* phrase(int status) {
  static const std::map<int, const char*> phrases{{400, "Bad Request"},
                                                  {401, "Unauthorized"},
                                                  {403, "Forbidden"},
                                                  {404, "Not Found"},
                                                  {405, "Method Not Allowed"},
                                                  {409, "Conflict"},
                                                  {413, "Content Too Large"},
                                                  {414, "URI Too Long"},
                                                  {421, "Misdirected Request"},
                                                  {429, "Too Many Requests"},
                                                  {431, "Request Header Fields Too Large"},
                                                  {500, "Internal Server Error"},
                                                  {503, "Service Unavailable"}};
  const auto known = phrases.find(status);
  return known == phrases.end() ? "Problem" : known->second;
}

}  // namespace

Response finished(ResponseOrWork answer) {
  if (const auto* work = std::get_if<Work>(&answer)) return (*work)();
  return std::get<Response>(std::move(answer));
}

Response problem(int status, const std::string& detail) {
  return problem(status, detail, Json::object());
}

Response problem(int status, const std::string& detail, const Json& more) {
  Json json = {
      {"type", "about:blank"}, {"title", phrase(status)}, {"status", status}, {"detail", detail}};
  json.update(more);
  Response response;
  response.status = status;
  response.content_type = "application/problem+json";
  // What a request said may not be UTF-8; what is not becomes U+FFFD.
  response.body = json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
  return response;
}

}  // namespace recoup::web
