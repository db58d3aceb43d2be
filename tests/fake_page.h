#pragma once

#include <deque>
#include <map>
#include <thread>

#include <fmt/format.h>

#include "base/text.h"
#include "browser/browser.h"

namespace offstage::test {

/// What stands on a fake page under one selector.
struct FakeElement {
  std::string text;
  bool visible = true;
  int count = 1;
  Json attributes = Json::object();
  Json properties = Json::object();
};

/// A page without a browser: elements by selector, callbacks for what actions cause, and a list of all that
/// was done. Waits do not wait: what does not hold now is a Miss. One thread.
class FakePage : public browser::Page {
 public:
  std::map<std::string, FakeElement> elements;
  std::string address = "https://console.test/";
  std::vector<std::string> loading;            ///< what in_flight tells
  std::vector<std::string> done;               ///< "click #go", "fill #name=bob", …
  std::vector<browser::ClickOptions> clicks;   ///< the options of each click that went through
  std::vector<browser::Query> queries;         ///< of each action
  std::vector<browser::Condition> conditions;  ///< of each wait and look
  std::optional<browser::Dialog> open_dialog;
  std::map<std::string, std::function<void()>> on_click;  ///< by selector
  std::function<void(const std::string&)> on_navigate;
  std::function<void(bool accepted)> on_dialog;
  std::function<Json(const browser::Extraction&)> on_extract;
  std::function<void(const browser::Condition&)> before_look;
  /// What a click that went through comes to in the end, where that is a miss.
  std::optional<browser::Miss> broken_off;
  std::string bypassed;  ///< what a gate says of it
  int navigate_status = 200;
  int navigations = 0;
  bool expression_holds = true;
  bool is_closed = false;

  /// The page sends a request, as its script would after a click.
  void send(const std::string& method, const std::string& url, int status, const std::string& body = {},
            const std::string& failure = {}) {
    Exchange exchange{method, url, status, failure, body, {}};
    const bool safe = method == "GET" || method == "HEAD" || method == "OPTIONS";
    if (!gate_ || safe) {
      sent.push_back(method + " " + url);
    } else if (gate_->rule(method, url, {})) {
      sent.push_back(method + " " + url);
      gate_->allowed.push_back(exchange);
    } else {
      exchange.status = 0;
      exchange.failure = "blocked";
      gate_->refused.push_back(exchange);
    }
  }
  std::vector<std::string> sent;  ///< requests that left the browser

  std::string target_id() const override { return "fake"; }
  std::string url() const override { return address; }
  std::string title(const Until&) override { return "Fake"; }
  bool closed() const override { return is_closed; }

  int navigate(const std::string& url, const Until&) override {
    done.push_back("navigate " + url);
    address = url;
    ++navigations;
    if (on_navigate) on_navigate(url);
    return navigate_status;
  }
  void reload(const Until&) override { done.emplace_back("reload"); }
  void close(const Until&) override {
    done.emplace_back("close");
    is_closed = true;
  }

  browser::Outcome click(const browser::FramePath&, const browser::Query& query,
                         const browser::ClickOptions& options, const Until&) override {
    queries.push_back(query);
    browser::Outcome outcome = find(query);
    if (outcome.miss) return outcome;
    for (const browser::Condition& guard : options.guard) {
      if (const auto miss = look(guard)) {
        outcome.miss = miss;
        outcome.miss->why = browser::Miss::Why::guard;
        return outcome;
      }
    }
    clicks.push_back(options);
    const std::string selector = used(query, outcome);
    done.push_back("click " + selector);
    if (const auto found = on_click.find(selector); found != on_click.end()) found->second();
    outcome.dialog_opened = open_dialog.has_value();
    outcome.miss = broken_off;
    outcome.reached = broken_off.has_value();
    return outcome;
  }
  browser::Outcome hover(const browser::FramePath&, const browser::Query& query, const Until&) override {
    return act("hover", query);
  }
  browser::Outcome fill(const browser::FramePath&, const browser::Query& query, const std::string& value,
                        const Until&) override {
    return act("fill", query, "=" + value);
  }
  browser::Outcome fill(const browser::FramePath&, const browser::Query& query, const Secret& value,
                        const Until&) override {
    return act("fill", query, fmt::format("=secret of {} bytes", value.reveal().size()));
  }
  browser::Outcome scroll(const browser::FramePath&, const std::optional<browser::Query>& query, double x,
                          double y, const Until&) override {
    if (query) return act("scroll", *query, fmt::format(" {} {}", x, y));
    done.push_back(fmt::format("scroll {} {}", x, y));
    return {};
  }
  browser::Outcome scroll_on(const browser::FramePath&, const std::optional<browser::Query>& box,
                             const browser::Query&, const Until&) override {
    if (box) return act("scroll on", *box);
    done.emplace_back("scroll on");
    return {};
  }
  void key_down(const std::string& key, const Until&) override { done.push_back("down " + key); }
  void key_up(const std::string& key, const Until&) override { done.push_back("up " + key); }

  std::optional<browser::Miss> wait_for(const browser::FramePath&, const browser::Condition& condition,
                                        const Until& until) override {
    if (until.stop.stop_requested()) throw Error(Kind::interrupted, "stopped");
    return look(condition);
  }
  std::variant<int, std::vector<browser::Miss>> wait_for_any(const browser::FramePath&,
                                                             const std::vector<browser::Condition>& list,
                                                             const Until&) override {
    std::vector<browser::Miss> misses;
    for (std::size_t i = 0; i < list.size(); ++i) {
      const auto miss = look(list[i]);
      if (!miss) return static_cast<int>(i);
      misses.push_back(*miss);
    }
    return misses;
  }
  std::optional<browser::Miss> check(const browser::FramePath& frame, const browser::Condition& condition,
                                     const Until&) override {
    if (!frame.empty()) return browser::Miss{browser::Miss::Why::frame, "no frame", 0, ""};
    return look(condition);
  }
  bool wait_for_expression(const browser::FramePath&, const std::string& expression, const Until&) override {
    done.push_back("expression " + expression);
    return expression_holds;
  }

  Json extract(const browser::FramePath&, const browser::Extraction& extraction, const Until&) override {
    for (const browser::Condition& condition : extraction.ready.value_or(std::vector<browser::Condition>())) {
      if (const auto miss = look(condition)) throw Error(Kind::drift, "not ready: " + miss->explain());
    }
    return on_extract ? on_extract(extraction) : Json::array();
  }
  std::optional<std::string> text(const browser::FramePath&, const browser::Query& query,
                                  const Until&) override {
    const browser::Outcome outcome = find(query);
    if (outcome.miss) return std::nullopt;
    return elements.at(used(query, outcome)).text;
  }

  std::string screenshot(const browser::ScreenshotOptions& options, const Until&) override {
    done.push_back("screenshot keeping " + join(options.keep_addresses, ","));
    return "png";
  }
  std::string html(const browser::FramePath&, const Until&) override { return "<html>"; }

  std::optional<browser::Dialog> dialog() const override { return open_dialog; }
  std::optional<browser::Dialog> wait_for_dialog(const Until&) override { return open_dialog; }
  void handle_dialog(bool accept, const std::string& prompt, const Until&) override {
    done.push_back(accept ? "accept" + (prompt.empty() ? "" : " " + prompt) : "dismiss");
    open_dialog.reset();
    if (on_dialog) on_dialog(accept);
  }

  void set_viewport(const Viewport& viewport, const Until&) override {
    done.push_back(fmt::format("viewport {}x{}", viewport.width, viewport.height));
  }
  void set_network(double download, double upload, double latency, const Until&) override {
    done.push_back(fmt::format("network {} {} {}", download, upload, latency));
  }

  std::unique_ptr<NavigationWatch> watch_navigation(const browser::FramePath&) override {
    return std::make_unique<FakeWatch>(*this);
  }
  std::unique_ptr<RequestGate> gate_requests(RequestRule allow, const Until&) override {
    gate_ = std::make_shared<GateData>();
    gate_->rule = std::move(allow);
    done.emplace_back("gate");
    return std::make_unique<FakeGate>(*this, gate_);
  }
  std::vector<std::string> in_flight() const override { return loading; }

 private:
  struct GateData {
    RequestRule rule;
    std::vector<Exchange> allowed;
    std::vector<Exchange> refused;
    std::size_t told = 0;
  };

  class FakeGate : public RequestGate {
   public:
    FakeGate(FakePage& page, std::shared_ptr<GateData> data) : page_(page), data_(std::move(data)) {}
    FakeGate(const FakeGate&) = delete;
    FakeGate& operator=(const FakeGate&) = delete;
    ~FakeGate() override {
      if (page_.gate_ == data_) page_.gate_.reset();
    }
    std::vector<Exchange> allowed() const override { return data_->allowed; }
    std::vector<Exchange> refused() const override { return data_->refused; }
    std::optional<Exchange> wait_for_answer(const Until& until) override {
      if (until.stop.stop_requested()) throw Error(Kind::interrupted, "stopped");
      while (data_->told < data_->allowed.size()) {
        const Exchange& next = data_->allowed[data_->told++];
        if (next.status != 0 || !next.failure.empty()) return next;
      }
      std::this_thread::sleep_for(Milliseconds(1));
      return std::nullopt;
    }
    bool wait_for_request(const Until&) override {
      return !data_->allowed.empty() || !data_->refused.empty();
    }
    std::string bypassed() const override { return page_.bypassed; }
    void shut() override { page_.done.emplace_back("shut"); }
    void shut_if_awaited() override { page_.done.emplace_back("shut if awaited"); }

   private:
    FakePage& page_;
    std::shared_ptr<GateData> data_;
  };

  class FakeWatch : public NavigationWatch {
   public:
    explicit FakeWatch(FakePage& page) : page_(page), before_(page.navigations) {
      page.done.emplace_back("watch");
    }
    bool wait(const Until&) override { return page_.navigations > before_; }

   private:
    FakePage& page_;
    int before_;
  };

  static std::string used(const browser::Query& query, const browser::Outcome& outcome) {
    if (query.selectors.empty()) return query.within.empty() ? "" : row_of(query);
    return join(query.selectors.at(static_cast<std::size_t>(outcome.alternative)), " >>> ");
  }

  static std::string row_of(const browser::Query& query) {
    const browser::Within& within = query.within.back();
    return join(within.rows.at(0), " >>> ") + "[" + within.equals + "]";
  }

  browser::Outcome act(const std::string& what, const browser::Query& query, const std::string& more = {}) {
    queries.push_back(query);
    browser::Outcome outcome = find(query);
    if (!outcome.miss) done.push_back(what + " " + used(query, outcome) + more);
    return outcome;
  }

  /// The first alternative under which something stands; of a `within`, the row "selector[value]".
  browser::Outcome find(const browser::Query& query) const {
    browser::Outcome outcome;
    if (query.selectors.empty()) {
      if (!query.within.empty() && !elements.contains(row_of(query)))
        outcome.miss = browser::Miss{browser::Miss::Why::absent, "no row", 0, row_of(query)};
      return outcome;
    }
    for (std::size_t i = 0; i < query.selectors.size(); ++i) {
      outcome.alternative = static_cast<int>(i);
      const auto found = elements.find(used(query, outcome));
      if (found == elements.end() || found->second.count == 0) continue;
      if (query.unique && found->second.count > 1) {
        outcome.miss = browser::Miss{browser::Miss::Why::ambiguous, "two", found->second.count, found->first};
      } else if (!found->second.visible) {
        outcome.miss = browser::Miss{browser::Miss::Why::hidden, "hidden", 1, found->first};
      }
      return outcome;
    }
    outcome.alternative = 0;
    outcome.miss = browser::Miss{browser::Miss::Why::absent, "nothing there", 0, used(query, outcome)};
    return outcome;
  }

  std::optional<browser::Miss> look(const browser::Condition& condition) {
    conditions.push_back(condition);
    if (before_look) before_look(condition);
    const std::string wrong = fault(condition);
    if (wrong.empty() != condition.negate) return std::nullopt;
    return browser::Miss{browser::Miss::Why::condition, wrong, 0, ""};
  }

  std::string fault(const browser::Condition& condition) const {
    if (condition.url && !matches_glob(*condition.url, address)) return "the address is " + address;
    if (condition.query.selectors.empty() && condition.query.within.empty()) return {};
    const browser::Outcome outcome = find(condition.query);
    const bool there = !outcome.miss || outcome.miss->why != browser::Miss::Why::absent;
    if (condition.query.selectors.empty()) return there ? "" : "no such row";
    static const FakeElement nothing{"", false, 0, Json::object(), Json::object()};
    const FakeElement& element = there ? elements.at(used(condition.query, outcome)) : nothing;
    const int count = element.visible || !condition.must_be_visible ? element.count : 0;
    const bool enough = condition.comparison == browser::Condition::Count::exactly ? count == condition.count
                        : condition.comparison == browser::Condition::Count::at_most
                            ? count <= condition.count
                            : count >= condition.count;
    if (!enough) return fmt::format("{} there", count);
    if (condition.text_equals && element.text != *condition.text_equals) return "it reads " + element.text;
    if (condition.text_contains && element.text.find(*condition.text_contains) == std::string::npos)
      return "it reads " + element.text;
    if (condition.names) {
      const auto words = split(element.text, ' ');
      if (std::count(words.begin(), words.end(), *condition.names) != 1) return "it names " + element.text;
    }
    for (const auto& [name, value] : condition.attributes.items()) {
      if (element.attributes.value(name, Json()) != value) return "attribute " + name;
    }
    for (const auto& [name, value] : condition.properties.items()) {
      if (element.properties.value(name, Json()) != value) return "property " + name;
    }
    return {};
  }

  std::shared_ptr<GateData> gate_;
};

/// A context of fake pages; the first is there from the start.
class FakeContext : public browser::Context {
 public:
  FakeContext() { open.push_back(std::make_unique<FakePage>()); }
  FakePage& page() { return *open.front(); }
  browser::Page& new_page(const Until&) override {
    open.push_back(std::make_unique<FakePage>());
    return *open.back();
  }
  std::vector<browser::Page*> pages() override {
    std::vector<browser::Page*> all;
    for (const auto& page : open)
      all.push_back(page.get());
    return all;
  }
  browser::Page* wait_for_page(const std::string& url, const Until&) override {
    for (const auto& page : open) {
      if (page->address == url) return page.get();
    }
    return nullptr;
  }
  std::vector<std::string> fenced() const override { return {}; }
  Secret cookies(const Until&) override { return Secret(jar); }
  void set_cookies(const Secret& cookies, const Until&) override { jar = cookies.reveal(); }

  std::string jar = "[]";
  std::vector<std::unique_ptr<FakePage>> open;
};

}  // namespace offstage::test
