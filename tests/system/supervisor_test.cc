// What a process manager hears of the service by sd_notify's protocol: here the test is the
// manager.

#include <csignal>

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "support/catch.h"
#include "support/loopback_server.h"
#include "system/world.h"

using namespace recoup::test;
using namespace std::chrono_literals;

namespace {

// NotifySocket is where the service's messages arrive, as at systemd.
class NotifySocket {
 public:
  explicit NotifySocket(std::string path) : path_(std::move(path)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.copy(address.sun_path, sizeof(address.sun_path) - 1);
    REQUIRE(bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
    const timeval patience{0, 100'000};
    setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  }
  ~NotifySocket() { close(descriptor_); }
  NotifySocket(const NotifySocket&) = delete;
  NotifySocket& operator=(const NotifySocket&) = delete;

  const std::string& path() const { return path_; }

  // Whether a message with that in it comes within the time.
  bool hears(const std::string& what, std::chrono::milliseconds within = 20s) {
    const auto until = std::chrono::steady_clock::now() + within;
    while (std::chrono::steady_clock::now() < until) {
      char text[4096];
      const ssize_t size = recv(descriptor_, text, sizeof(text), 0);
      if (size > 0 &&
          std::string(text, static_cast<std::size_t>(size)).find(what) != std::string::npos) {
        return true;
      }
    }
    return false;
  }

 private:
  std::string path_;
  int descriptor_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
};

}  // namespace

TEST_CASE("a process manager hears that the service is ready, alive, and about to stop") {
  const TempDir folder;
  LoopbackServer server([](const LoopbackServer::Request&) { return LoopbackServer::Reply{}; });
  write_text(folder.file("recoup.toml"), probing_settings(server.url(), free_port(), 2));
  NotifySocket manager(folder.file("notify"));
  Process service({recoup_binary(), "run", "--config", folder.file("recoup.toml")},
                  folder.path().string(),
                  {{"NOTIFY_SOCKET", manager.path()}, {"WATCHDOG_USEC", "400000"}});
  CHECK(manager.hears("READY=1\nSTATUS=2 probes for 1 agreement"));
  CHECK(manager.hears("WATCHDOG=1"));
  CHECK(manager.hears("WATCHDOG=1"));
  service.signal(SIGTERM);
  CHECK(manager.hears("STOPPING=1"));
  CHECK(service.wait() == 0);
}
