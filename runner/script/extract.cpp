#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "script/failure.h"
#include "script/members.h"
#include "script/player.h"
#include "script/selectors.h"
#include "script/sight.h"

namespace offstage::script {
namespace {

constexpr std::size_t most_pages = 1000;
/// Rows count as loaded when two looks this far apart see the same.
constexpr Milliseconds between_reads{100};
/// Lists draw what they are scrolled to sooner than this, or not at all.
constexpr Milliseconds drawing{1000};

/// Reads one listing, all of it or nothing.
class Listing {
 public:
  Listing(Player& player, const Step& step, const Until& until)
      : player_(player),
        step_(step),
        until_(until),
        parameters_(step.fields.at("parameters")),
        where_(player.place(step, player.patience(step, until))),
        around_(player.around()) {
    reading_ = reading_from(parameters_, around_);
    reading_.extraction.ready.emplace();
    if (has(parameters_, "ready")) {
      reading_.extraction.ready = conditions_from(parameters_.at("ready"), around_);
    }
    if (has(parameters_, "key")) key_ = parameters_.at("key").get<std::vector<std::string>>();
    if (has(parameters_, "next")) next_ = selectors_from(parameters_.at("next"), around_.values);
  }

  /// Every row that the console lists.
  Json read() {
    take(settled_page());
    total_at_first_ = total_shown();
    if (has(parameters_, "scroll")) {
      follow_scrolling(total_at_first_);
    } else if (!next_.empty()) {
      follow_pages();
    }
    check_total();
    return std::move(rows_);
  }

 private:
  using Keys = std::vector<std::string>;

  std::string key_of(const Json& row) const {
    if (key_.empty()) return row.dump();
    std::string key;
    for (const std::string& name : key_)
      key += row.value(name, Json()).dump() + '\n';
    return key;
  }

  Keys keys_of(const Json& rows) const {
    Keys keys;
    for (const Json& row : rows)
      keys.push_back(key_of(row));
    return keys;
  }

  void wait_until_ready(const Until& patience) {
    for (const browser::Condition& condition : *reading_.extraction.ready) {
      if (const auto miss = where_.page.wait_for(where_.frame, condition, patience)) {
        throw missed(where_.page, *miss, "the rows are not ready");
      }
    }
  }

  Json look(const Until& patience) {
    return reading_.with_defaults(where_.page.extract(where_.frame, reading_.extraction, patience));
  }

  bool shows_empty(const Until& patience) {
    if (!has(parameters_, "empty")) return false;
    return !where_.page.check(where_.frame, condition_from(parameters_.at("empty"), around_), patience);
  }

  /// The rows that the page shows first, or shows in the end.
  Json settled_page() {
    return settled(
        [this](const Json& rows, const Until& patience) { return !rows.empty() || shows_empty(patience); });
  }

  /// The rows that follow. While they load, no rows at all are no answer.
  Json further_page() {
    return settled([this](const Json& rows, const Until&) { return !rows.empty() && is_another(rows); });
  }

  bool is_another(const Json& rows) const { return keys_of(rows) != last_keys_; }

  /// The rows once the page is ready, they have come to rest, and `are_meant` says that they are the ones
  /// that are waited for.
  template <class Test>
  Json settled(const Test& are_meant) {
    const Until patience = player_.patience(step_, until_);
    wait_until_ready(patience);
    std::optional<Json> last;
    std::optional<Error> fault;
    for (;;) {
      try {
        Json rows = look(patience);
        fault.reset();
        if (last && *last == rows && are_meant(rows, patience)) {
          player_.tell_look(Look::What::extract, step_, where_, rows);
          return rows;
        }
        last = std::move(rows);
      } catch (const Error& error) {
        // A row that is still being put together cannot be read yet, nor a page that is not ready.
        if (error.kind() != Kind::drift) throw;
        fault = error;
      }
      if (patience.deadline.passed()) throw unsettled(last, fault);
      pause(between_reads, patience);
    }
  }

  Error unsettled(const std::optional<Json>& last, const std::optional<Error>& fault) {
    if (fault) return not_seen(where_.page, fault->message(), fault->hint());
    if (last && last->empty()) {
      const std::string seen = has(parameters_, "empty")
                                   ? "no rows came, and nothing on the page says that there are none"
                                   : "no rows came, and the script does not say how an empty list looks";
      return not_seen(where_.page, seen, "an empty list is only believed when the condition `empty` holds");
    }
    if (!last_keys_.empty() && last && !is_another(*last)) {
      return not_seen(where_.page, fmt::format("after {} rows the next ones did not come", rows_.size()),
                      "a partial list is never used");
    }
    return Error(Kind::unreachable, "the rows do not come to rest",
                 "a partial list is never used; try again");
  }

  /// Adds a page's rows. A page that holds all rows of the one before has grown and takes its place.
  void take(const Json& page) {
    const Keys keys = keys_of(page);
    const std::set<std::string> here(keys.begin(), keys.end());
    const bool grown = !last_keys_.empty() && keys.size() > last_keys_.size() &&
                       std::all_of(last_keys_.begin(), last_keys_.end(),
                                   [&](const auto& key) { return here.contains(key); });
    if (grown) {
      for (std::size_t i = 0; i < last_keys_.size(); ++i)
        rows_.erase(rows_.size() - 1);
      for (const std::string& key : last_keys_)
        seen_.erase(key);
    }
    if (std::find(pages_.begin(), pages_.end(), keys) != pages_.end()) {
      throw Error(Kind::drift, "the same page of rows came a second time",
                  "`next` must not be seen, or be disabled, on the last page");
    }
    for (const std::string& key : keys) {
      if (seen_.contains(key)) {
        steady_total();
        throw Error(Kind::drift,
                    "a row was seen on two pages: it is there twice, or the rows moved meanwhile",
                    "such a list is never used; if the rows moved, a second try will do");
      }
    }
    for (const Json& row : page)
      rows_.push_back(row);
    seen_.insert(keys.begin(), keys.end());
    last_keys_ = keys;
    pages_.push_back(keys);
    if (pages_.size() > most_pages) {
      throw Error(Kind::drift, fmt::format("the list has more than {} pages", most_pages),
                  "does `next` end on the last page?");
    }
  }

  bool holds(const browser::Condition& condition, const Until& patience) {
    return !where_.page.check(where_.frame, condition, patience);
  }

  bool has_next() {
    const Until patience = player_.patience(step_, until_);
    browser::Condition seen;
    seen.query = {around_.within, next_, false};
    seen.must_be_visible = true;
    if (!holds(seen, patience)) return false;
    browser::Condition disabled = seen;
    disabled.properties = {{"disabled", true}};
    if (holds(disabled, patience)) return false;
    disabled.properties = Json::object();
    disabled.attributes = {{"aria-disabled", "true"}};
    return !holds(disabled, patience);
  }

  void follow_pages() {
    while (has_next()) {
      throw_if_over(until_);
      const browser::Outcome outcome = where_.page.click(where_.frame, {around_.within, next_, false}, {},
                                                         player_.patience(step_, until_));
      if (outcome.miss) {
        throw missed(where_.page, *outcome.miss,
                     fmt::format("after {} rows the way to the next ones failed", rows_.size()));
      }
      take(further_page());
    }
  }

  /// Rows that show up while a list is scrolled; those scrolled out of it may vanish, but not all at once.
  void take_scrolled(const Json& page) {
    const Keys keys = keys_of(page);
    const std::set<std::string> before(last_keys_.begin(), last_keys_.end());
    const bool joined =
        std::any_of(keys.begin(), keys.end(), [&](const auto& key) { return before.contains(key); });
    if (!joined && keys != last_keys_) {
      throw Error(
          Kind::drift,
          fmt::format("after {} rows the list was scrolled to rows that share no row with those before",
                      rows_.size()),
          "rows between them may have been missed: such a list is never used");
    }
    for (const Json& row : page) {
      if (seen_.insert(key_of(row)).second) rows_.push_back(row);
    }
    last_keys_ = keys;
  }

  void follow_scrolling(const std::optional<long>& total) {
    const browser::Selectors box = selectors_from(parameters_.at("scroll"), around_.values);
    std::optional<browser::Query> query;
    if (!box.empty()) query = browser::Query{around_.within, box, false};
    const browser::Query rows{around_.within, reading_.extraction.rows, false};
    const auto at_end = [&] {
      if (total && static_cast<long>(rows_.size()) >= *total) return true;
      return has(parameters_, "end") &&
             holds(condition_from(parameters_.at("end"), around_), player_.patience(step_, until_));
    };
    const auto scroll = [&] {
      const browser::Outcome outcome =
          where_.page.scroll_on(where_.frame, query, rows, player_.patience(step_, until_));
      if (outcome.miss) throw missed(where_.page, *outcome.miss, "the list could not be scrolled");
      return Clock::now();
    };
    while (!at_end()) {
      throw_if_over(until_);
      Clock::time_point scrolled = scroll();
      take_scrolled(settled([&](const Json& page, const Until&) {
        if (page.empty()) return false;
        if (is_another(page) || at_end()) return true;
        // Below the last row there may be more than a view that holds none.
        if (Clock::now() - scrolled > drawing) scrolled = scroll();
        return false;
      }));
    }
    // The last rows may have come with the sign of the end, after the last look.
    if (!rows_.empty()) take_scrolled(settled_page());
  }

  std::optional<long> total_shown() {
    if (!has(parameters_, "total")) return std::nullopt;
    const Json& total = parameters_.at("total");
    browser::Extraction shown;
    shown.within = around_.within;
    shown.rows = selectors_from(total.at("selectors"), around_.values);
    browser::Extraction::Field field;
    field.name = "total";
    field.match = fill_regex(text_in(total, "match"), around_.values);
    shown.fields.push_back(std::move(field));
    const Json found = where_.page.extract(where_.frame, shown, player_.patience(step_, until_));
    if (found.empty()) {
      if (flag_in(total, "optional", false)) return std::nullopt;
      throw not_seen(where_.page, "the console's own total is not on the page",
                     "`total` must name what shows it, also when the list is empty");
    }
    const std::string text = text_in(found[0], "total");
    std::string digits;
    for (const char c : text) {
      if (c >= '0' && c <= '9') digits += c;
    }
    const bool number = !digits.empty() && digits.size() < 10 &&
                        text.find_first_not_of("0123456789,.' ") == std::string::npos;
    if (!number) {
      throw Error(Kind::drift, fmt::format("the console's total reads \"{}\"", printable(text, 100)),
                  "give `total` a `match` whose first group is the number alone");
    }
    return std::stol(digits);
  }

  /// The console's total, which must not have changed since the first page was read.
  std::optional<long> steady_total() {
    const std::optional<long> total = total_shown();
    if (total == total_at_first_) return total;
    const auto word = [](const std::optional<long>& n) { return n ? std::to_string(*n) : "nothing"; };
    throw Error(Kind::unreachable,
                fmt::format("the console's total went from {} to {} while the list was read",
                            word(total_at_first_), word(total)),
                "somebody else is changing it; try again");
  }

  void check_total() {
    const std::optional<long> total = steady_total();
    if (!total) return;
    const auto count = static_cast<long>(rows_.size());
    if (*total != count) {
      throw Error(Kind::drift, fmt::format("{} rows were read, but the console counts {}", count, *total),
                  "a partial list is never used: does the script read every page and every kind of row?");
    }
  }

  Player& player_;
  const Step& step_;
  const Until& until_;
  const Json& parameters_;
  Player::Place where_;
  Surroundings around_;
  Reading reading_;
  std::vector<std::string> key_;
  browser::Selectors next_;

  std::optional<long> total_at_first_;
  Json rows_ = Json::array();
  std::set<std::string> seen_;
  std::vector<Keys> pages_;
  Keys last_keys_;
};

}  // namespace

void play_extract(Player& player, const Step& step, const Until& until) {
  const Json& parameters = step.fields.at("parameters");
  const std::string into = text_in(parameters, "into");
  Json rows = Listing(player, step, until).read();
  std::map<std::string, Json>& variables = player.variables();
  const auto known = variables.find(into);
  if (!flag_in(parameters, "append", false) || known == variables.end()) {
    variables[into] = std::move(rows);
    return;
  }
  if (!known->second.is_array()) {
    throw Error(Kind::usage, fmt::format("\"{}\" is no list that rows could be added to", into));
  }
  for (Json& row : rows)
    known->second.push_back(std::move(row));
}

}  // namespace offstage::script
