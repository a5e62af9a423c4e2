#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

// TlsServer is a real HTTPS server on 127.0.0.1 and a free port that answers every request with 200
// and says how it was reached. Each connection has its own thread.
class TlsServer {
 public:
  struct Seen {
    std::size_t connection = 0;  // 0 for the first that was accepted
    bool resumed = false;        // by a session of an earlier connection
    std::string server_name;     // asked for by the client; empty where it asked for none
    std::string client;          // common name of the client's certificate; empty without one
    std::string host;            // the Host header
  };

  struct Options {
    std::string certificate;  // file
    std::string key;          // file
    std::string client_ca;    // file; empty: no certificate is asked for
    bool keep = true;         // connections stay open
  };

  explicit TlsServer(const Options& options);
  ~TlsServer();

  int port() const;
  std::string url(const std::string& host = "127.0.0.1") const;

  // Requests so far, in the order of their arrival.
  std::vector<Seen> seen() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};
