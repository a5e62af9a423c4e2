#pragma once

#include <filesystem>
#include <optional>

#include "config/document.h"
#include "config/web_config.h"

namespace recoup::config {

// Reads the tls_server_config of a web configuration, a table that is not empty; nothing where it
// gives no certificate and key, which was complained about.
std::optional<TlsServer> read_web_tls(const Table& table, const std::filesystem::path& folder);

}  // namespace recoup::config
