#include "service/notify/deliver.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <fmt/format.h>

#include "sources/probe/easy.h"

namespace recoup::service {
namespace {

using core::Error;
using core::Result;
using namespace std::chrono_literals;

// --- a webhook ----------------------------------------------------------------------------------

// What is answered is not looked at: it may repeat what was sent.
std::size_t drop(char*, std::size_t size, std::size_t count, void*) { return size * count; }

int go_on(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::stop_token*>(stop)->stop_requested() ? 1 : 0;
}

Result<void> post(const config::NotifySettings& settings, const std::string& json,
                  const std::stop_token& stop) {
  constexpr long kFirstGood = 200;
  constexpr long kFirstOther = 300;
  sources::probe::make_curl_ready();
  const sources::probe::Easy easy = sources::probe::make_easy();
  if (!easy) return Error{"there is no memory for a request"};
  sources::probe::HeaderList headers;
  headers.add("Content-Type: application/json");
  for (const rules::Header& header : settings.headers) {
    headers.add(header.name + ": " +
                (header.secret.empty() ? header.value : header.secret.reveal()));
  }
  CURL* curl = easy.get();
  curl_easy_setopt(curl, CURLOPT_URL, settings.webhook.reveal().c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "recoup/" RECOUP_VERSION);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(json.size()));
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, json.c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, static_cast<curl_slist*>(headers.get()));
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(settings.timeout.count()));
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, go_on);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &stop);
  const CURLcode code = curl_easy_perform(curl);
  // The words for a code are libcurl's own: they hold nothing of the request.
  if (code != CURLE_OK) return Error{curl_easy_strerror(code)};
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  if (status >= kFirstGood && status < kFirstOther) return {};
  return Error{fmt::format("it answered with the status {}", status)};
}

// --- a program ----------------------------------------------------------------------------------

// Descriptor closes what it holds.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  int number() const { return number_; }

 private:
  int number_;
};

// The text lies in a file without a name, so that a program which reads none of it is in nobody's
// way.
bool fill(const Descriptor& file, const std::string& text) {
  return file.number() >= 0 &&
         write(file.number(), text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
         lseek(file.number(), 0, SEEK_SET) == 0;
}

// Starts the program in a group of its own, with nothing of the service's but its environment; what
// it prints goes nowhere, as it may be secret.
Result<pid_t> start(const std::vector<std::string>& command, const Descriptor& input) {
  std::vector<char*> words;
  std::vector<std::string> own = command;
  for (std::string& word : own) words.push_back(word.data());
  words.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, input.number(), STDIN_FILENO);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  pid_t pid = -1;
  const int failed =
      posix_spawnp(&pid, own.front().c_str(), &files, &attributes, words.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  if (failed != 0) return Error{fmt::format("it could not be started: {}", std::strerror(failed))};
  return pid;
}

Result<void> run(const config::NotifySettings& settings, const std::string& json,
                 const core::Clock& clock, const std::stop_token& stop) {
  const Descriptor input(memfd_create("notice", MFD_CLOEXEC));
  if (!fill(input, json + '\n')) {
    return Error{fmt::format("there is no room for its input: {}", std::strerror(errno))};
  }
  const auto pid = start(settings.command, input);
  if (!pid) return pid.error();
  const core::MonoTime until = clock.mono() + settings.timeout;
  int status = 0;
  while (waitpid(*pid, &status, WNOHANG) == 0) {
    if (stop.stop_requested() || clock.mono() >= until) {
      kill(-*pid, SIGKILL);
      waitpid(*pid, &status, 0);
      return Error{fmt::format("it did not end within {}", core::to_text(settings.timeout))};
    }
    clock.pause(stop, std::min(until, clock.mono() + 20ms));
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return Error{WIFEXITED(status) ? fmt::format("it ended with the status {}", WEXITSTATUS(status))
                                 : fmt::format("it was ended by the signal {}", WTERMSIG(status))};
}

}  // namespace

Result<void> deliver(const config::NotifySettings& settings, const std::string& json,
                     const core::Clock& clock, const std::stop_token& stop) {
  if (!settings.command.empty()) return run(settings, json, clock, stop);
  return post(settings, json, stop);
}

}  // namespace recoup::service
