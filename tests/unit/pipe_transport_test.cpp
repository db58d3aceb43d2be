#include <condition_variable>
#include <fcntl.h>
#include <mutex>
#include <thread>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "cdp/transport.h"

namespace offstage::pipe_transport_test {

using namespace cdp;

namespace {

/// More than the transport lets a pipe hold.
const std::string large(8 << 20, 'x');

/// What a transport tells. Thread-safe.
class Inbox {
 public:
  Transport::Events events() {
    return {.message =
                [this](std::string message) {
                  note([&] { messages_.push_back(std::move(message)); });
                  if (on_message) on_message();
                },
            .closed = [this](std::string reason) { note([&] { reasons_.push_back(std::move(reason)); }); }};
  }
  /// The messages once there are so many, or the connection has ended, or it took too long.
  std::vector<std::string> messages(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(20),
                      [&] { return messages_.size() >= count || !reasons_.empty(); });
    return messages_;
  }
  /// Why it ended, each time that it was told; waits for the first.
  std::vector<std::string> reasons() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(20), [&] { return !reasons_.empty(); });
    return reasons_;
  }
  bool silent() {
    const std::lock_guard lock(mutex_);
    return messages_.empty() && reasons_.empty();
  }

  std::function<void()> on_message;  // on the transport's thread

 private:
  void note(const std::function<void()>& change) {
    {
      const std::lock_guard lock(mutex_);
      change();
    }
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> messages_;
  std::vector<std::string> reasons_;
};

/// A transport and the two ends that Chrome would hold, which block.
struct Pipes {
  explicit Pipes(std::size_t limit = largest_message) {
    int to[2];
    int from[2];
    REQUIRE(::pipe2(to, O_CLOEXEC) == 0);
    REQUIRE(::pipe2(from, O_CLOEXEC) == 0);
    commands.reset(to[0]);
    answers.reset(from[1]);
    transport = connect_pipe(FileDescriptor(from[0]), FileDescriptor(to[1]), limit);
  }
  void say(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t size = ::write(answers.get(), bytes.data(), bytes.size());
      REQUIRE(size > 0);
      bytes.remove_prefix(static_cast<std::size_t>(size));
    }
  }
  /// The next so many bytes that the transport sends; fewer at the end of the pipe.
  std::string hear(std::size_t count) const {
    std::string heard(count, '\0');
    std::size_t at = 0;
    while (at < count) {
      const ssize_t size = ::read(commands.get(), heard.data() + at, count - at);
      if (size <= 0) break;
      at += static_cast<std::size_t>(size);
    }
    heard.resize(at);
    return heard;
  }

  FileDescriptor commands;
  FileDescriptor answers;
  Inbox inbox;
  std::unique_ptr<Transport> transport;  // first to go: it tells the inbox
};

using List = std::vector<std::string>;

std::string ended(const std::string& text) {
  return text + '\0';
}

}  // namespace

TEST_CASE("messages go into the pipe in order, each ended by a null byte", "[pipe]") {
  Pipes pipes;
  pipes.transport->send("before the start");
  pipes.transport->start(pipes.inbox.events());
  pipes.transport->send("after it");
  CHECK(pipes.hear(26) == ended("before the start") + ended("after it"));
}

TEST_CASE("a message that comes in parts is given whole, and several in one piece each by itself", "[pipe]") {
  Pipes pipes;
  pipes.say("on");
  pipes.transport->start(pipes.inbox.events());
  pipes.say("e" + ended("") + ended("two") + "thr");
  CHECK(pipes.inbox.messages(2) == List{"one", "two"});
  pipes.say(ended("ee"));
  CHECK(pipes.inbox.messages(3) == List{"one", "two", "three"});
}

TEST_CASE("messages larger than the pipes pass in both directions at once", "[pipe]") {
  Pipes pipes;
  pipes.transport->start(pipes.inbox.events());
  pipes.transport->send(large);
  // Reads nothing until all is said: were the transport waiting to write meanwhile, nobody would go on.
  pipes.say(ended(large));
  CHECK(pipes.inbox.messages(1) == List{large});
  CHECK(pipes.hear(large.size() + 1) == ended(large));
}

TEST_CASE("sending waits for nobody, and closing ends what was not read", "[pipe]") {
  Pipes pipes;
  pipes.transport->start(pipes.inbox.events());
  pipes.transport->send(large);
  pipes.transport->send(large);
  pipes.transport->close();
  CHECK(pipes.hear(3 * large.size()).size() < large.size());  // what the pipe held, then its end
  CHECK(pipes.inbox.silent());
}

TEST_CASE("the end of the pipe is told once, after the whole messages before it", "[pipe]") {
  Pipes pipes;
  pipes.say(ended("last words") + "never fini");
  pipes.answers.reset();
  pipes.transport->start(pipes.inbox.events());
  CHECK(pipes.inbox.reasons() == List{"Chrome closed its end of the pipe"});
  CHECK(pipes.inbox.messages(1) == List{"last words"});
  pipes.transport->send("nobody hears this");
  pipes.transport->close();
  CHECK(pipes.inbox.reasons().size() == 1);
}

TEST_CASE("a pipe that nobody reads any more ends the connection, not the process", "[pipe]") {
  Pipes pipes;
  pipes.transport->start(pipes.inbox.events());
  pipes.say(ended("last words"));
  pipes.commands.reset();
  pipes.transport->send("hello");
  CHECK(pipes.inbox.reasons() == List{"Chrome takes no more commands: Broken pipe"});
  CHECK(pipes.inbox.messages(1) == List{"last words"});
}

TEST_CASE("a message over the limit ends the connection", "[pipe]") {
  Pipes pipes(1000);
  pipes.transport->start(pipes.inbox.events());
  pipes.say(ended(std::string(1000, 'x')) + std::string(1001, 'y'));
  CHECK(pipes.inbox.reasons() == List{"Chrome sent a message of more than 1000 bytes"});
  CHECK(pipes.inbox.messages(1) == List{std::string(1000, 'x')});
}

TEST_CASE("the connection ends when too much waits for a Chrome that does not read", "[pipe]") {
  Pipes pipes(4 << 20);
  pipes.transport->start(pipes.inbox.events());
  // One megabyte may be in the pipe and one on its way there.
  for (int i = 0; i < 8; ++i)
    pipes.transport->send(std::string(1 << 20, 'x'));
  CHECK(pipes.inbox.reasons() == List{"Chrome does not read: more than 4194304 bytes wait for it"});
}

TEST_CASE("nothing is told once it is closed, not even what has come", "[pipe]") {
  Pipes pipes;
  pipes.inbox.on_message = [&] { pipes.transport->close(); };
  pipes.say(ended("one") + ended("two"));
  pipes.answers.reset();
  pipes.transport->start(pipes.inbox.events());
  CHECK(pipes.inbox.messages(1) == List{"one"});
  pipes.transport->close();
  pipes.transport->close();
  pipes.transport->send("nobody hears this");
  CHECK(pipes.inbox.messages(1) == List{"one"});
  CHECK(pipes.hear(100).empty());
}

TEST_CASE("what throws while it takes a message ends the connection with its words", "[pipe]") {
  Pipes pipes;
  pipes.inbox.on_message = [] { throw std::runtime_error("cannot take this"); };
  pipes.transport->start(pipes.inbox.events());
  pipes.say(ended("one"));
  CHECK(pipes.inbox.reasons() == List{"cannot take this"});
}

TEST_CASE("a transport that was never started goes quietly", "[pipe]") {
  Pipes pipes;
  pipes.transport->send("hello");
  pipes.transport.reset();
  CHECK(pipes.hear(100).empty());
  CHECK(pipes.inbox.silent());
}

}  // namespace offstage::pipe_transport_test
