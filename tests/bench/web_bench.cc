// Is a scrape of 100,000 series answered within 200 ms while 10,000 probes run on time, so one over
// 100,000 targets of a list, and a page over 1,000 agreements within a second and 100 KB? The real
// program, its probes answered by one nginx worker, asked through libcurl. Times are of the whole
// request as the one who asks sees it, so other work on the machine is in them.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include <curl/curl.h>
#include <fmt/format.h>

#include "processor_time.h"
#include "system/world.h"

namespace {

using namespace recoup::test;

constexpr int kAgreements = 10;
constexpr int kProbesEach = 1000;
constexpr int kRounds = 15;

struct Answer {
  double ms = 0;
  double bytes = 0;  // as sent
  std::string body;  // unpacked
};

std::size_t take(char* bytes, std::size_t size, std::size_t count, void* body) {
  static_cast<std::string*>(body)->append(bytes, size * count);
  return size * count;
}

Answer ask(const std::string& url, const char* encoding) {
  CURL* easy = curl_easy_init();
  Answer answer;
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, encoding);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &answer.body);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT, 30L);
  const CURLcode code = curl_easy_perform(easy);
  long status = 0;
  double seconds = 0;
  curl_off_t bytes = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME, &seconds);
  curl_easy_getinfo(easy, CURLINFO_SIZE_DOWNLOAD_T, &bytes);
  curl_easy_cleanup(easy);
  if (code != CURLE_OK || status != 200) throw std::runtime_error("no answer of " + url);
  answer.ms = seconds * 1000;
  answer.bytes = static_cast<double>(bytes);
  return answer;
}

// Asks again and again; the median time, the last size.
Answer measure(const std::string& url, const char* encoding, int rounds = kRounds) {
  std::vector<double> times;
  Answer last;
  for (int i = 0; i < rounds; ++i) {
    last = ask(url, encoding);
    times.push_back(last.ms);
  }
  last.ms = recoup::bench::median(times);
  return last;
}

// Calls `each` with the name, labels and value of every sample.
void each_sample(const std::string& text,
                 const std::function<void(std::string_view, double)>& each) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line(text.data() + at, end - at);
    at = end + 1;
    const auto space = line.rfind(' ');
    if (line.empty() || line[0] == '#' || space == std::string_view::npos) continue;
    each(line.substr(0, space), std::stod(std::string(line.substr(space + 1))));
  }
}

// The sum of the samples whose name and labels begin so.
double sum(const std::string& text, std::string_view begin) {
  double total = 0;
  each_sample(text, [&](std::string_view name, double value) {
    if (name.starts_with(begin)) total += value;
  });
  return total;
}

double count(const std::string& text) {
  double samples = 0;
  each_sample(text, [&](std::string_view, double) { ++samples; });
  return samples;
}

std::string settings(const std::string& url, int port, int agreements, int probes) {
  std::string text =
      fmt::format("listen = \"127.0.0.1:{}\"\nledger = \"sqlite:recoup.db\"\n", port);
  for (int a = 0; a < agreements; ++a) {
    text += fmt::format(
        "[[agreement]]\nid = \"kms-{}\"\nsla = \"aws-kms\"\n"
        "account = \"123456789012\"\nregion = \"us-east-1\"\n",
        a);
    for (int p = 0; p < probes; ++p) {
      text +=
          fmt::format("[[agreement.probe]]\nid = \"p{}\"\nurl = \"{}\"\nevery = \"1s\"\n", p, url);
    }
  }
  return text;
}

// Service is the program at work on those settings.
class Service {
 public:
  Service(const std::string& folder, const std::string& url, int agreements, int probes)
      : Service(folder, [&](int port) { return settings(url, port, agreements, probes); }) {}

  // Settings by the port that it is to listen at.
  Service(const std::string& folder, const std::function<std::string(int)>& settings)
      : port_(free_port()), process_(start(folder, settings(port_))) {
    const bool ready = eventually([&] { return !http_get(address("/-/ready")).empty(); },
                                  std::chrono::seconds(60));
    if (!ready) throw std::runtime_error("not ready: " + process_.err());
  }
  std::string address(const std::string& path) const {
    return fmt::format("http://127.0.0.1:{}{}", port_, path);
  }

 private:
  static Process start(const std::string& folder, const std::string& text) {
    write_text(folder + "/recoup.toml", text);
    return Process({recoup_binary(), "run", "--config", folder + "/recoup.toml"}, folder);
  }

  int port_;
  Process process_;
};

void scrape() {
  const TempDir dir;
  const Nginx nginx(dir.path().string());
  const Service service(dir.path().string(), nginx.url(), kAgreements, kProbesEach);
  const std::string url = service.address("/metrics");
  // Every connection is made, and every probe was sent for some seconds.
  const double all = kAgreements * kProbesEach;
  const auto due = [&] { return sum(ask(url, "gzip").body, "recoup_probes_due_total"); };
  if (!eventually([&] { return due() > 5 * all; }, std::chrono::seconds(60))) {
    throw std::runtime_error("the probes do not run");
  }
  const std::string before = ask(url, "identity").body;
  const Answer plain = measure(url, "identity");
  const Answer packed = measure(url, "gzip");
  const std::string after = ask(url, "identity").body;

  const double series = count(after);
  std::printf("%.0f probes each second, %.0f series\n", all, series);
  for (const auto& [name, answer] : {std::pair("plain", plain), std::pair("gzip", packed)}) {
    std::printf("  %-6s %6.0f ms a scrape, %5.0f ms for 100,000 series (%.2f of 200 ms), %.1f MB\n",
                name, answer.ms, answer.ms * 1e5 / series, answer.ms * 1e5 / series / 200,
                answer.bytes / 1e6);
  }
  const auto grew = [&](std::string_view begin) { return sum(after, begin) - sum(before, begin); };
  const double sent_late = grew("recoup_schedule_lateness_seconds_count") -
                           grew("recoup_schedule_lateness_seconds_bucket{le=\"0.025\"}");
  std::printf("  meanwhile %.0f were due, %.0f missed, %.0f sent more than 25 ms late\n",
              grew("recoup_probes_due_total"), grew("recoup_probes_missed_total"), sent_late);
}

// One list of so many targets, due once a minute, of which one in a hundred takes no connection.
std::string list_settings(const std::string& folder, const std::string& url, int port, int targets,
                          bool by_target) {
  std::string list = "[{\"targets\": [";
  for (int i = 0; i < targets; ++i) {
    list += fmt::format("{}\"{}t{}\"", i == 0 ? "" : ", ",
                        i % 100 == 7 ? "http://127.0.0.1:1/" : "", i);
  }
  write_text(folder + "/targets.json", list + "]}]\n");
  return fmt::format(
      "listen = \"127.0.0.1:{}\"\nledger = \"sqlite:recoup.db\"\n"
      "[[agreement]]\nid = \"kms\"\nsla = \"aws-kms\"\n"
      "account = \"123456789012\"\nregion = \"us-east-1\"\n"
      "[[agreement.probe]]\nid = \"list\"\nurl = \"{}{{target}}\"\nevery = \"60s\"\n"
      "targets = \"targets.json\"\nby_target = {}\n",
      port, url, by_target ? "true" : "false");
}

void scrape_list(int targets, bool by_target) {
  const TempDir dir;
  const Nginx nginx(dir.path().string());
  const std::string folder = dir.path().string();
  const Service service(folder, [&](int port) {
    return list_settings(folder, nginx.url(), port, targets, by_target);
  });
  const std::string url = service.address("/metrics");
  std::string text;
  const bool sent = eventually(
      [&] {
        text = ask(url, "gzip").body;
        return sum(text, "recoup_probes_due_total") >= targets;
      },
      std::chrono::seconds(150));
  if (!sent) throw std::runtime_error("the targets are not probed");
  const Answer plain = measure(url, "identity", by_target ? 3 : kRounds);
  std::printf("a list of %d targets, %s: %.0f series, of which %.0f of targets that fail\n",
              targets, by_target ? "by target" : "one series", count(plain.body),
              3 * sum(plain.body, "recoup_target_failing"));
  std::printf("  plain  %6.0f ms a scrape (%.2f of 200 ms), %.1f MB\n", plain.ms, plain.ms / 200,
              plain.bytes / 1e6);
}

void overview() {
  const TempDir dir;
  const Service service(dir.path().string(), "", 1000, 0);
  const Answer plain = measure(service.address("/"), "identity");
  const Answer packed = measure(service.address("/"), "gzip");
  std::printf("the page over 1,000 agreements\n");
  std::printf("  plain  %6.1f ms (%.3f of 1 s), %5.1f KB (%.2f of 100 KB)\n", plain.ms,
              plain.ms / 1000, plain.bytes / 1000, plain.bytes / 1e5);
  std::printf("  gzip   %6.1f ms, %5.1f KB\n", packed.ms, packed.bytes / 1000);
}

}  // namespace

// `bench_web list [TARGETS]` is the lists alone.
int main(int argc, char** argv) {
  curl_global_init(CURL_GLOBAL_DEFAULT);
  const bool lists_alone = argc > 1 && std::string(argv[1]) == "list";
  const int targets = argc > 2 ? std::atoi(argv[2]) : 100'000;
  // Caught here: what is thrown past main() ends nothing that was started.
  try {
    if (!lists_alone) scrape();
    scrape_list(targets, false);
    scrape_list(targets, true);
    if (!lists_alone) overview();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}
