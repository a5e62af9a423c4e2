#pragma once

// What libcurl itself can do: loops around it that do nothing else.

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include <curl/curl.h>
#include <fmt/format.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

namespace recoup::bench {

using Seconds = std::chrono::duration<double>;

inline void require(bool done, const std::string& what) {
  if (!done) throw std::runtime_error(what);
}

inline Seconds processor_time(int who) {
  rusage usage{};
  ::getrusage(who, &usage);
  const auto seconds = [](const timeval& at) {
    return static_cast<double>(at.tv_sec) + static_cast<double>(at.tv_usec) * 1e-6;
  };
  return Seconds(seconds(usage.ru_utime) + seconds(usage.ru_stime));
}

inline Seconds now() { return std::chrono::steady_clock::now().time_since_epoch(); }

struct Figure {
  double a_second = 0;       // requests a second of wall time
  double a_core_second = 0;  // requests a second of processor time
};

inline Figure figure(std::uint64_t requests, Seconds wall, Seconds processor) {
  return {static_cast<double>(requests) / wall.count(),
          static_cast<double>(requests) / processor.count()};
}

// Target is what is asked, and how.
struct Target {
  std::string url;
  bool keep = true;          // else each request has a connection, and a handshake, of its own
  std::string ca_file = {};  // for https
  Seconds warm_up{0.05};     // processor time before any is taken: connections are made
  X509_STORE* authorities = nullptr;  // what is in it, for the bare loops
  bool is_signed = false;             // by AWS Signature Version 4
  bool timed = false;  // the bare loops ask for the times of each request's stages, as we do
};

// The bare loop: what libcurl's documentation shows for curl_multi_socket_action with epoll, and
// no more: a fixed set of handles, each started again as soon as it ends.
class BareEpoll {
 public:
  BareEpoll() : epoll_(::epoll_create1(EPOLL_CLOEXEC)), multi_(curl_multi_init()) {
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &BareEpoll::on_socket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &BareEpoll::on_timer);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  }
  ~BareEpoll() {
    curl_multi_cleanup(multi_);
    ::close(epoll_);
  }
  CURLM* multi() { return multi_; }

  void turn() {
    int running = 0;
    std::array<epoll_event, 256> events;
    const int timeout = timeout_ < 0 ? 100 : static_cast<int>(std::min(timeout_, 100L));
    const int count = ::epoll_wait(epoll_, events.data(), 256, timeout);
    if (timeout_ == 0 || count == 0) {
      curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      const int flags = ((event.events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) |
                        ((event.events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
                        ((event.events & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0);
      curl_multi_socket_action(multi_, event.data.fd, flags, &running);
    }
  }

 private:
  static int on_socket(CURL*, curl_socket_t fd, int what, void* self, void* known) {
    auto* loop = static_cast<BareEpoll*>(self);
    epoll_event event{};
    event.data.fd = fd;
    if (what == CURL_POLL_REMOVE) {
      ::epoll_ctl(loop->epoll_, EPOLL_CTL_DEL, fd, &event);
      curl_multi_assign(loop->multi_, fd, nullptr);
      return 0;
    }
    if ((what & CURL_POLL_IN) != 0) event.events |= EPOLLIN;
    if ((what & CURL_POLL_OUT) != 0) event.events |= EPOLLOUT;
    ::epoll_ctl(loop->epoll_, known != nullptr ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event);
    curl_multi_assign(loop->multi_, fd, loop);
    return 0;
  }
  static int on_timer(CURLM*, long timeout, void* self) {
    static_cast<BareEpoll*>(self)->timeout_ = timeout;
    return 0;
  }

  int epoll_;
  CURLM* multi_;
  long timeout_ = -1;
};

// The same with curl_multi_perform and curl_multi_poll, which need no descriptors of ours.
class BarePoll {
 public:
  BarePoll() : multi_(curl_multi_init()) {}
  ~BarePoll() { curl_multi_cleanup(multi_); }
  CURLM* multi() { return multi_; }

  void turn() {
    int running = 0;
    // What was just added has a timeout of 0, so the first poll after it does not wait.
    curl_multi_poll(multi_, nullptr, 0, 100, nullptr);
    curl_multi_perform(multi_, &running);
  }

 private:
  CURLM* multi_;
};

inline std::size_t discard(char*, std::size_t size, std::size_t count, void*) {
  return size * count;
}

inline CURLcode use_authorities(CURL*, void* context, void* store) {
  SSL_CTX_set1_cert_store(static_cast<SSL_CTX*>(context), static_cast<X509_STORE*>(store));
  return CURLE_OK;
}

inline CURL* bare_handle(const Target& target) {
  CURL* easy = curl_easy_init();
  curl_easy_setopt(easy, CURLOPT_URL, target.url.c_str());
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "recoup/test");  // as the probes that it stands beside
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 10000L);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &discard);
  if (target.authorities != nullptr) {
    curl_easy_setopt(easy, CURLOPT_CAINFO, static_cast<char*>(nullptr));
    curl_easy_setopt(easy, CURLOPT_CAPATH, static_cast<char*>(nullptr));
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, &use_authorities);
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, target.authorities);
  }
  if (target.is_signed) {
    curl_easy_setopt(easy, CURLOPT_AWS_SIGV4, "aws:amz:us-east-1:kms");
    curl_easy_setopt(easy, CURLOPT_USERNAME, "AKIDEXAMPLE");
    curl_easy_setopt(easy, CURLOPT_PASSWORD, "secret");
  }
  if (!target.keep) {
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
  }
  return easy;
}

// What a request's phases are made of.
inline curl_off_t stages(CURL* easy) {
  curl_off_t sum = 0;
  for (const CURLINFO stage :
       {CURLINFO_NAMELOOKUP_TIME_T, CURLINFO_CONNECT_TIME_T, CURLINFO_APPCONNECT_TIME_T,
        CURLINFO_PRETRANSFER_TIME_T, CURLINFO_STARTTRANSFER_TIME_T, CURLINFO_TOTAL_TIME_T}) {
    curl_off_t time = 0;
    curl_easy_getinfo(easy, stage, &time);
    sum += time;
  }
  return sum;
}

// Requests by the bare loop; `also` is the processor time of whoever else works for it.
template <typename Loop>
Figure bare(const Target& target, std::size_t concurrency, Seconds length,
            const std::function<Seconds()>& also = nullptr) {
  Loop loop;
  std::vector<CURL*> handles;
  for (std::size_t i = 0; i < concurrency; ++i) {
    handles.push_back(bare_handle(target));
    curl_multi_add_handle(loop.multi(), handles.back());
  }
  std::uint64_t good = 0, all = 0;
  curl_off_t times = 0;
  const auto work_while = [&](const auto& goes_on) {
    while (goes_on()) {
      loop.turn();
      int left = 0;
      while (const CURLMsg* message = curl_multi_info_read(loop.multi(), &left)) {
        CURL* easy = message->easy_handle;
        long status = 0;
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
        good += message->data.result == CURLE_OK && status == 200 ? 1 : 0;
        ++all;
        if (target.timed) times += stages(easy);
        curl_multi_remove_handle(loop.multi(), easy);
        curl_multi_add_handle(loop.multi(), easy);
      }
    }
  };
  const auto others = [&] { return also ? also() : processor_time(RUSAGE_THREAD); };
  const Seconds first = others();
  work_while([&] { return others() - first < target.warm_up; });
  const Seconds wall = now(), processor = others();
  const std::uint64_t before = all;
  work_while([&] { return now() < wall + length; });
  const Figure result = figure(all - before, now() - wall, others() - processor);
  require(!target.timed || times > 0, "bare: no request took any time");
  require(good == all && all > 0, fmt::format("bare: {} of {} answers are 200", good, all));
  for (CURL* easy : handles) {
    curl_multi_remove_handle(loop.multi(), easy);
    curl_easy_cleanup(easy);
  }
  return result;
}

}  // namespace recoup::bench
