#pragma once

#include <memory>

#include "config/document.h"
#include "config/probe_keys.h"
#include "config/settings.h"

namespace recoup::config {

// Reads ca_file, client_cert, client_key and server_name of a probe; nothing where none of them
// stands. The files are looked at: what a probe could not be sent with is a complaint. What a key
// file holds is neither kept nor shown.
std::shared_ptr<const ProbeTls> read_probe_tls(const Table& table, const Secrets& secrets);

// Complains about each of these keys where the probe's URL, which is sound, is not one of https.
void check_probe_tls(const Table& table, const ProbeKeys& keys);

}  // namespace recoup::config
