#include "sources/probe/transfer.h"

#include <algorithm>

#include <curl/curl.h>

#include "core/text.h"
#include "record/redact.h"
#include "rules/probe_keys.h"
#include "sources/probe/curl_says.h"
#include "sources/probe/ending.h"
#include "sources/probe/server_seen.h"
#include "sources/probe/stages.h"
#include "sources/probe/url.h"

namespace recoup::sources::probe {
namespace {

// Answers are small, and thousands of transfers may be in flight.
constexpr long kBuffer = 4096;
constexpr std::size_t kLongestDetail = 512;

// One that cannot be taken apart was refused when the settings were read.
Url url_of(const ProbeSettings& settings) { return Url::parse(settings.url).value_or(Url{}); }

// "POST /path": no host, and no query, in which user data may stand.
std::string request_line(const ProbeSettings& settings) {
  return settings.method + ' ' + url_of(settings).path;
}

// Whether the probe asks for another name than that of its URL.
bool has_server_name(const ProbeSettings& settings) {
  return settings.tls != nullptr && !settings.tls->server_name.empty();
}

}  // namespace

Transfer::Transfer(Network& network, const Identity& identity)
    : network_(&network), identity_(&identity), easy_(make_easy()) {}

Transfer& Transfer::of(void* easy) {
  char* self = nullptr;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &self);
  return *reinterpret_cast<Transfer*>(self);
}

void Transfer::configure(std::shared_ptr<const Probe> probe, std::shared_ptr<const Trust> trust) {
  detail_.clear();
  server_ = nullptr;
  choosy_ = false;
  CURL* easy = easy_.get();
  curl_easy_reset(easy);
  // What the handle pointed to goes now.
  probe_ = std::move(probe);
  trust_ = std::move(trust);
  set_keys();
  const ProbeSettings& settings = fresh_ ? *fresh_ : probe_->settings;
  curl_easy_setopt(easy, CURLOPT_PRIVATE, this);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_USERAGENT, identity_->user_agent.c_str());
  curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, kBuffer);
  curl_easy_setopt(easy, CURLOPT_FILETIME, 1L);
  set_signer(settings);
  set_timeout(settings.timeout);
  set_connections(settings);
  set_url(settings);
  set_method(settings);
  set_headers(settings);
  set_callbacks();
  network_->adopt(easy, sockets_);
}

// The version of what is on the ring is read before that: what comes later is taken with the next
// request.
void Transfer::set_keys() {
  const ProbeSettings& settings = probe_->settings;
  const bool in_files = std::any_of(settings.headers.begin(), settings.headers.end(),
                                    [](const rules::Header& header) { return header.file; });
  uses_keys_ = settings.sign || in_files;
  if (uses_keys_) keys_version_ = identity_->keys->version();
  fresh_.reset();
  if (!in_files) return;
  fresh_ = settings;
  for (rules::Header& header : fresh_->headers) {
    if (header.file) header.secret = identity_->keys->of(header.file);
  }
}

void Transfer::set_signer(const ProbeSettings& settings) {
  signer_ = nullptr;
  refusals_ = nullptr;
  if (!settings.sign) return;
  const Keyring::Held held = identity_->keys->of(*settings.sign);
  keys_end_ = held.ends;
  const SignerKind* kind = find_signer(settings.sign->by);
  refusals_ = &kind->refusals;
  if (held.keys) signer_ = kind->make(settings, *held.keys);
}

// The time-out as a whole is the prober's: libcurl would not look at a socket whose time is over,
// though the answer came in time. Of connecting it must know: it gives the first of several
// addresses a part of that time.
void Transfer::set_timeout(core::Millis timeout) {
  curl_easy_setopt(easy_.get(), CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(timeout.count()));
}

void Transfer::set_connections(const ProbeSettings& settings) {
  CURL* easy = easy_.get();
  if (!settings.keep_alive) {
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    // A session that is resumed shows no certificate: a new connection is all of a new one.
    curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
  }
  if (!trust_) return;
  trust_version_ = trust_->version();
  trust_->apply(easy, trust_version_);
  static_assert(std::tuple_size_v<decltype(ended_)> >= CURL_ERROR_SIZE);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, ended_.data());
}

void Transfer::set_url(const ProbeSettings& settings) {
  connect_to_.clear();
  if (!signer_ && !has_server_name(settings)) return set_url(settings.url);
  Url url = url_of(settings);
  if (signer_) url = signer_->spelled(std::move(url));
  if (has_server_name(settings)) {
    // libcurl greets and verifies whom its URL names, so that names the server, and who is
    // connected to stands beside it. An entry for name resolution would be every probe's.
    connect_to_.add("::" + url.host + ':' + url.port);
    curl_easy_setopt(easy_.get(), CURLOPT_CONNECT_TO, connect_to_.get());
    url.host = settings.tls->server_name;
  }
  set_url(url.text());
}

void Transfer::set_url(const std::string& text) {
  curl_easy_setopt(easy_.get(), CURLOPT_URL, text.c_str());
  url_ = parsed_as_sent(text);
  curl_easy_setopt(easy_.get(), CURLOPT_CURLU, url_.get());
}

void Transfer::set_method(const ProbeSettings& settings) {
  CURL* easy = easy_.get();
  if (!settings.body.empty() || settings.method == "POST") {
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(settings.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, settings.body.c_str());
    if (settings.method != "POST") {
      curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, settings.method.c_str());
    }
  } else if (settings.method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  } else if (settings.method != "GET") {
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, settings.method.c_str());
  }
}

void Transfer::set_headers(const ProbeSettings& settings) {
  headers_.clear();
  bool has_host = false;
  for (const rules::Header& header : settings.headers) {
    const std::string& value = header.secret.empty() ? header.value : header.secret.reveal();
    // A semicolon is how libcurl is told of a header without a value.
    headers_.add(value.empty() ? header.name + ';' : header.name + ": " + value);
    has_host = has_host || core::equal_but_for_case(header.name, "Host");
  }
  // libcurl 7.88 signs its own Host header without the port that it sends; and the host that is
  // asked is the URL's, whatever name its certificate is for.
  if (!has_host && (signer_ || has_server_name(settings))) {
    headers_.add("Host: " + url_of(settings).authority());
  }
  if (signer_) signer_->configure(easy_.get(), headers_);
  lasting_headers_ = headers_.size();
  curl_easy_setopt(easy_.get(), CURLOPT_HTTPHEADER, headers_.get());
}

void Transfer::set_callbacks() {
  CURL* easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &Transfer::on_head);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, &Transfer::on_sending);
  curl_easy_setopt(easy, CURLOPT_PREREQDATA, this);
}

void Transfer::begin(core::Instant due, core::Instant started) {
  due_ = due;
  started_ = started;
  sendings_ = 0;
  sockets_.error = 0;
  answer_.expect(probe_->settings.answer);
  captures_ = false;
  capture_.begin(body_kept());
  refusal_.expect(refusals_);
  refused_.reset();
  ended_[0] = '\0';
  if (signer_) add_headers(signer_->begin(started));
}

// In place of those of the request before.
void Transfer::add_headers(const std::vector<std::string>& own) {
  if (own.empty() && headers_.size() == lasting_headers_) return;
  headers_.shorten(lasting_headers_);
  for (const std::string& line : own) headers_.add(line);
  curl_easy_setopt(easy_.get(), CURLOPT_HTTPHEADER, headers_.get());
}

void Transfer::reuse_connections_of(std::optional<std::chrono::nanoseconds> age) {
  if (!age && !choosy_) return;
  choosy_ = age.has_value();
  // libcurl counts in whole seconds, cut, and 0 is no limit: one that is younger by a second or two
  // is left as well.
  const long most = age ? std::chrono::floor<std::chrono::seconds>(*age).count() - 1 : 0;
  const bool fresh = !probe_->settings.keep_alive || (age && most < 1);
  curl_easy_setopt(easy_.get(), CURLOPT_MAXLIFETIME_CONN, std::max(most, 0L));
  curl_easy_setopt(easy_.get(), CURLOPT_FRESH_CONNECT, fresh ? 1L : 0L);
}

Observation Transfer::end(const Network::EndedTransfer& ended, bool away,
                          const record::WorthARecord& worth) {
  CURL* easy = easy_.get();
  const int code = ended.code;
  Observation seen;
  seen.probe = probe();
  seen.due = due_;
  seen.started = started_;
  seen.duration = ended.took;
  const Ending ending{code,
                      code == CURLE_OK ? 0 : os_error_of(easy, code, sockets_.error),
                      sendings_,
                      answer_.status(),
                      away,
                      was_resolved(easy),
                      was_connected(easy)};
  refused_ = refusal(ending);
  if (refused_ && refused_->status == 0) {
    // No Request came about, for a fault of ours.
    seen.outcome = core::Missed{core::NotSent::refused};
  } else if (answered(ending)) {
    core::Answered answer{ending.status, answer_.error_name(), answer_.unattributed()};
    answer.refused = refused_.has_value();
    // As the signer's service spells it, where the contract asks for no name or for another's.
    if (refused_ && answer.error_name.empty()) {
      answer.error_name = core::clean_error_name(refused_->name);
    }
    // While we were away the answer may have waited for us.
    if (!away) answer.later_than = passed(ended.took);
    seen.outcome = std::move(answer);
    // Whatever a probe expects, an answer that a contract may call an Error is evidence.
    if (refused_ || !expected(ending.status) || record::is_failure(seen.outcome) ||
        (worth && worth(seen.outcome))) {
      seen.evidence = evidence();
    }
  } else {
    seen.outcome = without_answer(ending);
    // A request that was never sent proves nothing.
    if (const auto* failed = std::get_if<core::Failed>(&seen.outcome)) {
      seen.evidence = evidence();
      if (failed->reason == core::NoAnswer::tls) {
        const std::string why = ": " + tls_failure(easy, code);
        std::string& detail = seen.evidence->detail;
        detail = detail.substr(0, kLongestDetail - why.size()) + why;
      }
    }
  }
  return seen;
}

void Transfer::head(std::string_view line) {
  answer_.head(line);
  refusal_.head(line);
  if (line.starts_with("HTTP/")) captures_ = keeps(answer_.status());
  if (captures_) capture_.head(line);
}

void Transfer::body(std::string_view bytes) {
  answer_.body(bytes);
  refusal_.body(bytes);
  if (captures_) capture_.body(bytes);
}

// What most answers are is not kept: that would cost the most.
bool Transfer::keeps(int status) const {
  const Checks* checks = probe_->settings.checks.get();
  return keeps_every_answer_ || status >= 500 || !expected(status) || checks != nullptr;
}

std::size_t Transfer::body_kept() const {
  const Checks* checks = probe_->settings.checks.get();
  return checks != nullptr && checks->of_body() ? Checks::kBodyKept : Capture::kBodyShown;
}

record::ProbeResult Transfer::result(Observation& seen) {
  CURL* easy = easy_.get();
  record::ProbeResult result;
  result.tls = probe_->settings.url.starts_with("https");
  Stages stages = stages_of(easy, sendings_ > 0, result.tls);
  const auto* failed = std::get_if<core::Failed>(&seen.outcome);
  if (failed != nullptr && failed->reason == core::NoAnswer::tls) {
    // libcurl 7.88 does not say when the connection stood that was not encrypted: all is TLS.
    stages.connected = std::max(stages.connected, stages.resolved);
  }
  seen.phases = phases_of(stages, seen.duration);
  if (seen.evidence) {
    const std::string phases = record::phases_text(seen.phases);
    std::string& detail = seen.evidence->detail;
    if (!phases.empty() && detail.size() + phases.size() + 2 <= kLongestDetail) {
      detail += "; " + phases;
    }
  }
  result.started = seen.started;
  result.outcome = seen.outcome;
  result.expected = result.status() != 0 && !refused_ && expected(result.status()) &&
                    !record::is_failure(seen.outcome);
  result.duration = seen.duration;
  result.phases = seen.phases;
  note_answer(easy, result);
  if (result.tls && sendings_ > 0) result.server = server_;
  if (probe_->settings.checks && !std::holds_alternative<core::Missed>(seen.outcome)) {
    result.checks = check_answer(*probe_->settings.checks, result, capture_);
  }
  return result;
}

RawExchange Transfer::exchange(const Observation& seen, record::ProbeResult result, int code) {
  CURL* easy = easy_.get();
  RawExchange exchange;
  exchange.probe = probe_->settings.id;
  exchange.target = probe_->settings.target;
  ask(exchange);
  exchange.answer(capture_);
  exchange.peer = peer_of(easy);
  if (const auto* failed = std::get_if<core::Failed>(&seen.outcome)) {
    exchange.why = failed->reason == core::NoAnswer::tls
                       ? tls_failure(easy, code)
                       : curl_easy_strerror(static_cast<CURLcode>(code));
  }
  exchange.result = std::move(result);
  return exchange;
}

// What libcurl adds is written as it does; the signature that it makes cannot be known, and would
// not be shown.
void Transfer::ask(RawExchange& exchange) const {
  const ProbeSettings& settings = probe_->settings;
  Url url = url_of(settings);
  if (signer_) url = signer_->spelled(std::move(url));
  exchange.ask_line(settings.method, url.path, url.query);
  std::vector<std::string> lines = headers_.lines();
  const auto has = [&](std::string_view name) {
    return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) {
      return core::equal_but_for_case(line.substr(0, line.find_first_of(":;")), name);
    });
  };
  if (!has("Host")) exchange.ask("Host: " + url.authority());
  exchange.ask("User-Agent: " + identity_->user_agent);
  if (!has("Accept")) exchange.ask("Accept: */*");
  if (signer_ && find_signer(settings.sign->by)->name == "sigv4") {
    exchange.ask("Authorization: AWS4-HMAC-SHA256 made-by-libcurl");
  }
  for (const std::string& line : lines) {
    const std::string name = line.substr(0, line.find_first_of(":;"));
    const bool secret = std::any_of(
        settings.headers.begin(), settings.headers.end(), [&](const rules::Header& header) {
          return !header.secret.empty() && core::equal_but_for_case(header.name, name);
        });
    exchange.ask(line, secret);
  }
}

// By an answer, or by the end of a connection that our certificate did not open.
std::optional<Refused> Transfer::refusal(const Ending& ending) const {
  if (answered(ending)) return refusal_.refused();
  std::string alert = ending.away ? "" : certificate_refusal(ended_.data());
  if (alert.empty()) return std::nullopt;
  return Refused{0, std::move(alert)};
}

// The longest of the contract's times that the answer took longer than; 0 where there is none.
core::Millis Transfer::passed(std::chrono::microseconds took) const {
  core::Millis longest{0};
  for (const core::Millis time : probe_->settings.late_after) {
    if (took > time) longest = time;
  }
  return longest;
}

bool Transfer::expected(int status) const {
  const std::vector<int>& expect = probe_->settings.expect;
  if (expect.empty()) return status >= 200 && status < 400;
  return std::find(expect.begin(), expect.end(), status) != expect.end();
}

std::unique_ptr<EvidenceText> Transfer::evidence() {
  if (detail_.empty()) {
    detail_ = record::redact(request_line(probe_->settings));
    // Which of a list failed is what its user wants to know; a claim redacts it again.
    const std::string& target = probe_->settings.target;
    if (!target.empty()) detail_ += " of " + record::without_secrets(target);
    detail_ = detail_.substr(0, kLongestDetail);
  }
  auto text = std::make_unique<EvidenceText>();
  text->request_id = answer_.request_id();
  text->peer = peer_of(easy_.get());
  text->detail = detail_;
  return text;
}

std::size_t Transfer::on_head(char* bytes, std::size_t size, std::size_t count, void* self) {
  static_cast<Transfer*>(self)->head({bytes, size * count});
  return size * count;
}

std::size_t Transfer::on_body(char* bytes, std::size_t size, std::size_t count, void* self) {
  static_cast<Transfer*>(self)->body({bytes, size * count});
  return size * count;
}

// libcurl asks before each sending. The second one of a transfer would be its own retry on a new
// connection, and a retry is a Request that nobody ordered.
int Transfer::on_sending(void* user, char*, char*, int, int) {
  auto* self = static_cast<Transfer*>(user);
  // What a server shows is looked at once for each connection.
  if (self->trust_ && (!self->server_ || made_connection(self->easy()))) {
    self->server_ = server_seen(self->easy());
  }
  return self->may_send() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

}  // namespace recoup::sources::probe
