#include "metrics/exposition.h"

#include <chrono>
#include <ostream>
#include <streambuf>
#include <utility>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

namespace recoup::metrics {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Seconds = std::chrono::duration<double>;

// Appends what a stream writes to a string, without the copy that a string stream ends with.
class Appender : public std::streambuf {
 public:
  explicit Appender(std::string& text) : text_(text) {}

 protected:
  std::streamsize xsputn(const char* bytes, std::streamsize size) override {
    text_.append(bytes, static_cast<std::size_t>(size));
    return size;
  }
  int overflow(int c) override {
    if (c != traits_type::eof()) text_ += static_cast<char>(c);
    return c;
  }

 private:
  std::string& text_;
};

ClientMetric labelled(std::initializer_list<Label> labels) {
  ClientMetric metric;
  metric.label.reserve(labels.size());
  for (const Label& label : labels) metric.label.push_back({label.name, std::string(label.value)});
  return metric;
}

}  // namespace

// Only one family at a time is held as structs: with many probes they are larger than their text.
struct Exposition::Impl {
  std::string text;
  Appender appender{text};
  std::ostream stream{&appender};
  std::vector<MetricFamily> family{1};

  void begin(const char* name, const char* help, MetricType type) {
    end();
    family[0].name = name;
    family[0].help = help;
    family[0].type = type;
  }

  void end() {
    if (!family[0].metric.empty()) prometheus::TextSerializer().Serialize(stream, family);
    family[0].metric.clear();
  }
};

Exposition::Exposition() : impl_(std::make_unique<Impl>()) {}
Exposition::~Exposition() = default;

void Exposition::gauge(const char* name, const char* help) {
  impl_->begin(name, help, MetricType::Gauge);
}
void Exposition::counter(const char* name, const char* help) {
  impl_->begin(name, help, MetricType::Counter);
}
void Exposition::histogram(const char* name, const char* help) {
  impl_->begin(name, help, MetricType::Histogram);
}

void Exposition::add(std::initializer_list<Label> labels, double value) {
  ClientMetric metric = labelled(labels);
  if (impl_->family[0].type == MetricType::Counter) {
    metric.counter.value = value;
  } else {
    metric.gauge.value = value;
  }
  impl_->family[0].metric.push_back(std::move(metric));
}

void Exposition::add(std::initializer_list<Label> labels, const record::Histogram& durations) {
  ClientMetric metric = labelled(labels);
  std::uint64_t so_far = 0;
  metric.histogram.bucket.reserve(record::Histogram::kBoundsMs.size());
  for (std::size_t i = 0; i < record::Histogram::kBoundsMs.size(); ++i) {
    so_far += durations.counts()[i];
    const Seconds bound = core::Millis(record::Histogram::kBoundsMs[i]);
    metric.histogram.bucket.push_back({so_far, bound.count()});
  }
  // The serializer adds the bucket of the rest, +Inf, from the count.
  metric.histogram.sample_count = durations.count();
  metric.histogram.sample_sum = Seconds(durations.sum()).count();
  impl_->family[0].metric.push_back(std::move(metric));
}

std::string Exposition::finish() {
  impl_->end();
  return std::move(impl_->text);
}

}  // namespace recoup::metrics
