#include "web/server.h"

#include <microhttpd.h>

#include <atomic>
#include <mutex>
#include <utility>

#include "web/connections.h"
#include "web/encode.h"
#include "web/exchange.h"
#include "web/listener.h"
#include "web/tls.h"
#include "web/workers.h"

namespace recoup::web {
namespace {

constexpr std::size_t kConnectionMemory = 32 * 1024;  // what the headers must fit into
// More than this many beyond the limit are not accepted before others have ended.
constexpr unsigned kClosing = 256;
constexpr std::size_t kThreads = 2;
// Answers as short as this are sent whatever others take their time with.
constexpr std::size_t kShort = 64 * 1024;

// What keeps a browser safe; none of them may be weakened by an answer.
const std::map<std::string, std::string>& safe_headers() {
  static const std::map<std::string, std::string> headers{
      {"Cache-Control", "no-cache, private"},
      {"Content-Security-Policy",
       "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
       "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Referrer-Policy", "no-referrer"},
      {"X-Content-Type-Options", "nosniff"},
      {"X-Frame-Options", "DENY"}};
  return headers;
}

// What went wrong inside may hold what nobody outside should read.
Response failed() { return problem(500, "the service could not answer; its log may say why"); }

// Why it is not even given to the handler; nothing where it is.
std::optional<Response> refusal(const Exchange& exchange) {
  const std::string& method = exchange.request.method;
  if (method != "GET" && method != "POST") {
    Response response = problem(405, "only GET, HEAD and POST are answered");
    response.headers["Allow"] = "GET, HEAD, POST";
    return response;
  }
  if (exchange.received > kLongestBody) return problem(413, "the body is longer than 64 KiB");
  return std::nullopt;
}

}  // namespace

struct Server::Impl {
  Impl(ServerOptions o, Handler h, const core::Clock& clock)
      : options(std::move(o)), handler(std::move(h)), connections(options.limits, clock) {}
  ~Impl();

  // The callbacks of libmicrohttpd.
  static MHD_Result on_request(void* self, MHD_Connection* connection, const char* path,
                               const char* method, const char*, const char* bytes,
                               std::size_t* size, void** state);
  static void on_completed(void* self, MHD_Connection* connection, void** state,
                           MHD_RequestTerminationCode);
  static void on_connection(void* self, MHD_Connection* connection, void**,
                            MHD_ConnectionNotificationCode what);

  bool answer(MHD_Connection* connection, Exchange& exchange);
  bool finish(MHD_Connection* connection, Response response);
  std::optional<Response> at_once(const Exchange& exchange, MHD_Connection* connection);
  void answer_slowly(MHD_Connection* connection, Exchange& exchange);

  const ServerOptions options;
  const Handler handler;
  int port = 0;
  Connections connections;
  std::atomic<std::size_t> under_way{0};
  mutable std::mutex mutex;
  std::map<int, std::uint64_t> answers;  // guarded by mutex
  std::mutex suspended_mutex;
  std::map<MHD_Connection*, Exchange*> suspended;  // guarded by suspended_mutex
  Workers workers{kThreads, options.limits.waiting};
  MHD_Daemon* daemon = nullptr;
};

// The threads that answer end first; then nobody waits for them any more.
Server::Impl::~Impl() {
  workers.stop();
  {
    const std::lock_guard lock(suspended_mutex);
    for (const auto& [connection, exchange] : suspended) {
      exchange->answered = problem(503, "the service is stopping");
      MHD_resume_connection(connection);
    }
    suspended.clear();
  }
  if (daemon != nullptr) MHD_stop_daemon(daemon);
}

MHD_Result Server::Impl::on_request(void* self, MHD_Connection* connection, const char* path,
                                    const char* method, const char*, const char* bytes,
                                    std::size_t* size, void** state) {
  if (*state == nullptr) {
    *state = Exchange::begin(connection, path, method);
    return MHD_YES;
  }
  auto& exchange = *static_cast<Exchange*>(*state);
  if (*size > 0) {
    const bool goes_on = exchange.take(bytes, *size);
    *size = 0;
    return goes_on ? MHD_YES : MHD_NO;
  }
  return static_cast<Impl*>(self)->answer(connection, exchange) ? MHD_YES : MHD_NO;
}

void Server::Impl::on_completed(void* self, MHD_Connection* connection, void** state,
                                MHD_RequestTerminationCode) {
  static_cast<Impl*>(self)->connections.waits(connection);
  delete static_cast<Exchange*>(std::exchange(*state, nullptr));
}

void Server::Impl::on_connection(void* self, MHD_Connection* connection, void**,
                                 MHD_ConnectionNotificationCode what) {
  Connections& connections = static_cast<Impl*>(self)->connections;
  if (what == MHD_CONNECTION_NOTIFY_CLOSED) return connections.closed(connection);
  const MHD_ConnectionInfo* info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  if (info != nullptr) connections.opened(connection, info->connect_fd);
}

// Called once the request is whole, and again when a worker has its answer.
bool Server::Impl::answer(MHD_Connection* connection, Exchange& exchange) {
  if (exchange.answered) return finish(connection, *std::move(exchange.answered));
  connections.answers(connection);
  if (auto response = at_once(exchange, connection)) {
    return finish(connection, *std::move(response));
  }
  {
    // However soon the answer is there: it resumes the connection after this suspended it.
    const std::lock_guard lock(suspended_mutex);
    if (workers.add([this, connection, &exchange] { answer_slowly(connection, exchange); })) {
      suspended[connection] = &exchange;
      MHD_suspend_connection(connection);
      return true;
    }
  }
  Response busy = problem(503, "too many requests wait for an answer; try again");
  busy.headers["Retry-After"] = "5";
  return finish(connection, std::move(busy));
}

std::optional<Response> Server::Impl::at_once(const Exchange& exchange,
                                              MHD_Connection* connection) {
  if (options.tls && !may_go_on(*options.tls, connection)) {
    return problem(403, "a certificate of a known authority is needed");
  }
  if (auto refused = refusal(exchange)) return refused;
  try {
    auto response = handler.at_once(exchange.request);
    if (response) *response = encode(exchange.request, *std::move(response));
    return response;
  } catch (...) {
    return failed();
  }
}

// In a worker's thread. The exchange stays as long as its connection is suspended.
void Server::Impl::answer_slowly(MHD_Connection* connection, Exchange& exchange) {
  Response response;
  try {
    response = encode(exchange.request, handler.slowly(exchange.request));
  } catch (...) {
    response = failed();
  }
  const std::lock_guard lock(suspended_mutex);
  exchange.answered = std::move(response);
  suspended.erase(connection);
  MHD_resume_connection(connection);
}

bool Server::Impl::finish(MHD_Connection* connection, Response response) {
  const std::size_t size = response.body.size();
  if (size > kShort && under_way + size > options.limits.answers) {
    response = problem(503, "too many answers are not yet taken; try again");
  }
  // What the user set goes before our own; what the answer set, only where neither says anything.
  std::map<std::string, std::string> headers = options.headers;
  headers.insert(safe_headers().begin(), safe_headers().end());
  headers.merge(response.headers);
  response.headers = std::move(headers);
  {
    const std::lock_guard lock(mutex);
    ++answers[response.status];
  }
  return send(connection, std::move(response), under_way);
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

int Server::port() const { return impl_->port; }

ServerCounts Server::counts() const {
  const std::lock_guard lock(impl_->mutex);
  return {impl_->connections.open(), impl_->connections.closed_early(), impl_->answers};
}

core::Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options, Handler handler,
                                                    const core::Clock& clock) {
  if (options.tls) {
    if (auto fine = check_tls(*options.tls); !fine) return fine.error();
  }
  auto listener = Listener::open(options.host, options.port);
  if (!listener) return listener.error();
  auto impl = std::make_unique<Impl>(options, std::move(handler), clock);
  impl->port = listener->port();

  const auto text = [](const std::string& s) { return const_cast<char*>(s.c_str()); };
  std::vector<MHD_OptionItem> more;
  std::string priorities;
  if (const auto& tls = impl->options.tls) {
    priorities = priorities_of(*tls);
    more.push_back({MHD_OPTION_HTTPS_MEM_CERT, 0, text(tls->certificates)});
    more.push_back({MHD_OPTION_HTTPS_MEM_KEY, 0, text(tls->key.reveal())});
    more.push_back({MHD_OPTION_HTTPS_PRIORITIES, 0, text(priorities)});
    if (tls->clients != Tls::Clients::unknown) {
      more.push_back({MHD_OPTION_HTTPS_MEM_TRUST, 0, text(tls->authorities)});
    }
  }
  more.push_back({MHD_OPTION_END, 0, nullptr});
  const unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME |
                         (impl->options.tls ? static_cast<unsigned>(MHD_USE_TLS) : 0U);
  // The limits of time are ours: the library's own begins anew with every byte.
  impl->daemon = MHD_start_daemon(
      flags, 0, nullptr, nullptr, Impl::on_request, impl.get(), MHD_OPTION_LISTEN_SOCKET,
      listener->handle(), MHD_OPTION_NOTIFY_COMPLETED, Impl::on_completed, impl.get(),
      MHD_OPTION_NOTIFY_CONNECTION, Impl::on_connection, impl.get(),
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, kConnectionMemory, MHD_OPTION_CONNECTION_LIMIT,
      impl->options.limits.connections + kClosing, MHD_OPTION_ARRAY, more.data(), MHD_OPTION_END);
  if (impl->daemon == nullptr) {
    return core::Error{"the web server cannot be started", options.host};
  }
  listener->release();  // the daemon closes it
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

}  // namespace recoup::web
