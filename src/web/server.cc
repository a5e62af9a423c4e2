#include "web/server.h"

#include <microhttpd.h>

#include <utility>

#include "web/listener.h"

namespace recoup::web {
namespace {

constexpr std::size_t kLongestBody = 64 * 1024;
// Beyond this a body is not even read to its end.
constexpr std::size_t kPatience = 16 * kLongestBody;
constexpr std::size_t kConnectionMemory = 32 * 1024;  // what the headers must fit into
constexpr unsigned kConnections = 256;
constexpr unsigned kIdleSeconds = 30;

// Exchange is one request while it comes in.
struct Exchange {
  Request request;
  std::size_t received = 0;
};

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

MHD_Result take_header(void* into, MHD_ValueKind, const char* key, const char* value) {
  std::string& known = (*static_cast<std::map<std::string, std::string>*>(into))[lower(key)];
  if (!known.empty()) known += ", ";
  known += value == nullptr ? "" : value;
  return MHD_YES;
}

MHD_Result take_argument(void* into, MHD_ValueKind, const char* key, const char* value) {
  static_cast<std::map<std::string, std::string>*>(into)->emplace(key,
                                                                  value == nullptr ? "" : value);
  return MHD_YES;
}

Exchange* begin(MHD_Connection* connection, const char* path, std::string_view method) {
  auto exchange = std::make_unique<Exchange>();
  exchange->request.method = method == "HEAD" ? "GET" : method;
  exchange->request.path = path;
  MHD_get_connection_values(connection, MHD_HEADER_KIND, take_header, &exchange->request.headers);
  MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, take_argument,
                            &exchange->request.query);
  return exchange.release();
}

Response answer(const Handler& handler, const Exchange& exchange) {
  const std::string& method = exchange.request.method;
  if (method != "GET" && method != "POST") {
    return {405,
            "text/plain; charset=utf-8",
            "only GET, HEAD and POST are answered\n",
            {{"Allow", "GET, HEAD, POST"}}};
  }
  if (exchange.received > kLongestBody) {
    return {413, "text/plain; charset=utf-8", "the body is longer than 64 KiB\n", {}};
  }
  try {
    return handler(exchange.request);
  } catch (...) {
    // What went wrong may hold what nobody outside should read.
    return {500, "text/plain; charset=utf-8", "the service could not answer\n", {}};
  }
}

void free_text(void* text) { delete static_cast<std::string*>(text); }

MHD_Result send(MHD_Connection* connection, Response response) {
  auto* body = new std::string(std::move(response.body));
  MHD_Response* raw = MHD_create_response_from_buffer_with_free_callback_cls(
      body->size(), body->data(), free_text, body);
  if (raw == nullptr) {
    delete body;
    return MHD_NO;
  }
  response.headers["Content-Type"] = response.content_type;
  response.headers["X-Content-Type-Options"] = "nosniff";
  response.headers["Referrer-Policy"] = "no-referrer";
  response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'";
  response.headers["Cache-Control"] = "no-store";
  for (const auto& [name, value] : response.headers) {
    MHD_add_response_header(raw, name.c_str(), value.c_str());
  }
  const MHD_Result queued =
      MHD_queue_response(connection, static_cast<unsigned>(response.status), raw);
  MHD_destroy_response(raw);
  return queued;
}

MHD_Result on_request(void* handler, MHD_Connection* connection, const char* path,
                      const char* method, const char*, const char* bytes, std::size_t* size,
                      void** state) {
  if (*state == nullptr) {
    *state = begin(connection, path, method);
    return MHD_YES;
  }
  auto& exchange = *static_cast<Exchange*>(*state);
  if (*size > 0) {
    exchange.received += *size;
    if (exchange.received > kPatience) return MHD_NO;
    if (exchange.received <= kLongestBody) exchange.request.body.append(bytes, *size);
    *size = 0;
    return MHD_YES;
  }
  return send(connection, answer(*static_cast<const Handler*>(handler), exchange));
}

void on_completed(void*, MHD_Connection*, void** state, MHD_RequestTerminationCode) {
  delete static_cast<Exchange*>(std::exchange(*state, nullptr));
}

}  // namespace

struct Server::Impl {
  Handler handler;
  int port = 0;
  MHD_Daemon* daemon = nullptr;

  ~Impl() {
    if (daemon != nullptr) MHD_stop_daemon(daemon);
  }
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

int Server::port() const { return impl_->port; }

core::Result<std::unique_ptr<Server>> Server::start(const std::string& host, int port,
                                                    Handler handler) {
  auto listener = Listener::open(host, port);
  if (!listener) return listener.error();
  auto impl = std::make_unique<Impl>();
  impl->handler = std::move(handler);
  impl->port = listener->port();
  impl->daemon = MHD_start_daemon(
      MHD_USE_EPOLL_INTERNAL_THREAD, 0, nullptr, nullptr, on_request, &impl->handler,
      MHD_OPTION_LISTEN_SOCKET, listener->handle(), MHD_OPTION_NOTIFY_COMPLETED, on_completed,
      nullptr, MHD_OPTION_CONNECTION_MEMORY_LIMIT, kConnectionMemory, MHD_OPTION_CONNECTION_LIMIT,
      kConnections, MHD_OPTION_CONNECTION_TIMEOUT, kIdleSeconds, MHD_OPTION_END);
  if (impl->daemon == nullptr) return core::Error{"the web server cannot be started", host};
  listener->release();  // the daemon closes it
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

}  // namespace recoup::web
