#include "console/heroku/server.h"

#include <arpa/inet.h>
#include <array>
#include <condition_variable>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>

#include <fmt/format.h>
#include <httplib.h>

#include "base/error.h"
#include "base/text.h"
#include "console/heroku/certificate.h"

namespace offstage::practice_heroku {
namespace {

// A browser holds six idle connections for each of five hosts, and each takes one of httplib's threads.
constexpr std::size_t threads = 64;
constexpr int highest_descriptor = 1024;

/// Shuts the connection to `peer_port` on 127.0.0.1, or all of them when it is 0. httplib keeps its sockets
/// to itself, so they are found among this process's descriptors.
void shut_connections(int own_port, int peer_port) {
  for (int fd = 3; fd < highest_descriptor; ++fd) {
    sockaddr_in own{};
    sockaddr_in peer{};
    socklen_t own_size = sizeof own;
    socklen_t peer_size = sizeof peer;
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&own), &own_size) != 0) continue;
    if (own.sin_family != AF_INET || ntohs(own.sin_port) != own_port) continue;
    if (::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &peer_size) != 0) continue;
    if (peer_port == 0 || ntohs(peer.sin_port) == peer_port) ::shutdown(fd, SHUT_RDWR);
  }
}

Request taken(const httplib::Request& from) {
  Request request;
  request.method = from.method;
  request.target = from.target;
  request.body = from.body;
  for (const auto& [name, value] : from.headers) {
    std::string& held = request.headers[ascii_lower(name)];
    held = held.empty() ? value : held + "; " + value;
  }
  request.host = ascii_lower(request.header("host"));
  return request;
}

}  // namespace

struct Server::State {
  State(Practice& the_practice, Milliseconds the_latency)
      : practice(the_practice),
        latency(the_latency),
        certificate(hosts()),
        spki(certificate.spki_hash()),
        server(certificate.certificate(), certificate.key()) {}

  Practice& practice;
  Milliseconds latency;
  Certificate certificate;
  std::string spki;
  httplib::SSLServer server;
  int port = 0;
  std::mutex mutex;
  std::condition_variable_any wake;
  bool ending = false;
  std::atomic<bool> ended{false};
  std::thread thread;

  /// Waits `span`, or until the server ends.
  void pause(Milliseconds span) {
    std::unique_lock<std::mutex> lock(mutex);
    wake.wait_for(lock, span, [this] { return ending; });
  }

  void answer(const httplib::Request& from, httplib::Response& to) {
    if (latency.count() > 0) pause(latency);
    const Response response = practice.handle(taken(from));
    if (response.ending == Response::Ending::silence) pause(std::chrono::hours(24));
    if (response.ending != Response::Ending::answer) {
      shut_connections(port, from.remote_port);
      return;
    }
    to.status = response.status;
    for (const auto& [name, value] : response.headers)
      to.set_header(name, value);
    to.set_content(response.body, response.content_type);
  }

  void prepare() {
    const auto handler = [this](const httplib::Request& from, httplib::Response& to) { answer(from, to); };
    const std::string anything = R"([\s\S]*)";
    server.Get(anything, handler);
    server.Post(anything, handler);
    server.Put(anything, handler);
    server.Patch(anything, handler);
    server.Delete(anything, handler);
    server.Options(anything, handler);
    server.set_exception_handler(
        [](const httplib::Request&, httplib::Response& to, std::exception_ptr thrown) {
          to.status = 500;
          try {
            std::rethrow_exception(std::move(thrown));
          } catch (const std::exception& error) {
            to.set_content(fmt::format("The practice console failed: {}\n", error.what()), "text/plain");
          }
        });
    server.new_task_queue = [] { return new httplib::ThreadPool(threads); };  // NOLINT: httplib owns it
    server.set_keep_alive_max_count(1000000);
    server.set_keep_alive_timeout(30);
    server.set_tcp_nodelay(true);
    server.set_payload_max_length(1U << 20U);
    // Without httplib's SO_REUSEPORT, a second console on the same port is refused instead of mixed in.
    server.set_socket_options([](int fd) {
      const int yes = 1;
      ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
  }
};

Server::Server(Practice& practice, int port, Milliseconds latency)
    : state_(std::make_unique<State>(practice, latency)) {
  State& state = *state_;
  state.prepare();
  state.port = port == 0 ? state.server.bind_to_any_port("127.0.0.1") : port;
  if (port != 0 && !state.server.bind_to_port("127.0.0.1", port)) {
    throw Error(Kind::usage,
                fmt::format("port {} on 127.0.0.1 cannot be used: something else may have it", port),
                "give another --port, or none to take any that is free");
  }
  if (state.port <= 0) throw Error(Kind::usage, "no free port on 127.0.0.1");
  state.thread = std::thread([&state] {
    state.server.listen_after_bind();
    state.ended = true;
  });
  while (!state.server.is_running() && !state.ended)
    std::this_thread::yield();
}

Server::~Server() {
  {
    const std::lock_guard<std::mutex> lock(state_->mutex);
    state_->ending = true;
  }
  state_->wake.notify_all();
  state_->server.stop();
  // Threads that wait for a browser's next request wake when its connection is shut.
  while (!state_->ended) {
    shut_connections(state_->port, 0);
    std::this_thread::sleep_for(Milliseconds(10));
  }
  state_->thread.join();
}

int Server::port() const {
  return state_->port;
}

const std::string& Server::spki_hash() const {
  return state_->spki;
}

}  // namespace offstage::practice_heroku
