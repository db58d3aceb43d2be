#pragma once

#include <string>

#include "script_support.h"

namespace offstage::test {

inline const std::string bob = "https://api.test/members/bob%40x.com";
inline const std::string eve = "https://api.test/members/eve%40x.com";

inline std::string commit(const std::string& more = "",
                          const std::string& action = "[['aria/Remove'],['text/Remove']]") {
  return "{'type':'customStep','name':'commit','timeout':60,'parameters':{'target':'{{user}}',"
         "'confirm':[{'selectors':[['.dialog']],'names':'{{user}}'}],"
         "'action':{'type':'click','selectors':" +
         action +
         "},"
         "'response':{'method':'DELETE','url':['https://api.test/members/{{user}}'],'status':[200],"
         "'ignore':['https://api.test/metrics*']},"
         "'done':[{'selectors':[['.dialog']],'absent':true}],'failed':[['.flash']]" +
         more + "}}";
}

/// A console with a dialog that asks about bob; its button sends the DELETE and closes the dialog.
struct Console : Playground {
  int status = 200;
  std::string url = bob;
  std::string body;
  std::string failure;

  Console() {
    environment.variables["user"] = "bob@x.com";
    page.elements[".dialog"] = {"Remove bob@x.com ?"};
    page.elements["aria/Remove"] = {"Remove"};
    page.on_click["aria/Remove"] = [this] { press(); };
  }
  void press() {
    const std::size_t before = page.sent.size();
    page.send("DELETE", url, status, body, failure);
    if (status == 200 && page.sent.size() > before) page.elements.erase(".dialog");
  }
  /// The one report of the one commit.
  const script::CommitReport& report() {
    REQUIRE(notes.intents.size() == 1);
    REQUIRE(notes.reports.size() == 1);
    return notes.reports[0];
  }
};

}  // namespace offstage::test
