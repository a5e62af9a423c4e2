#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/time.h"
#include "documents/files.h"
#include "sources/probe/credentials/credentials.h"
#include "sources/probe/credentials/found_keys.h"
#include "sources/probe/easy.h"
#include "sources/probe/refusal.h"
#include "sources/probe/url.h"

namespace recoup::sources::probe {

struct ProbeSettings;

// Signer signs the requests that one libcurl handle sends for one probe. One thread.
class Signer {
 public:
  virtual ~Signer() = default;

  // How the URL must be spelled when it is sent, because it is signed so.
  virtual Url spelled(Url url) const { return url; }

  // Sets what all requests of the probe have in common, once for each handle. `headers` holds the
  // probe's own, among them Host.
  virtual void configure(void* easy, HeaderList& headers) const = 0;

  // Called when a request begins: the headers that are its alone, such as a date, a nonce or a
  // signature over them, each as "Name: value". None where libcurl makes them as it sends.
  virtual std::vector<std::string> begin(core::Instant now) = 0;
};

// SignerKind is one way to sign requests: a row of the table in signer.cc, and a file of its own in
// signers/.
struct SignerKind {
  std::string_view name;                     // in settings: `sign = { by = NAME, … }`
  std::vector<std::string_view> needs = {};  // variables of the environment
  std::vector<std::string_view> takes = {};  // more of them, where they are set
  // What the settings must say it signs for.
  struct Scope {
    bool service = false;
    bool region = false;
  } scope = {};
  // What else the settings must and may say (rules::Signing::says), and the key of its secret.
  struct Says {
    std::vector<std::string_view> needs = {}, takes = {};
    std::string_view secret = {};
    bool needs_secret = false;
  } says = {};
  // Where its credentials are found; null: in the environment alone.
  FindKeys find_elsewhere = nullptr;
  // For a probe that is signed by it; the signer keeps what it needs of both.
  std::unique_ptr<Signer> (*make)(const ProbeSettings& settings,
                                  const Credentials& credentials) = nullptr;
  Refusals refusals = {};
};

// What a row of the table makes.
template <typename Kind>
std::unique_ptr<Signer> make_signer(const ProbeSettings& settings, const Credentials& credentials) {
  return std::make_unique<Kind>(settings, credentials);
}

// Their names, the usual one first.
std::vector<std::string> signer_names();

// The one of that name, the usual one where it is empty; null where there is none.
const SignerKind* find_signer(std::string_view name);

// The credentials that requests are signed with by that signer: where it finds them, or what the
// environment has; what lacks of that is the error's help.
core::Result<FoundKeys> find_keys(const SignerKind& kind, const rules::Signing& how,
                                  const documents::Environment& environment,
                                  const core::Clock& clock);

}  // namespace recoup::sources::probe
