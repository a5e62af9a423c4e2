#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sources/logs/trail_content.h"
#include "sources/logs/trail_record.h"
#include "sources/logs/trail_share.h"

namespace recoup::sources {

// Audiences finds whom a record concerns. An organisation has hundreds of agreements and a record
// is of one of them or of none, so that not all are asked of each record.
class Audiences {
 public:
  // By account and Region; the numbers are of wishes.
  struct Audience {
    std::string account, region;
    std::vector<std::size_t> of_account;  // whoever wants something of the account
    std::vector<std::size_t> here;        // of these, in the Region
  };

  // The wishes outlive it.
  explicit Audiences(const std::vector<TrailWish>& wishes) : wishes_(wishes) {}

  // Valid until the next call.
  const Audience& of(std::string_view account, std::string_view region);

  const std::vector<TrailWish>& wishes() const { return wishes_; }

 private:
  Audience find(std::string_view account, std::string_view region) const;

  const std::vector<TrailWish>& wishes_;
  std::unordered_map<std::string, Audience> known_;
  const Audience* last_ = nullptr;  // mostly the next one too: a file is of one account and Region
};

// TrailSorting gives each record of one file to the shares of those who want it.
class TrailSorting {
 public:
  // Both outlive it.
  TrailSorting(Audiences& audiences, std::string_view file);

  void add(const TrailRecord& record);
  void malformed(std::string_view expected, std::string_view text);

  // What the file says, without its digest and length.
  TrailContent take();

 private:
  ShareTally& share(std::size_t wish);
  void listen(const TrailRecord& record, const Audiences::Audience& audience);
  void give(const TrailRecord& record, const Audiences::Audience& audience, std::uint64_t number);
  void put_apart(std::string_view what);

  Audiences& audiences_;
  std::string_view file_;
  std::vector<std::unique_ptr<ShareTally>> shares_;  // by wish; none where there was nothing yet
  TrailContent content_;
};

}  // namespace recoup::sources
