#include "base/secret.h"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "base/error.h"
#include "base/file.h"
#include "error_of.h"

namespace offstage::secret_test {

using Catch::Matchers::Contains;

TEST_CASE("a secret comes from a file, without its last new line", "[base][secret]") {
  const TemporaryFolder folder;
  write_file(folder.path() / "password", "hunter2 \n");
  SecretStore store;
  store.add("password", SecretSource::parse("file:" + (folder.path() / "password").string()));
  CHECK(store.get("password").reveal() == "hunter2 ");
}

TEST_CASE("a secret comes from a descriptor", "[base][secret]") {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  REQUIRE(::write(ends[1], "abc\n", 4) == 4);
  ::close(ends[1]);
  SecretStore store;
  store.add("key", SecretSource::parse("fd:" + std::to_string(ends[0])));
  ::close(ends[0]);
  CHECK(store.get("key").reveal() == "abc");
}

TEST_CASE("a descriptor of the program's own is no secret's source", "[base][secret]") {
  std::array<int, 2> ends{};
  REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
  const FileDescriptor from(ends[0]);
  const FileDescriptor to(ends[1]);
  REQUIRE(::write(to.get(), "abc\n", 4) == 4);
  SecretStore store;
  const Until soon = Until::in(Milliseconds(5000));
  const Error error = test::error_of(
      [&] { store.add("key", SecretSource::parse("fd:" + std::to_string(from.get())), soon); });
  CHECK(error.kind() == Kind::usage);
}

TEST_CASE("a secret comes from a command, and a failing command is an error", "[base][secret]") {
  SecretStore store;
  store.add("key", SecretSource::parse("command:printf 'a b'"));
  CHECK(store.get("key").reveal() == "a b");
  CHECK_THROWS_AS(store.add("other", SecretSource::parse("command:echo leaked; exit 3")), Error);
}

TEST_CASE("a folder gives one secret a file and hidden files none", "[base][secret]") {
  const TemporaryFolder folder;
  write_file(folder.path() / "email", "a@example.com\n");
  write_file(folder.path() / ".swap", "no");
  SecretStore store;
  store.add_folder(folder.path());
  CHECK(store.names() == std::vector<std::string>{"email"});
}

TEST_CASE("a missing secret says how to give it", "[base][secret]") {
  const Error error = test::error_of([&] { static_cast<void>(SecretStore().get("password")); });
  CHECK(error.kind() == Kind::usage);
  CHECK_THAT(error.explain(), Contains("--secret password=file:PATH"));
}

TEST_CASE("an empty secret and an empty source are errors", "[base][secret]") {
  SecretStore store;
  CHECK_THROWS_AS(store.add("key", SecretSource::parse("command:true")), Error);
  CHECK_THROWS_AS(SecretSource::parse("file:"), Error);
  CHECK_THROWS_AS(SecretSource::parse("fd:x"), Error);
}

TEST_CASE("a one-time code is six digits from a base32 key or an otpauth address", "[base][secret]") {
  SecretStore store;
  store.add("plain", Secret("JBSW Y3DP EHPK 3PXP"));
  store.add("address", Secret("otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&issuer=y"));
  const Secret code = store.one_time_code("plain");
  CHECK(code.reveal().size() == 6);
  CHECK(code.reveal().find_first_not_of("0123456789") == std::string::npos);
  store.add("bad", Secret("not base32!"));
  CHECK_THROWS_AS(store.one_time_code("bad"), Error);
}

TEST_CASE("an error about a one-time-code key does not show the key", "[base][secret]") {
  SecretStore store;
  store.add("totp", Secret("0189secretsecret"));
  const Error error = test::error_of([&] { static_cast<void>(store.one_time_code("totp")); });
  CHECK_THAT(error.explain(), !Contains("secretsecret"));
}

TEST_CASE("secrets are taken out of text wherever they stand", "[base][secret]") {
  SecretStore store;
  store.add("password", Secret("hunter2!"));
  CHECK(store.redacted("a hunter2! b hunter2!") == "a [secret password] b [secret password]");
}

TEST_CASE("the address that signs in is a name, and stays readable in logs", "[secret]") {
  SecretStore store;
  store.add("email", Secret("offstage@example.com"));
  CHECK(store.redacted("signed in as offstage@example.com") == "signed in as offstage@example.com");
}

TEST_CASE("one-time codes that were given out are taken out of text", "[base][secret]") {
  SecretStore store;
  store.add("totp", Secret("JBSWY3DPEHPK3PXP"));
  const std::string code = store.one_time_code("totp").reveal();
  CHECK(store.redacted("the console says: " + code + " is wrong") ==
        "the console says: [one-time code] is wrong");
}

TEST_CASE("of secrets that begin alike the longer one is taken out whole", "[base][secret]") {
  SecretStore store;
  store.add("a", Secret("hunter"));
  store.add("b", Secret("hunter2-and-more"));
  store.add("c", Secret("secret"));
  CHECK(store.redacted("hunter2-and-more, hunter, secret") == "[secret b], [secret a], [secret c]");
}

TEST_CASE("an otpauth address that asks for other codes than six digits of SHA-1 every 30 seconds is refused",
          "[base][secret]") {
  SecretStore store;
  const std::string key = "secret=JBSWY3DPEHPK3PXP";
  for (const char* good : {"otpauth://totp/x?digits=6&period=30&algorithm=SHA1&", "otpauth://totp/a%3Ab?",
                           "otpauth://TOTP/x?algorithm=sha1&image=secret=none&"}) {
    CAPTURE(good);
    store.add("good", Secret(good + key));
    CHECK(store.one_time_code("good").reveal().size() == 6);
  }
  for (const char* bad : {"otpauth://totp/x?digits=8&", "otpauth://totp/x?period=60&",
                          "otpauth://totp/x?algorithm=SHA256&", "otpauth://hotp/x?counter=1&"}) {
    CAPTURE(bad);
    store.add("bad", Secret(bad + key));
    const Error error = test::error_of([&] { static_cast<void>(store.one_time_code("bad")); });
    CHECK(error.kind() == Kind::usage);
    CHECK_THAT(error.explain(), Contains("six digits") && !Contains("JBSWY"));
  }
  store.add("none", Secret("otpauth://totp/x?issuer=y"));
  CHECK_THROWS_AS(store.one_time_code("none"), Error);
}

TEST_CASE("a link that leads to itself gives no secret, and keeps none of the others away",
          "[base][secret]") {
  const TemporaryFolder folder;
  std::filesystem::create_symlink("loop", folder.path() / "loop");
  write_file(folder.path() / "email", "a@example.com");
  SecretStore store;
  store.add_folder(folder.path());
  CHECK(store.names() == std::vector<std::string>{"email"});
}

TEST_CASE("a command that a signal ended is told as that", "[base][secret]") {
  SecretStore store;
  const auto words = [&](const std::string& command) {
    return test::error_of([&] { store.add("key", SecretSource::parse("command:" + command)); }).explain();
  };
  CHECK_THAT(words("kill -KILL $$"), Contains("signal 9"));
  CHECK_THAT(words("exit 3"), Contains("status 3"));
}

TEST_CASE("a secret that does not come in time is given up, and its command ended with all it started",
          "[base][secret]") {
  const TemporaryFolder folder;
  const std::string alive = (folder.path() / "alive").string();
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  REQUIRE(::mkfifo((folder.path() / "fifo").c_str(), 0600) == 0);
  for (const std::string& source :
       {"command:(sleep 60; echo late) & echo $! > " + alive + "; wait",
        std::string("command:exec >&-; sleep 60"), "fd:" + std::to_string(ends[0]),
        "file:" + (folder.path() / "fifo").string()}) {
    CAPTURE(source);
    SecretStore store;
    const auto begun = Clock::now();
    const Error error =
        test::error_of([&] { store.add("key", SecretSource::parse(source), Until::in(Milliseconds(300))); });
    CHECK(error.kind() == Kind::unreachable);
    CHECK(Clock::now() - begun < std::chrono::seconds(30));
  }
  ::close(ends[0]);
  ::close(ends[1]);
  // Gone, or a zombie that somebody else has to clear away.
  const std::string process = "/proc/" + std::to_string(std::stoi(read_file(alive))) + "/cmdline";
  const Until patience = Until::in(Milliseconds(10'000));
  while (std::filesystem::exists(process) && !read_file(process).empty() && !patience.over())
    std::this_thread::yield();
  CHECK_FALSE(patience.over());
}

TEST_CASE("a stop request ends the reading of a secret", "[base][secret]") {
  std::stop_source stop;
  stop.request_stop();
  SecretStore store;
  const Error error = test::error_of([&] {
    store.add("key", SecretSource::parse("command:sleep 60"),
              Until::in(Milliseconds(60'000), stop.get_token()));
  });
  CHECK(error.kind() == Kind::interrupted);
}

TEST_CASE("a command that gives a secret finds the signals as any program does", "[base][secret]") {
  sigset_t blocked;
  sigset_t before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &blocked, &before);
  const auto pipe_before = std::signal(SIGPIPE, SIG_IGN);
  SecretStore store;
  store.add("key", SecretSource::parse("command:grep -E '^Sig(Blk|Ign)' /proc/self/status"));
  std::signal(SIGPIPE, pipe_before);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  CHECK_THAT(store.get("key").reveal(), Contains("SigBlk:\t0000000000000000"));
  // Two signals above those that have names are the C library's own.
  const std::string ignored = store.get("key").reveal().substr(store.get("key").reveal().find("SigIgn:") + 8);
  CHECK((std::stoull(ignored, nullptr, 16) & 0x7fffffff) == 0);
}

}  // namespace offstage::secret_test
