#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "record/series.h"
#include "sources/minute_counters.h"
#include "sources/sdk/datagram.h"

namespace recoup::sources::sdk {

// CountedLog is a log that counts attempts of SDKs: those of services in one Region, and of all
// clients or of some.
struct CountedLog {
  record::SeriesKey key;
  std::vector<std::string> services;  // as SDKs call them
  std::string region;                 // empty: in all that no other log counts them of
  std::vector<std::string> clients;   // empty: all that no other log names
};

// Routes tells which log counts what a datagram says. Of two logs that would, the first one does.
class Routes {
 public:
  void add(CounterId counters, const CountedLog& log);

  // The counters; nothing where no log counts it.
  std::optional<CounterId> find(const Subject& of) const;

 private:
  struct Takers {
    std::optional<CounterId> all;
    std::map<std::string, CounterId, std::less<>> by_client;

    std::optional<CounterId> find(std::string_view client) const;
  };
  using ByRegion = std::map<std::string, Takers, std::less<>>;

  std::map<std::string, ByRegion, std::less<>> by_service_;
};

}  // namespace recoup::sources::sdk
