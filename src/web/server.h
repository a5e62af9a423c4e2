#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "core/result.h"

namespace recoup::web {

struct Request {
  std::string method;  // "GET" or "POST"; a HEAD comes as the GET it asks about
  std::string path;    // without query, percent-decoded
  std::map<std::string, std::string> query;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;                            // at most 64 KiB; a longer one is answered 413
};

struct Response {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  std::map<std::string, std::string> headers;
};

// Answers one request. Called from the server's thread, one call at a time: must not block. What it
// throws is answered 500.
using Handler = std::function<Response(const Request&)>;

// Server answers HTTP on one port with one epoll thread, so a slow client holds nobody up. HEAD is
// answered as GET without the body, other methods than GET, HEAD and POST with 405. A connection is
// closed after 30 s of silence. Stops when destroyed.
class Server {
 public:
  // Listens on that host alone; port 0 takes a free one. The error says which address was in use.
  static core::Result<std::unique_ptr<Server>> start(const std::string& host, int port,
                                                     Handler handler);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  int port() const;

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace recoup::web
