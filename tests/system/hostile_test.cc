// Whoever treats the service badly gets nothing from it, and its probes do not notice.

#include <memory>
#include <regex>
#include <vector>

#include <fmt/format.h>

#include "support/catch.h"
#include "support/descriptors.h"
#include "system/world.h"
#include "web/client.h"

using namespace recoup::test;

namespace {

// The sum of a counter over all its labels.
double counter(const std::string& metrics, const std::string& name) {
  double sum = 0;
  const std::regex line("(^|\n)" + name + R"((\{[^\n]*\})? ([0-9.e+]+))");
  for (std::sregex_iterator at(metrics.begin(), metrics.end(), line), end; at != end; ++at) {
    sum += std::stod((*at)[3]);
  }
  return sum;
}

std::string ask(int port, const std::string& bytes) {
  Client client(port);
  client.say(bytes);
  client.end();
  return client.rest();
}

}  // namespace

TEST_CASE("10,000 idle connections and worse are held within limits, and no probe is missed") {
  const std::size_t most = room_for(10'000);
  if (most < 10'000) WARN("only " << most << " can be opened here");
  const TempDir dir;
  const std::string folder = dir.path().string();
  const Nginx nginx(folder);
  const int port = free_port();
  std::string settings = probing_settings(nginx.url(), port, 20);
  for (auto at = settings.find("100ms"); at != std::string::npos; at = settings.find("100ms")) {
    settings.replace(at, 5, "1s");
  }
  write_text(folder + "/recoup.toml", settings);
  Process service({recoup_binary(), "run", "--config", folder + "/recoup.toml"}, folder);
  const std::string page = fmt::format("http://127.0.0.1:{}", port);
  const auto due = [&] { return counter(http_get(page + "/metrics"), "recoup_probes_due_total"); };
  REQUIRE(eventually([&] { return due() > 20; }));

  std::vector<std::unique_ptr<Client>> idle;
  for (std::size_t i = 0; i < most; ++i) {
    idle.push_back(std::make_unique<Client>(port));
    if (i % 3 == 1) idle.back()->say("GET / HTTP/1.1\r\nX-Slow: ");
    if (i % 3 == 2) idle.back()->say("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  }
  const std::string long_line(200'000, 'a');
  for (const std::string& bytes :
       {std::string("GET /../../../../etc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"),
        std::string("GET /assets/../../etc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"),
        std::string(
            "GET /assets/%2e%2e%2f%2e%2e%2fetc%2fpasswd HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"),
        std::string("GET /agreements/..%2f..%2fetc/2026-10 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"),
        std::string("GET /api/v1/agreements/%00 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"),
        std::string(
            "POST /api/v1/agreements HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\n{}"),
        "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 200000\r\n\r\n" + long_line,
        "GET /" + long_line + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: " + long_line + "\r\n\r\n",
        std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 no TLS here", 26),
        std::string("GET / HTTP/9.9\r\n\r\n")}) {
    INFO(bytes.substr(0, 80));
    const std::string answer = ask(port, bytes);
    CHECK_FALSE(answer.starts_with("HTTP/1.1 200 "));
    CHECK(answer.find("root:") == std::string::npos);
  }

  // The service goes on meanwhile, for seconds in which every probe is due.
  const double before = due();
  REQUIRE(before > 0);
  REQUIRE(eventually([&] { return due() >= before + 60; }));
  const std::string metrics = http_get(page + "/metrics");
  CHECK(counter(metrics, "recoup_probes_missed_total") == 0);
  CHECK(counter(metrics, "recoup_http_connections_closed_early_total") + 2000 >=
        static_cast<double>(most));
  CHECK(counter(metrics, "recoup_http_connections") <= 1024 + 256);
  CHECK(counter(metrics, "process_resident_memory_bytes") < 512e6);
}
