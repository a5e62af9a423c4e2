#pragma once

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <thread>
#include <utility>

#include "core/world.h"

namespace recoup::test {

// SimWorld is a machine in which time passes only while everybody waits: then it jumps to what the
// first of them waits for. Its threads are real ones of which a single one runs at a time, until it
// waits, so that every run is the same. The thread that makes it is one of them, and the only one
// that may drive it.
class SimWorld final : public core::Clock, public core::Threads {
 public:
  explicit SimWorld(core::Instant wall) : wall_(wall) {
    current_ = main_;
    running_ = main_;
  }
  ~SimWorld() override { current_ = nullptr; }
  SimWorld(const SimWorld&) = delete;
  SimWorld& operator=(const SimWorld&) = delete;

  core::World world() { return {*this, *this}; }

  core::Instant wall() const override {
    return wall_ + std::chrono::floor<core::Millis>(passed_ + suspended_) + stepped_;
  }
  core::MonoTime mono() const override { return core::MonoTime(std::chrono::hours(1)) + passed_; }
  std::chrono::nanoseconds boot() const override {
    return std::chrono::hours(2) + passed_ + suspended_;
  }

  bool await(std::unique_lock<std::mutex>& lock, core::Condition&, const std::stop_token& stop,
             core::MonoTime until, const std::function<bool()>& done) const override {
    lock.unlock();
    try {
      hand_over({&stop, until, &done, true});
    } catch (...) {
      lock.lock();
      throw;
    }
    lock.lock();
    return done();
  }

  std::unique_ptr<core::Thread> start(const std::string& name, Body body) override {
    return std::make_unique<SimThread>(*this, name, std::move(body));
  }

  // Lets the others run for that time.
  void pass(std::chrono::nanoseconds time) { pause({}, mono() + time); }
  // Until the wall clock shows that.
  void run_until(core::Instant at) { pass(at - wall()); }

  // The machine sleeps; nobody runs meanwhile.
  void suspend(core::Millis time) { suspended_ += time; }
  // The wall clock is set.
  void step(core::Millis by) { stepped_ += by; }

  // Ends all other threads where they wait, as the end of a process does: what they wait for throws
  // what no program catches, and nothing is done in order any more.
  void kill() {
    killed_ = true;
    const std::function<bool()> all_ended = [this] { return none_left(); };
    hand_over({nullptr, core::kNever, &all_ended, false});
    killed_ = false;
  }

 private:
  struct Killed {};

  // What a thread waits for.
  struct Wait {
    const std::stop_token* stop = nullptr;
    core::MonoTime until = core::kNever;
    const std::function<bool()>* done = nullptr;
    bool may_be_killed = false;
  };

  struct Task {
    std::string name;
    Wait wait;
    std::condition_variable turn;
    bool ended = false;
  };

  class SimThread final : public core::Thread {
   public:
    SimThread(SimWorld& world, const std::string& name, Body body)
        : world_(world), task_(world.add(name)), thread_([this, body = std::move(body)] {
            world_.enter(task_);
            try {
              body(stop_.get_token());
            } catch (const Killed&) {
            }
            world_.leave(task_);
          }) {}
    ~SimThread() override {
      stop_.request_stop();
      SimThread::join();
    }
    void request_stop() override { stop_.request_stop(); }
    void join() override {
      if (!thread_.joinable()) return;
      const std::function<bool()> ended = [this] { return task_.ended; };
      world_.hand_over({nullptr, core::kNever, &ended, false});
      thread_.join();
    }

   private:
    SimWorld& world_;
    std::stop_source stop_;
    Task& task_;
    std::thread thread_;
  };

  Task& add(const std::string& name) {
    const std::lock_guard lock(mutex_);
    Task& task = tasks_.emplace_back();
    task.name = name;
    task.wait.until = mono();
    return task;
  }

  // A new thread waits for its first turn.
  void enter(Task& task) {
    std::unique_lock lock(mutex_);
    current_ = &task;
    task.turn.wait(lock, [&] { return running_ == &task; });
  }

  void leave(Task& task) {
    const std::lock_guard lock(mutex_);
    task.ended = true;
    give_turn(next());
  }

  bool none_left() const {
    for (const Task& task : tasks_) {
      if (&task != main_ && !task.ended) return false;
    }
    return true;
  }

  // The thread that runs waits; the next one runs, which may be itself.
  void hand_over(const Wait& wait) const {
    Task& me = *current_;
    std::unique_lock lock(mutex_);
    me.wait = wait;
    give_turn(next());
    me.turn.wait(lock, [&] { return running_ == &me; });
    if (killed_ && wait.may_be_killed && &me != main_) throw Killed();
  }

  void give_turn(Task& task) const {
    running_ = &task;
    task.turn.notify_one();
  }

  bool may_go_on(const Task& task) const {
    const Wait& wait = task.wait;
    if (task.ended) return false;
    if (killed_ && wait.may_be_killed && &task != main_) return true;
    return wait.until <= mono() || (wait.stop != nullptr && wait.stop->stop_requested()) ||
           (wait.done != nullptr && (*wait.done)());
  }

  // The first that may go on; where none may, the time passes until one does.
  Task& next() const {
    for (Task& task : tasks_) {
      if (may_go_on(task)) return task;
    }
    Task* first = nullptr;
    for (Task& task : tasks_) {
      if (!task.ended && (first == nullptr || task.wait.until < first->wait.until)) first = &task;
    }
    if (first == nullptr || first->wait.until == core::kNever) {
      for (const Task& task : tasks_) {
        if (!task.ended)
          std::fprintf(stderr, "simulation: '%s' waits for ever\n", task.name.c_str());
      }
      std::abort();
    }
    passed_ += first->wait.until - mono();
    return *first;
  }

  static inline thread_local Task* current_ = nullptr;

  // All below is the running thread's alone; the mutex hands it from one to the next. Waiting
  // changes who runs and what time it is, and is const as by any clock.
  mutable std::mutex mutex_;
  mutable std::deque<Task> tasks_{1};
  Task* const main_ = &tasks_.front();
  mutable Task* running_ = nullptr;
  const core::Instant wall_;
  mutable std::chrono::nanoseconds passed_{0};
  core::Millis suspended_{0};
  core::Millis stepped_{0};
  bool killed_ = false;
};

}  // namespace recoup::test
