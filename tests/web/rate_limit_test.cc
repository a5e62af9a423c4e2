#include "web/http/rate_limit.h"

#include "support/catch.h"
#include "support/fake_clock.h"
#include "web/asked.h"

using namespace recoup;
using namespace std::chrono_literals;

TEST_CASE("a bucket of requests is emptied at once and filled one by one") {
  FakeClock clock(std::chrono::sys_days(std::chrono::year(2026) / 10 / 3));
  const auto here = [](const web::Request&) { return web::Response{200, "text/plain", "here"}; };
  const web::Handler handler = web::with_rate_limit(here, core::Millis(1000), 3, clock);
  const auto status = [&] { return test::ask(handler, web::Request()).response.status; };
  for (int i = 0; i < 3; ++i) CHECK(status() == 200);
  CHECK(status() == 429);
  clock.advance(999ms);
  CHECK(status() == 429);
  clock.advance(1ms);
  CHECK(status() == 200);
  CHECK(status() == 429);
  // However long nobody asks, it holds no more than it does.
  clock.advance(1h);
  for (int i = 0; i < 3; ++i) CHECK(status() == 200);
  CHECK(status() == 429);
}
