#include "browser_support.h"

#include <atomic>
#include <thread>
#include <utility>

#include <httplib.h>

#include "base/text.h"

namespace offstage::test {

struct PageServer::State {
  mutable std::mutex mutex;
  std::map<std::string, Handler> handlers;
  std::vector<Request> requests;
  httplib::Server server;
  int port = 0;
  std::thread thread;
  std::atomic<bool> ends = false;

  void answer(const httplib::Request& from, httplib::Response& to) {
    Request request{from.method, from.path, {}, from.get_header_value("Host"), from.body, {}};
    const std::size_t query = from.target.find('?');
    if (query != std::string::npos) request.query = from.target.substr(query + 1);
    for (const auto& [name, value] : from.headers)
      request.headers[ascii_lower(name)] = value;
    Handler handler;
    {
      const std::lock_guard lock(mutex);
      if (from.path != "/favicon.ico") requests.push_back(request);
      const auto found = handlers.find(from.path);
      if (found != handlers.end()) handler = found->second;
    }
    const Response response = handler ? handler(request) : Response{404, "not here", "text/plain", {}};
    to.status = response.status;
    for (const auto& [name, value] : response.headers)
      to.set_header(name.c_str(), value);
    to.set_header("Cache-Control", "no-store");
    if (response.endless) return dribble(response, to);
    to.set_content(response.body, response.type.c_str());
  }

  void dribble(const Response& response, httplib::Response& to) const {
    to.set_chunked_content_provider(
        response.type.c_str(), [this, left = response.body](std::size_t, httplib::DataSink& sink) mutable {
          if (left.empty()) std::this_thread::sleep_for(Milliseconds(20));
          const std::string piece = left.empty() ? " " : std::exchange(left, "");
          return !ends && sink.write(piece.data(), piece.size());
        });
  }
};

PageServer::PageServer() : state_(std::make_unique<State>()) {
  State& state = *state_;
  const auto answer = [&state](const httplib::Request& from, httplib::Response& to) {
    state.answer(from, to);
  };
  state.server.Get(".*", answer).Post(".*", answer).Put(".*", answer).Patch(".*", answer);
  state.server.Delete(".*", answer).Options(".*", answer);
  // Pages keep connections open; each holds a thread.
  state.server.new_task_queue = [] { return new httplib::ThreadPool(32); };  // NOLINT: the server owns it
  state.server.set_keep_alive_timeout(1);
  state.port = state.server.bind_to_any_port("127.0.0.1");
  state.thread = std::thread([&state] { state.server.listen_after_bind(); });
  while (!state.server.is_running())
    std::this_thread::yield();
}

PageServer::~PageServer() {
  state_->ends = true;
  state_->server.stop();
  state_->thread.join();
}

void PageServer::page(const std::string& path, std::string html) {
  handle(path, [html = std::move(html)](const Request& /*any*/) { return Response{.body = html}; });
}

void PageServer::handle(const std::string& path, Handler handler) {
  const std::lock_guard lock(state_->mutex);
  state_->handlers[path] = std::move(handler);
}

int PageServer::port() const {
  return state_->port;
}

std::string PageServer::address() const {
  return "127.0.0.1:" + std::to_string(port());
}

std::string PageServer::origin(const std::string& host) const {
  return "http://" + host + ":" + std::to_string(port());
}

std::string PageServer::url(const std::string& path, const std::string& host) const {
  return origin(host) + path;
}

std::vector<PageServer::Request> PageServer::requests() const {
  const std::lock_guard lock(state_->mutex);
  return state_->requests;
}

std::vector<std::string> PageServer::seen() const {
  std::vector<std::string> lines;
  for (const Request& request : requests())
    lines.push_back(request.method + " " + request.path);
  return lines;
}

browser::Browser& shared_browser() {
  static const std::unique_ptr<browser::Browser> browser = launch();
  return *browser;
}

std::unique_ptr<browser::Browser> launch(browser::LaunchOptions options) {
  if (!options.mapping && options.fence.open()) {
    options.mapping = browser::HostMapping{{"a.test", "b.test", "c.test", "d.test"}, "127.0.0.1", ""};
  }
  return browser::Browser::launch(options, Until::in(Milliseconds(60'000)));
}

Stage::Stage() : context(shared_browser().new_context(soon())), page(context->new_page(soon())) {}

browser::Page& Stage::show(const std::string& html) {
  server.page("/", html);
  page.navigate(server.url("/"), soon());
  return page;
}

}  // namespace offstage::test
