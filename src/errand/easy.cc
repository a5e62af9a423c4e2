#include "errand/easy.h"

#include <new>
#include <utility>

#include <curl/curl.h>

namespace recoup::errand {

void make_curl_ready() {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (ready != CURLE_OK) throw std::bad_alloc();
}

void EasyCleanup::operator()(void* easy) const noexcept { curl_easy_cleanup(easy); }

Easy make_easy() {
  make_curl_ready();
  return Easy(curl_easy_init());
}

void MultiCleanup::operator()(void* multi) const noexcept { curl_multi_cleanup(multi); }

Multi make_multi() {
  make_curl_ready();
  Multi multi(curl_multi_init());
  if (!multi) throw std::bad_alloc();
  return multi;
}

HeaderList::~HeaderList() { clear(); }

void HeaderList::add(const std::string& line) {
  curl_slist* longer = curl_slist_append(static_cast<curl_slist*>(list_), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  list_ = longer;
  ++size_;
}

std::vector<std::string> HeaderList::lines() const {
  std::vector<std::string> all;
  for (const auto* at = static_cast<const curl_slist*>(list_); at != nullptr; at = at->next) {
    all.emplace_back(at->data);
  }
  return all;
}

void HeaderList::shorten(std::size_t size) {
  if (size >= size_) return;
  curl_slist* last = nullptr;
  auto* dropped = static_cast<curl_slist*>(list_);
  for (std::size_t i = 0; i < size; ++i) last = std::exchange(dropped, dropped->next);
  curl_slist_free_all(dropped);
  if (last == nullptr) {
    list_ = nullptr;
  } else {
    last->next = nullptr;
  }
  size_ = size;
}

}  // namespace recoup::errand
