#include "workflow/heartbeat.h"

#include <array>
#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "base/error.h"

namespace offstage::heartbeat_test {

using workflow::beat_to_descriptor;
using workflow::Heartbeat;

namespace {

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
    reading.reset(ends[0]);
    writing.reset(ends[1]);
  }
  /// The next bytes that come; "" at the end.
  std::string next() const {
    std::array<char, 4096> buffer{};
    const ssize_t count = ::read(reading.get(), buffer.data(), buffer.size());
    return {buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0))};
  }
  /// The writing end as a caller hands it over: open for the program that it starts.
  int handed_over() {
    const int fd = writing.release();
    ::fcntl(fd, F_SETFD, 0);
    return fd;
  }
  FileDescriptor reading;
  FileDescriptor writing;
};

}  // namespace

TEST_CASE("a heartbeat says what is being done, one line of JSON each time", "[heartbeat]") {
  Pipe pipe;
  const auto beat = beat_to_descriptor(pipe.handed_over());
  beat("listing team\nacme");
  const std::string line = pipe.next();
  CHECK(line.back() == '\n');
  const Json told = Json::parse(line);
  CHECK(told.at("doing") == "listing team\\nacme");
  CHECK(told.at("time").get<std::string>().ends_with("Z"));
}

TEST_CASE("a heart beats at once and again until it is gone", "[heartbeat]") {
  std::mutex mutex;
  std::condition_variable beaten;
  std::vector<std::string> seen;
  {
    Heartbeat heart;
    heart.doing("working");
    heart.every(Milliseconds(1), [&](const std::string& doing) {
      const std::lock_guard lock(mutex);
      seen.push_back(doing);
      beaten.notify_all();
    });
    std::unique_lock lock(mutex);
    REQUIRE(beaten.wait_for(lock, std::chrono::seconds(20), [&] { return seen.size() >= 3; }));
  }
  CHECK(seen.front() == "working");
}

TEST_CASE("nobody who does not read a heartbeat holds a job up", "[heartbeat]") {
  Pipe pipe;
  const auto beat = beat_to_descriptor(pipe.handed_over());
  for (int i = 0; i < 5000; ++i)
    beat("a line that nobody reads");
  CHECK_FALSE(pipe.next().empty());
}

TEST_CASE("a descriptor for heartbeats is refused when nothing can be written to it", "[heartbeat]") {
  Pipe pipe;
  for (const int fd : {-1, 1, 2, 987, pipe.reading.get()})
    CHECK_THROWS_AS(beat_to_descriptor(fd), Error);
}

TEST_CASE("a descriptor that Offstage opened itself is none for heartbeats, and stays open", "[heartbeat]") {
  Pipe pipe;
  CHECK_THROWS_AS(beat_to_descriptor(pipe.writing.get()), Error);
  CHECK(::fcntl(pipe.writing.get(), F_GETFD) == FD_CLOEXEC);
}

TEST_CASE("a descriptor for heartbeats is closed for the programs that are started", "[heartbeat]") {
  Pipe pipe;
  const int fd = pipe.handed_over();
  const auto beat = beat_to_descriptor(fd);
  CHECK((::fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
}

}  // namespace offstage::heartbeat_test
