#pragma once

#include <string>

#include "record/secret.h"
#include "rules/probe_keys.h"

namespace recoup::sources::probe {

// Credentials sign requests to AWS (Signature Version 4). They come from the environment, and
// leave it for libcurl alone.
struct Credentials {
  record::Secret access_key;
  record::Secret secret_key;
  record::Secret session_token;  // empty for a user's own key

  bool complete() const { return !access_key.empty() && !secret_key.empty(); }
};

// From AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN; empty where they are not
// set.
Credentials credentials_from(const documents::Environment& environment);

// The URL with its query in the canonical order and encoding of Signature Version 4: pairs sorted
// by their encoded names, then values; everything but A-Z a-z 0-9 - . _ ~ percent-encoded; a "+" is
// a space. The rest of the URL stays as it is, without the fragment, which is never sent.
std::string canonical_url(const std::string& url);

// The host, and the port where the URL names one: what the Host header must say.
std::string host_of(const std::string& url);

}  // namespace recoup::sources::probe
