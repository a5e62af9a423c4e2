#pragma once

#include <string>

#include "core/result.h"

namespace recoup::documents {

// Done where the text holds at least one certificate in PEM form, and every one in it is whole.
core::Result<void> check_certificates(const std::string& pem);

// Done where the text holds a private key in PEM form without a passphrase. The error shows nothing
// of it.
core::Result<void> check_key(const std::string& pem);

// Done where the key is that of the first certificate. Both have passed the checks above.
core::Result<void> check_pair(const std::string& certificates, const std::string& key);

}  // namespace recoup::documents
