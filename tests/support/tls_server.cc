#include "support/tls_server.h"

#include <algorithm>
#include <csignal>
#include <list>
#include <mutex>
#include <stdexcept>
#include <string_view>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using Context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
using Session = std::unique_ptr<SSL, decltype(&SSL_free)>;

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(what);
}

Context make_context(const TlsServer::Options& options) {
  Context context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
  SSL_CTX* at = context.get();
  require(SSL_CTX_use_certificate_chain_file(at, options.certificate.c_str()) == 1, "certificate");
  require(SSL_CTX_use_PrivateKey_file(at, options.key.c_str(), SSL_FILETYPE_PEM) == 1, "key");
  constexpr unsigned char kId[] = "test";
  SSL_CTX_set_session_id_context(at, kId, sizeof kId);
  if (!options.client_ca.empty()) {
    require(SSL_CTX_load_verify_locations(at, options.client_ca.c_str(), nullptr) == 1, "ca");
    SSL_CTX_set_verify(at, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  return context;
}

std::string common_name(SSL* session) {
  const std::unique_ptr<X509, decltype(&X509_free)> peer(SSL_get1_peer_certificate(session),
                                                         &X509_free);
  if (!peer) return {};
  char name[256] = "";
  X509_NAME_get_text_by_NID(X509_get_subject_name(peer.get()), NID_commonName, name, sizeof name);
  return name;
}

std::string host_header(std::string_view head) {
  constexpr std::string_view kName = "\r\nHost: ";
  const auto begin = head.find(kName);
  if (begin == std::string_view::npos) return {};
  head.remove_prefix(begin + kName.size());
  return std::string(head.substr(0, head.find("\r\n")));
}

}  // namespace

struct TlsServer::Impl {
  Options options;
  Context context;
  int listener = -1;
  int port = 0;
  mutable std::mutex mutex;
  bool stopped = false;
  std::vector<Seen> seen;
  std::vector<int> open;
  std::list<std::thread> threads;
  std::thread acceptor;

  explicit Impl(const Options& with) : options(with), context(make_context(with)) {
    listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    require(::bind(listener, reinterpret_cast<sockaddr*>(&address), size) == 0, "bind");
    require(::listen(listener, 1024) == 0, "listen");
    ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
  }

  void accept_all();
  void serve(int fd, std::size_t connection);
  void answer(SSL* session, std::size_t connection);
};

void TlsServer::Impl::answer(SSL* session, std::size_t connection) {
  if (SSL_accept(session) != 1) return;
  std::string buffer;
  char bytes[4096];
  do {
    std::size_t end = 0;
    while ((end = buffer.find("\r\n\r\n")) == std::string::npos) {
      const int got = SSL_read(session, bytes, sizeof bytes);
      if (got <= 0) return;
      buffer.append(bytes, static_cast<std::size_t>(got));
    }
    const char* asked = SSL_get_servername(session, TLSEXT_NAMETYPE_host_name);
    {
      const std::lock_guard lock(mutex);
      seen.push_back({connection, SSL_session_reused(session) == 1, asked == nullptr ? "" : asked,
                      common_name(session), host_header(buffer.substr(0, end + 2))});
    }
    buffer.erase(0, end + 4);
    constexpr std::string_view kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    SSL_write(session, kAnswer.data(), static_cast<int>(kAnswer.size()));
  } while (options.keep);
  SSL_shutdown(session);
}

void TlsServer::Impl::serve(int fd, std::size_t connection) {
  // OpenSSL writes to a socket whose client may be gone.
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
  {
    const Session session(SSL_new(context.get()), &SSL_free);
    SSL_set_fd(session.get(), fd);
    answer(session.get(), connection);
  }
  const std::lock_guard lock(mutex);
  std::erase(open, fd);
  ::close(fd);
}

void TlsServer::Impl::accept_all() {
  for (std::size_t connection = 0;; ++connection) {
    const int fd = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    const std::lock_guard lock(mutex);
    if (stopped) {
      ::close(fd);
      return;
    }
    open.push_back(fd);
    threads.emplace_back([this, fd, connection] { serve(fd, connection); });
  }
}

TlsServer::TlsServer(const Options& options) : impl_(std::make_unique<Impl>(options)) {
  impl_->acceptor = std::thread([this] { impl_->accept_all(); });
}

TlsServer::~TlsServer() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stopped = true;
    for (const int fd : impl_->open) ::shutdown(fd, SHUT_RDWR);
  }
  ::shutdown(impl_->listener, SHUT_RDWR);
  impl_->acceptor.join();
  for (std::thread& thread : impl_->threads) thread.join();
  ::close(impl_->listener);
}

int TlsServer::port() const { return impl_->port; }

std::string TlsServer::url(const std::string& host) const {
  return "https://" + host + ":" + std::to_string(impl_->port) + "/";
}

std::vector<TlsServer::Seen> TlsServer::seen() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->seen;
}
