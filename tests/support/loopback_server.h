#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "support/eventually.h"

// LoopbackServer is a real HTTP/1.1 server on 127.0.0.1 and a free port, whose behaviour the test
// writes: it may answer, wait, close without a word, reset the connection or stop half-way. Each
// connection has its own thread, in which the behaviour is called.
class LoopbackServer {
 public:
  struct Request {
    std::size_t connection = 0;  // 0 for the first that was accepted
    std::size_t number = 0;      // on its connection, from 0
    std::string method;
    std::string target;
    std::vector<std::pair<std::string, std::string>> headers;  // as sent
    std::string body;

    // The value of the header; names are compared without case; empty where it is missing.
    std::string header(const std::string& name) const;
  };

  enum class Ending {
    keep,   // the whole response; the connection stays
    close,  // the whole response, then the connection is closed
    drop,   // closed without a response
    reset,  // reset without a response
    half,   // half of the body, then closed
  };

  struct Reply {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::string body = {};
    Ending ending = Ending::keep;
    std::chrono::milliseconds delay{0};  // before anything is sent; ends early with the server
  };

  using Behaviour = std::function<Reply(const Request&)>;

  explicit LoopbackServer(Behaviour behaviour);
  ~LoopbackServer();

  int port() const;
  std::string url(const std::string& target = "/") const;

  // What arrived whole so far, in order of arrival.
  std::vector<Request> requests() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

using recoup::test::eventually;
