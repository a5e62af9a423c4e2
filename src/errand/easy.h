#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace recoup::errand {

// The owners of libcurl's handles. They are plain void* here, as in <curl/curl.h>, so that no
// header of ours needs that one.

// Makes libcurl ready for the process. Does its work once; may be called from any thread.
void make_curl_ready();

struct EasyCleanup {
  void operator()(void* easy) const noexcept;
};
using Easy = std::unique_ptr<void, EasyCleanup>;

// A new easy handle; empty when there is no memory for one.
Easy make_easy();

struct MultiCleanup {
  void operator()(void* multi) const noexcept;
};
using Multi = std::unique_ptr<void, MultiCleanup>;

// A new multi handle; throws std::bad_alloc when there is no memory or descriptor for one.
Multi make_multi();

// HeaderList is libcurl's list of request headers.
class HeaderList {
 public:
  HeaderList() = default;
  HeaderList(const HeaderList&) = delete;
  HeaderList& operator=(const HeaderList&) = delete;
  ~HeaderList();

  void add(const std::string& line);  // "Name: value"
  void shorten(std::size_t size);     // drops what is after the first `size`
  void clear() { shorten(0); }
  std::size_t size() const { return size_; }
  std::vector<std::string> lines() const;
  void* get() const { return list_; }

 private:
  void* list_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace recoup::errand
