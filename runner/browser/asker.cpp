#include "browser/asker.h"

#include <fmt/format.h>

#include "base/text.h"
#include "browser/inpage.h"

namespace offstage::browser {

namespace {

// The page ends its own waiting when the time is up; its answer then still has to arrive.
constexpr Milliseconds grace{1000};
constexpr int most_installs = 5;

using Ended = cdp::Reply::Outcome;

Until with_grace(const Until& until) {
  return {Deadline(until.deadline.at() + grace), until.stop};
}

Miss no_answer(std::string seen) {
  Miss miss;
  miss.why = Miss::Why::condition;
  miss.seen = std::move(seen);
  return miss;
}

// What a frame's own process going away means for the page: the frame's next document is elsewhere.
bool frame_lost(const World& world, const Frames& frames, const cdp::Reply& reply) {
  return reply.outcome == Ended::detached && !frames.is_main(world.frame);
}

}  // namespace

bool Asker::install(const World& world, const Until& until) {
  const cdp::Reply reply =
      world.session
          ->send("Runtime.evaluate", {{"expression", inpage::source()}, {"uniqueContextId", world.unique_id}})
          .wait(with_grace(until));
  if (frame_lost(world, *frames_, reply)) return false;
  throw_if_lost(reply);
  return reply.ok();
}

std::optional<Json> Asker::ask_once(const World& world, Json params, const Until& until) {
  params["uniqueContextId"] = world.unique_id;
  for (int attempt = 0; attempt < 2; ++attempt) {
    cdp::Reply reply = world.session->send("Runtime.evaluate", params).wait(with_grace(until));
    if (frame_lost(world, *frames_, reply)) return std::nullopt;
    throw_if_lost(reply);
    if (reply.outcome == Ended::late) throw Error(Kind::unreachable, "the page did not answer in time");
    if (reply.outcome == Ended::dialog || world_lost(reply)) return std::nullopt;
    if (!reply.ok()) {
      throw Error(Kind::internal, "Chrome refused a question to the page: " + printable(reply.message, 300));
    }
    if (inpage::installed(reply.result)) return std::move(reply.result);
    if (!install(world, until)) return std::nullopt;
  }
  throw Error(Kind::internal, "the in-page script does not start");
}

std::variant<Asker::Answer, Miss> Asker::ask(const FramePath& frame, const Request& request,
                                             const Until& until, bool wait_for_frame) {
  return ask_in(Realm::isolated, frame, request, until, wait_for_frame);
}

std::variant<Asker::Answer, Miss> Asker::ask_main(const FramePath& frame, const Request& request,
                                                  const Until& until) {
  return ask_in(Realm::main, frame, request, until, true);
}

std::variant<Asker::Answer, Miss> Asker::ask_in(Realm realm, const FramePath& frame, const Request& request,
                                                const Until& until, bool wait_for_frame) {
  int installs = 0;
  for (;;) {
    if (!dialogs_.wait_closed(until)) {
      const std::optional<Dialog> dialog = dialogs_.current();
      return no_answer(dialog ? describe(*dialog) + " is open" : "a JavaScript dialog was open");
    }
    std::variant<World, Miss> found = frames_->world(frame, realm, until, wait_for_frame);
    if (Miss* miss = std::get_if<Miss>(&found)) return std::move(*miss);
    const World& world = std::get<World>(found);
    Json params = request(until.deadline.left());
    params["uniqueContextId"] = world.unique_id;
    cdp::Reply reply = world.session->send("Runtime.evaluate", std::move(params)).wait(with_grace(until));
    if (world_lost(reply) || frame_lost(world, *frames_, reply)) {
      frames_->forget(world.unique_id);
      continue;
    }
    throw_if_lost(reply);
    switch (reply.outcome) {
      case Ended::result:
        if (realm == Realm::isolated && !inpage::installed(reply.result)) {
          if (++installs > most_installs) throw Error(Kind::internal, "the in-page script does not start");
          install(world, until);
          continue;
        }
        return Answer{std::move(reply.result), world};
      case Ended::dialog:
        // The event that tells of the dialog may be on its way still, or that it closed.
        if (until.deadline.passed()) return no_answer("a JavaScript dialog was open");
        frames_->monitor()->pause(Milliseconds{2}, until);
        continue;
      case Ended::late:
        return no_answer("the page did not answer: its script may be busy");
      default:
        throw Error(Kind::internal,
                    "Chrome refused a question to the page: " + printable(reply.message, 300));
    }
  }
}

}  // namespace offstage::browser
