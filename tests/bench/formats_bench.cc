// How fast does one core read each format of logs, beside the SHA-256 of its bytes that it needs as
// well?
//
//   bench_formats [MEBIBYTES]
//
// Lines of the length that servers write, of as many different seconds and paths as a busy one has;
// one in a thousand is a failed request. Processor time, medians of five. Beside nginx' JSON stands
// jq, which counts the same by minute and status, once.
#include <algorithm>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "peer_program.h"
#include "processor_time.h"
#include "record/digest.h"
#include "sources/logs/read_log.h"
#include "support/temp_dir.h"

using namespace recoup;

namespace {

// One line of a log: when, the status, and a number of its own.
using Write = std::function<std::string(const std::string& clock, int status, unsigned number)>;

struct Shape {
  const char* name;
  const char* format;
  const char* header;
  Write write;
};

const char* const kAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0";

std::vector<Shape> shapes() {
  return {
      {"combined", "combined", "",
       [](const std::string& clock, int status, unsigned i) {
         return fmt::format(
             "198.51.100.{} - - [03/Oct/2026:{} +0000] \"GET /v1/orders/{}?page={} HTTP/1.1\" {} "
             "{} "
             "\"https://shop.example/cart\" \"{}\"",
             i % 251, clock, i, i % 7, status, i % 9973, kAgent);
       }},
      {"alb", "alb", "",
       [](const std::string& clock, int status, unsigned i) {
         return fmt::format(
             "h2 2026-10-03T{}.186641Z app/shop/50dc6c495c0c9188 198.51.100.{}:{} 10.0.0.66:9000 "
             "0.000 0.0{} 0.000 {} {} 5 257 \"GET https://shop.example:443/v1/orders/{}?page={} "
             "HTTP/2.0\" \"{}\" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 "
             "arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/shop/"
             "73e2d6bc24d8a067 "
             "\"Root=1-58337327-72bd00b0343d75b906739c42\" \"-\" \"-\" 1 2026-10-03T{}.100000Z "
             "\"redirect\" \"https://example.com:80/\" \"-\" \"10.0.0.66:9000\" \"200\" \"-\" "
             "\"-\"",
             clock, i % 251, 1024 + i % 60000, 10 + i % 90, status, status, i, i % 7, kAgent,
             clock);
       }},
      {"cloudfront", "cloudfront",
       "#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) "
       "cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) "
       "x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken "
       "x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version "
       "fle-status fle-encrypted-fields c-port time-to-first-byte x-edge-detailed-result-type "
       "sc-content-type sc-content-len sc-range-start sc-range-end\n",
       [](const std::string& clock, int status, unsigned i) {
         return fmt::format(
             "2026-10-03\t{}\tFRA2-C1\t{}\t198.51.100.{}\tGET\td111111abcdef8.cloudfront.net\t/v1/"
             "orders/{}\t{}\thttps://shop.example/"
             "cart\tMozilla/5.0%20(X11;%20Linux%20x86_64)%20Gecko/20100101%20Firefox/115.0\tpage="
             "{}\t-\tMiss\tSOX4xwn4XV6Q4rgb7XiVGOHms_BGlTAC4KyHmureZmBNrjGdRLiNIQ==\tshop."
             "example\thttps\t23\t0.001\t-\tTLSv1.2\tECDHE-RSA-AES128-GCM-SHA256\tMiss\tHTTP/"
             "2.0\t-\t-\t11040\t0.001\tMiss\ttext/html;%20charset=utf-8\t78\t-\t-",
             clock, i % 9973, i % 251, i, status, i % 7);
       }},
      {"s3", "s3", "",
       [](const std::string& clock, int status, unsigned i) {
         return fmt::format(
             "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be shop-orders "
             "[03/Oct/2026:{} +0000] 198.51.100.{} "
             "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be 3E57427F3EXAMPLE "
             "REST.GET.OBJECT v1/orders/{} \"GET /shop-orders/v1/orders/{}?versionId={} HTTP/1.1\" "
             "{} "
             "{} 113 4096 70 10 \"-\" \"aws-sdk-java/1.7.11 Linux/3.2.0 OpenJDK_64-Bit\" - "
             "s9lzHYrFp76ZVxRcpX9+5cjAnEH2ROuNkd2BHfIa6UkFVdtjf5mKR3= SigV4 "
             "ECDHE-RSA-AES128-GCM-SHA256 AuthHeader shop-orders.s3.us-west-1.amazonaws.com "
             "TLSv1.2 "
             "- - us-west-1",
             clock, i % 251, i, i, i % 7, status, status == 503 ? "SlowDown" : "-");
       }},
      {"json, nginx", "json", "",
       [](const std::string& clock, int status, unsigned i) {
         return fmt::format(
             R"({{"time_iso8601":"2026-10-03T{}+00:00","remote_addr":"198.51.100.{}","request_method":"GET","request_uri":"/v1/orders/{}?page={}","server_protocol":"HTTP/1.1","status":"{}","body_bytes_sent":"{}","request_time":"0.0{}","upstream_addr":"10.0.0.66:9000","upstream_response_time":"0.012","http_referrer":"https://shop.example/cart","http_user_agent":"{}"}})",
             clock, i % 251, i, i % 7, status, i % 9973, 10 + i % 90, kAgent);
       }},
      {"json, Caddy", "json", "", [](const std::string& clock, int status, unsigned i) {
         return fmt::format(
             R"({{"level":"info","ts":"2026-10-03T{}.123Z","logger":"http.log.access","msg":"handled request","request":{{"remote_ip":"198.51.100.{}","remote_port":"64985","client_ip":"198.51.100.{}","proto":"HTTP/2.0","method":"GET","host":"shop.example","uri":"/v1/orders/{}?page={}","headers":{{"Te":["trailers"],"User-Agent":["{}"],"Accept":["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"],"Accept-Language":["en-IE"],"Accept-Encoding":["gzip, deflate, br"]}},"tls":{{"resumed":false,"version":772,"cipher_suite":4865,"proto":"h2","server_name":"shop.example"}}}},"bytes_read":0,"user_id":"","duration":0.001335486,"size":{},"status":{},"resp_headers":{{"Content-Encoding":["gzip"],"Vary":["Accept-Encoding"],"Server":["Caddy"],"Alt-Svc":["h3=\":443\"; ma=2592000"],"Content-Type":["text/html"]}}}})",
             clock, i % 251, i % 251, i, i % 7, kAgent, i % 9973, status);
       }}};
}

std::string log_of(const Shape& shape, std::size_t bytes) {
  std::string log = shape.header;
  log.reserve(bytes + 4096);
  for (unsigned i = 0; log.size() < bytes; ++i) {
    const unsigned second = i / 100 % 86400;
    const std::string clock =
        fmt::format("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
    log += shape.write(clock, i % 1000 == 7 ? 503 : 200, i) + '\n';
  }
  return log;
}

void print_jq(const std::string& path, double gigabytes, double reading) {
  const auto jq = bench::run_peer(
      {"jq", "-n", "reduce inputs as $one ({}; .[$one.time_iso8601[:16] + $one.status] += 1)",
       path});
  if (jq) {
    fmt::print("  jq reads it at {:.3f} GB/s; read_log is {:.0f} times as fast\n",
               gigabytes / jq->seconds, jq->seconds / reading);
  } else {
    fmt::print("  jq             not measured: it is not installed, see ./dev bench\n");
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t size = (argc > 1 ? std::stoul(argv[1]) : 128) << 20;
  const test::TempDir dir;
  fmt::print("{:<12}  {:>6}  {:>6}  {:>9}  {}\n", "format", "bytes", "GB/s", "lines/s",
             "of SHA-256 alone");
  for (const Shape& shape : shapes()) {
    const std::string log = log_of(shape, size);
    const std::string path = dir.write("log", log);
    const auto content = sources::read_log(path, {"auto"});
    if (!content || content->malformed != 0 || content->format != shape.format ||
        content->failures.size() != (content->requests + 992) / 1000) {
      fmt::print(stderr, "the log was not read right: {}\n", shape.name);
      return 1;
    }
    const double digest = bench::median_time([&] { (void)record::sha256_hex(log); });
    const double reading =
        bench::median_time([&] { (void)sources::read_log(path, {shape.format}); });
    const auto requests = static_cast<double>(content->requests);
    fmt::print("{:<12}  {:>6.0f}  {:>6.2f}  {:>9.0f}  {:.2f}\n", shape.name,
               static_cast<double>(log.size()) / requests,
               static_cast<double>(log.size()) * 1e-9 / reading, requests / reading,
               digest / reading);
    if (std::string_view(shape.name) == "json, nginx") {
      print_jq(path, static_cast<double>(log.size()) * 1e-9, reading);
    }
  }
  return 0;
}
