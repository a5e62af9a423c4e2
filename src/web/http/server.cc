#include "web/http/server.h"

#include <microhttpd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <system_error>
#include <utility>

#include "core/text.h"
#include "web/http/connections.h"
#include "web/http/encode.h"
#include "web/http/exchange.h"
#include "web/http/listener.h"
#include "web/http/tls.h"
#include "web/http/workers.h"

namespace recoup::web {
namespace {

constexpr std::size_t kConnectionMemory = 32 * 1024;  // what the headers must fit into
constexpr std::size_t kThreads = 2;
// Answers as short as this are sent whatever others take their time with.
constexpr std::size_t kShort = 64 * 1024;
// How long a server that leaves waits for a request that has begun, or may begin.
constexpr std::chrono::seconds kLastRequest{5};

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
  Impl(ServerOptions o, Handler h, core::World world)
      : options(std::move(o)),
        handler(std::move(h)),
        connections(options.limits, world),
        workers(kThreads, options.limits.waiting, world) {}
  ~Impl();

  // The callbacks of libmicrohttpd, through which nothing may be thrown. What there is no memory
  // for ends its connection.
  static void* on_target(void*, const char* target, MHD_Connection*);
  static MHD_Result on_request(void* self, MHD_Connection* connection, const char* path,
                               const char* method, const char* version, const char* bytes,
                               std::size_t* size, void** state);
  static void on_completed(void* self, MHD_Connection* connection, void** state,
                           MHD_RequestTerminationCode);
  static void on_connection(void* self, MHD_Connection* connection, void**,
                            MHD_ConnectionNotificationCode what);
  static void on_message(void* self, const char* format, va_list values);

  bool go_on(MHD_Connection* connection, Exchange& exchange, std::string_view bytes);
  bool refuse(MHD_Connection* connection, const Exchange& exchange);
  bool answer(MHD_Connection* connection, Exchange& exchange);
  bool finish(MHD_Connection* connection, Response response);
  ResponseOrWork answer_of(const Exchange& exchange, MHD_Connection* connection);
  Response response_of(const Request& request, const Work& work);
  void finish_work(MHD_Connection* connection, Exchange& exchange, const Work& work);

  const ServerOptions options;
  const Handler handler;
  int port = 0;
  int listening = -1;  // the daemon's socket, while it accepts connections
  std::atomic<bool> started{false};
  std::atomic<bool> leaving{false};
  std::string messages;  // of the library while it starts
  Connections connections;
  std::atomic<std::size_t> under_way{0};
  mutable std::mutex mutex;
  std::map<int, std::uint64_t> answers;  // guarded by mutex
  std::mutex suspended_mutex;
  std::map<MHD_Connection*, Exchange*> suspended;  // guarded by suspended_mutex
  Workers workers;
  MHD_Daemon* daemon = nullptr;
};

// The threads that answer end first; then nobody waits for them any more.
Server::Impl::~Impl() {
  workers.stop();
  {
    const std::lock_guard lock(suspended_mutex);
    for (const auto& [connection, exchange] : suspended) {
      try {
        exchange->answered = problem(503, "the service is stopping");
      } catch (...) {
        exchange->failed = true;
      }
      MHD_resume_connection(connection);
    }
    suspended.clear();
  }
  if (daemon != nullptr) MHD_stop_daemon(daemon);
}

// The library would keep every argument in the connection's memory, and say nothing more where that
// is full: it is shown none. The text is a part of its own buffer.
void* Server::Impl::on_target(void*, const char* target, MHD_Connection*) {
  try {
    auto exchange = std::make_unique<Exchange>(target);
    if (const char* mark = std::strchr(target, '?')) const_cast<char*>(mark)[1] = '\0';
    return exchange.release();
  } catch (...) {
    return nullptr;
  }
}

MHD_Result Server::Impl::on_request(void* self, MHD_Connection* connection, const char*,
                                    const char* method, const char* version, const char* bytes,
                                    std::size_t* size, void** state) {
  if (*state == nullptr) return MHD_NO;
  auto& exchange = *static_cast<Exchange*>(*state);
  try {
    if (!exchange.begun) {
      exchange.begin(connection, method, version);
      if (exchange.malformed.empty()) return MHD_YES;
      return static_cast<Impl*>(self)->refuse(connection, exchange) ? MHD_YES : MHD_NO;
    }
    const std::string_view more(bytes, std::exchange(*size, 0));
    return static_cast<Impl*>(self)->go_on(connection, exchange, more) ? MHD_YES : MHD_NO;
  } catch (...) {
    return MHD_NO;
  }
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
  const auto* handle = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  if (handle == nullptr) return;
  const auto* peer = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  try {
    connections.opened(connection, handle->connect_fd,
                       address_of(peer == nullptr ? nullptr : peer->client_addr));
  } catch (...) {
    shutdown(handle->connect_fd, SHUT_RDWR);  // what is not known cannot be limited
  }
}

// Later ones are about single connections, which anybody can make as many of as they like.
void Server::Impl::on_message(void* self, const char* format, va_list values) {
  auto& impl = *static_cast<Impl*>(self);
  if (impl.started) return;
  std::array<char, 256> text{};
  std::vsnprintf(text.data(), text.size(), format, values);
  try {
    if (!impl.messages.empty()) impl.messages += "; ";
    impl.messages += core::trimmed(text.data());
  } catch (...) {
  }
}

// The next part of its body, or all of it is there, or a worker has its answer.
bool Server::Impl::go_on(MHD_Connection* connection, Exchange& exchange, std::string_view bytes) {
  if (!bytes.empty()) return exchange.take(bytes.data(), bytes.size());
  return !exchange.failed && answer(connection, exchange);
}

// At once: where such a request ends is what is not certain. Nothing more is read from there.
bool Server::Impl::refuse(MHD_Connection* connection, const Exchange& exchange) {
  connections.answers(connection);
  Response response = problem(400, exchange.malformed);
  response.headers["Connection"] = "close";
  return finish(connection, std::move(response));
}

// Called once the request is whole, and again when a worker has its answer.
bool Server::Impl::answer(MHD_Connection* connection, Exchange& exchange) {
  if (exchange.answered) return finish(connection, *std::move(exchange.answered));
  connections.answers(connection);
  ResponseOrWork made = answer_of(exchange, connection);
  if (auto* response = std::get_if<Response>(&made)) {
    return finish(connection, std::move(*response));
  }
  {
    std::function<void()> task = [this, connection, &exchange,
                                  work = std::get<Work>(std::move(made))] {
      finish_work(connection, exchange, work);
    };
    // However soon the answer is there: it resumes the connection after this suspended it.
    const std::lock_guard lock(suspended_mutex);
    const auto place = suspended.emplace(connection, &exchange).first;
    if (workers.add(std::move(task))) {
      MHD_suspend_connection(connection);
      return true;
    }
    suspended.erase(place);
  }
  Response busy = problem(503, "too many requests wait for an answer; try again");
  busy.headers["Retry-After"] = "5";
  return finish(connection, std::move(busy));
}

ResponseOrWork Server::Impl::answer_of(const Exchange& exchange, MHD_Connection* connection) {
  if (options.tls && !may_go_on(*options.tls, connection)) {
    return problem(403, "a certificate of a known authority is needed");
  }
  if (auto refused = refusal(exchange)) return *std::move(refused);
  try {
    ResponseOrWork made = handler(exchange.request);
    if (auto* response = std::get_if<Response>(&made)) {
      *response = encode(exchange.request, std::move(*response));
    }
    return made;
  } catch (...) {
    return failed();
  }
}

Response Server::Impl::response_of(const Request& request, const Work& work) {
  try {
    return encode(request, work());
  } catch (...) {
    return failed();
  }
}

// In a worker's thread. The exchange stays as long as its connection is suspended.
void Server::Impl::finish_work(MHD_Connection* connection, Exchange& exchange, const Work& work) {
  std::optional<Response> response;
  try {
    response = response_of(exchange.request, work);
  } catch (...) {
  }
  const std::lock_guard lock(suspended_mutex);
  exchange.failed = !response;
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
  if (leaving) headers["Connection"] = "close";
  response.headers = std::move(headers);
  {
    const std::lock_guard lock(mutex);
    ++answers[response.status];
  }
  connections.sends(connection);
  return send(connection, std::move(response), under_way);
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

int Server::port() const { return impl_->port; }

void Server::limit(const Limits& limits) { impl_->connections.limit(limits); }

// No client is cut off in the middle of what it asks or is told.
void Server::leave() {
  impl_->leaving = true;
  const int listening = MHD_quiesce_daemon(impl_->daemon);
  if (listening != MHD_INVALID_SOCKET) close(listening);
  Limits limits = impl_->options.limits;
  limits.request = kLastRequest;
  impl_->connections.limit(limits);
}

ServerCounts Server::counts() const {
  const std::lock_guard lock(impl_->mutex);
  return {impl_->connections.open(), impl_->connections.closed_early(), impl_->answers};
}

core::Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options, Handler handler,
                                                    core::World world) {
  auto listener = Listener::open(options.host, options.port);
  if (!listener) return listener.error();
  return start_at(*std::move(listener), options, std::move(handler), world);
}

core::Result<std::unique_ptr<Server>> Server::start_beside(const Server& before,
                                                           const ServerOptions& options,
                                                           Handler handler, core::World world) {
  auto listener = Listener::at_port_of(before.impl_->listening);
  if (!listener) return listener.error();
  return start_at(*std::move(listener), options, std::move(handler), world);
}

core::Result<std::unique_ptr<Server>> Server::start_at(Listener listener,
                                                       const ServerOptions& options,
                                                       Handler handler, core::World world) {
  std::unique_ptr<Impl> impl;
  try {
    impl = std::make_unique<Impl>(options, std::move(handler), world);
  } catch (const std::system_error& error) {
    return core::Error{std::string("the web server's threads cannot be started: ") + error.what(),
                       options.host};
  }
  impl->port = listener.port();
  impl->listening = listener.handle();

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
  const unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC |
                         MHD_USE_ERROR_LOG |
                         (impl->options.tls ? static_cast<unsigned>(MHD_USE_TLS) : 0U);
  // The limits of time are ours: the library's own begins anew with every byte.
  impl->daemon = MHD_start_daemon(
      flags, 0, nullptr, nullptr, Impl::on_request, impl.get(), MHD_OPTION_EXTERNAL_LOGGER,
      Impl::on_message, impl.get(), MHD_OPTION_LISTEN_SOCKET, listener.handle(),
      MHD_OPTION_NOTIFY_COMPLETED, Impl::on_completed, impl.get(), MHD_OPTION_NOTIFY_CONNECTION,
      Impl::on_connection, impl.get(), MHD_OPTION_URI_LOG_CALLBACK, Impl::on_target, impl.get(),
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, kConnectionMemory, MHD_OPTION_CONNECTION_LIMIT,
      impl->options.limits.connections + impl->options.limits.closing, MHD_OPTION_ARRAY,
      more.data(), MHD_OPTION_END);
  if (impl->daemon == nullptr) {
    return core::Error{"the web server cannot be started: " + impl->messages, options.host};
  }
  impl->started = true;
  listener.release();  // the daemon closes it
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

}  // namespace recoup::web
