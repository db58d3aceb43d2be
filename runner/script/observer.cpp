#include "script/observer.h"

namespace offstage::script {

std::string_view name_of(CommitReport::Outcome outcome) {
  switch (outcome) {
    case CommitReport::Outcome::done:
      return "done";
    case CommitReport::Outcome::not_sent:
      return "not_sent";
    case CommitReport::Outcome::refused:
      return "refused";
    case CommitReport::Outcome::lost:
      break;
  }
  return "lost";
}

}  // namespace offstage::script
