#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/json.h"
#include "web/http/message.h"

namespace recoup::web {

// Problem is why a request has no other answer, as problem() says it.
struct Problem {
  int status = 400;
  std::string detail;
  std::string parameter = {};              // which one of the request is at fault; or empty
  std::vector<std::string> refusals = {};  // of a claim: all that stands against it
};

// The problem, as problem() has it, with the request's path as its instance.
Response refuse(const Request& request, const Problem& why);

// A JSON value as an answer; or a text that is JSON already.
Response json_answer(const report::Json& json);
Response json_text_answer(std::string text);

// What a request said, for a message: in double quotes, its begin where it is long.
std::string in_quotes(std::string_view text);

// The same request, continued after that cursor: a path with a query.
std::string next_page(const Request& request, const std::string& after);

// Says where the next page is in a Link header (RFC 8288) too. Empty: it is the last one.
void add_next(Response& response, const std::string& next);

}  // namespace recoup::web
