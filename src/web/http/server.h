#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/result.h"
#include "core/world.h"
#include "web/http/limits.h"
#include "web/http/message.h"
#include "web/http/tls.h"

namespace recoup::web {

class Listener;

struct ServerOptions {
  std::string host;  // a name or an address: listens on that alone
  int port = 0;      // 0 takes a free one
  std::optional<Tls> tls = {};
  std::map<std::string, std::string> headers = {};  // go with every answer, before its own
  Limits limits = {};
};

// What a server did since it started.
struct ServerCounts {
  std::uint64_t connections = 0;         // open now
  std::uint64_t closed_early = 0;        // by a limit
  std::map<int, std::uint64_t> answers;  // by status
};

// Server answers HTTP/1.1 on one port. One thread holds all connections, so a slow client holds
// nobody up; a few beside it answer what takes longer. HEAD is answered as GET without the body,
// other methods than GET, HEAD and POST with 405, a body of more than 64 KiB with 413, what can be
// understood in two ways with 400. Stops when destroyed.
class Server {
 public:
  // The error says which address was in use, or what the TLS library has against the certificates.
  // The world outlives the server.
  static core::Result<std::unique_ptr<Server>> start(const ServerOptions& options, Handler handler,
                                                     core::World world);
  // The same at the port of `before`, whatever host and port the options name. Both answer there
  // until `before` leaves; where this one cannot be started, it goes on alone.
  static core::Result<std::unique_ptr<Server>> start_beside(const Server& before,
                                                            const ServerOptions& options,
                                                            Handler handler, core::World world);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  int port() const;

  // These hold from here on for connections and for the time that they may take; the other ones
  // stay. Where more are open, those that wait longest are closed. Never more are accepted than it
  // was started with. From any thread.
  void limit(const Limits& limits);

  // Accepts no connection any more, so that whoever else listens at the port gets all that come.
  // Those that are open end with the answer to their next request, or soon where none comes. Once.
  void leave();

  // May be called from any thread.
  ServerCounts counts() const;

 private:
  struct Impl;
  static core::Result<std::unique_ptr<Server>> start_at(Listener listener,
                                                        const ServerOptions& options,
                                                        Handler handler, core::World world);
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace recoup::web
