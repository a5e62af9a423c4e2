#pragma once

#include <string>

#include "record/probe_result.h"
#include "sources/probe/stages.h"

namespace recoup::sources::probe {

// What libcurl says of the transfer that an easy handle had last, until the handle has another one.

// When its stages were over; `sent` says whether the request went out.
Stages stages_of(void* easy, bool sent, bool tls);

// Whether there was an address to connect to, and whether a connection stood, before TLS.
bool was_resolved(void* easy);
bool was_connected(void* easy);

// Whether the request did not go out on a kept connection.
bool made_connection(void* easy);

// The address that answered; empty where none was connected to.
std::string peer_of(void* easy);

// Puts in what it says of an answer, whose outcome is there already: versions, address, sizes.
void note_answer(void* easy, record::ProbeResult& result);

// The errno that a transfer failed by which ended with that CURLcode; 0 where none did. The last
// socket() or connect() that the caller knows to have failed decides.
int os_error_of(void* easy, int code, int socket_error);

// What was wrong with TLS, most often with a certificate, in OpenSSL's or libcurl's words.
std::string tls_failure(void* easy, int code);

}  // namespace recoup::sources::probe
