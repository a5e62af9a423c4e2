#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>

#include "core/clock.h"
#include "core/time.h"
#include "record/evidence.h"
#include "sources/probe/answer.h"
#include "sources/probe/board.h"
#include "sources/probe/capture.h"
#include "sources/probe/easy.h"
#include "sources/probe/ending.h"
#include "sources/probe/network.h"
#include "sources/probe/probe.h"
#include "sources/probe/signer.h"
#include "sources/probe/trust.h"
#include "sources/probe/url.h"

namespace recoup::sources::probe {

// Transfer is one libcurl easy handle that sends one probe's request at a time. It stays configured
// for its probe, so that the probe's next request sets no option. One thread.
class Transfer {
 public:
  // Whether libcurl had memory for the handle: nothing else may be called without.
  Transfer(Network& network, const Identity& identity);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  bool usable() const { return easy_ != nullptr; }
  void* easy() const { return easy_.get(); }
  CounterId probe() const { return probe_->counters; }                // once configured
  const ProbeSettings& settings() const { return probe_->settings; }  // once configured

  // Whether it is configured for the probe, as that is set now and by files as they were last read.
  bool is_for(const std::shared_ptr<const Probe>& probe) const {
    return probe_ == probe && (trust_ == nullptr || trust_version_ == trust_->version()) &&
           (!uses_keys_ || keys_version_ == identity_->keys->version());
  }

  // Whether there is what its requests are signed with, and it is still taken then.
  bool can_sign(core::Instant now) const {
    return !probe_->settings.sign || (signer_ != nullptr && now < keys_end_);
  }

  // Makes it send this probe's request; `trust` is null without TLS.
  void configure(std::shared_ptr<const Probe> probe, std::shared_ptr<const Trust> trust);

  // Forgets the last request and notes the next one's times.
  void begin(core::Instant due, core::Instant started);

  // The next request may go out on a connection that was made within that time, or on a new one;
  // nothing: on any.
  void reuse_connections_of(std::optional<std::chrono::nanoseconds> age);

  // What the network tells while the request is under way: that it goes out, which a second time
  // would be a repetition that is not wanted; a line of the answer's head; a part of its body.
  bool may_send() { return ++sendings_ == 1; }
  void head(std::string_view line);
  void body(std::string_view bytes);

  // Keeps how every answer begins, not only of those that the probe does not expect.
  void keep_every_answer() { keeps_every_answer_ = true; }

  // What became of the request. Whether we were away while it was in flight is the caller's to
  // know, and so is which answers that the probe expects are worth a record all the same (null:
  // none). The next begin() may follow.
  Observation end(const Network::EndedTransfer& ended, bool away,
                  const record::WorthARecord& worth);

  // After end(), of which `seen` is, its duration being right: how it passed, what the server
  // showed, what checks say. The evidence gets the phases.
  record::ProbeResult result(Observation& seen);

  // After that: what was asked and what came back, before anything is replaced.
  RawExchange exchange(const Observation& seen, record::ProbeResult result, int code);
  // Whether the last request was refused for its signature, our clock or our credentials, by whom
  // and in which words; nothing where it was not.
  const std::optional<Refused>& refused() const { return refused_; }

  static Transfer& of(void* easy);

  // Flight is when the request was begun, in the loop's terms.
  struct Flight {
    core::MonoTime began;
    core::MonoTime gives_up;  // both in monotonic time without absences
    std::uint64_t absences_before = 0;
  };
  Flight flight;  // the prober's own

 private:
  void set_keys();
  void set_signer(const ProbeSettings& settings);
  void set_timeout(core::Millis timeout);
  void set_url(const ProbeSettings& settings);
  void set_url(const std::string& text);
  void set_connections(const ProbeSettings& settings);
  void set_method(const ProbeSettings& settings);
  void set_headers(const ProbeSettings& settings);
  void set_callbacks();
  void add_headers(const std::vector<std::string>& own);
  std::optional<Refused> refusal(const Ending& ending) const;
  bool expected(int status) const;
  core::Millis passed(std::chrono::microseconds took) const;
  std::unique_ptr<EvidenceText> evidence();

  void ask(RawExchange& exchange) const;
  bool keeps(int status) const;
  std::size_t body_kept() const;

  static std::size_t on_head(char* bytes, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* self);
  static int on_sending(void* user, char*, char*, int, int);

  Network* network_;
  const Identity* identity_;
  std::unique_ptr<Signer> signer_;      // null: it is not signed, or cannot be
  const Refusals* refusals_ = nullptr;  // of its kind; null: it is not signed
  bool uses_keys_ = false;              // it is signed, or a header of it stands in a file
  std::optional<ProbeSettings> fresh_;  // with such headers as they are now
  std::uint64_t keys_version_ = 0;
  core::Instant keys_end_ = core::kOpenEnd;
  HeaderList headers_;
  std::size_t lasting_headers_ = 0;  // the rest is of this request alone
  HeaderList connect_to_;
  ParsedUrl url_;  // as it is sent
  Easy easy_;
  Network::Sockets sockets_;
  Answer answer_;
  Capture capture_;
  bool captures_ = false;  // the answer that arrives
  bool keeps_every_answer_ = false;
  std::shared_ptr<const record::TlsSeen> server_;  // of the last new connection; null: none yet
  RefusalWatch refusal_;
  std::optional<Refused> refused_;
  // How the transfer ended, in libcurl's longest words (CURL_ERROR_SIZE): of TLS only.
  std::array<char, 256> ended_{};
  std::shared_ptr<const Probe> probe_;
  std::shared_ptr<const Trust> trust_;
  std::uint64_t trust_version_ = 0;
  core::Instant due_;
  core::Instant started_;
  int sendings_ = 0;
  bool choosy_ = false;  // not every kept connection is good enough
  std::string detail_;   // made when it is first needed

  friend class Pool;
  std::list<Transfer>::iterator self_;  // its place in the pool
  Transfer* next_idle_ = nullptr;       // of the same probe
};

}  // namespace recoup::sources::probe
