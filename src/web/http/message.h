#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <variant>

#include <nlohmann/json_fwd.hpp>

namespace recoup::web {

struct Request {
  std::string method;  // "GET" or "POST"; a HEAD comes as the GET it asks about
  std::string path;    // without query, percent-decoded
  std::map<std::string, std::string> query;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;                            // at most 64 KiB; a longer one is answered 413
};

// OpenFile owns the descriptor of a file that is open for reading, not of a name: the file may be
// deleted already.
class OpenFile {
 public:
  explicit OpenFile(int handle) : handle_(handle) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile();

  // Gives the descriptor away.
  int release();

 private:
  int handle_;
};

struct Response {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  std::map<std::string, std::string> headers = {};
  std::shared_ptr<OpenFile> file = {};  // sent whole, in place of the body
};

// Work makes an answer that waits for something, or takes long.
using Work = std::function<Response()>;
using ResponseOrWork = std::variant<Response, Work>;

// Handler answers a request, or gives back the work that this takes. It is called once for each, by
// the server's thread, and must not block; the work is done by one of a few threads beside it. The
// request stays where it is until then. What either throws is answered 500.
using Handler = std::function<ResponseOrWork(const Request&)>;

// Middleware stands before a handler: it answers some requests itself, and leaves the others to the
// next. The functions with_… make one.

// The answer, where it takes work by doing it.
Response finished(ResponseOrWork answer);

// An answer that says what went wrong, by RFC 9457 (application/problem+json). `title` is the same
// for every problem of the status; `detail` is what to do about this one, and holds no secret;
// `more` are members that only some problems have.
Response problem(int status, const std::string& detail);
Response problem(int status, const std::string& detail, const nlohmann::ordered_json& more);

}  // namespace recoup::web
