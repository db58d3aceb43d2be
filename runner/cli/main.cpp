#include <string>
#include <vector>

#include "cli/run.h"
#include "cli/signals.h"

int main(int argc, char** argv) {
  offstage::cli::forbid_core_files();
  // Before any other thread, so that all of them leave the signals to it.
  offstage::cli::Signals signals;
  return offstage::cli::run(std::vector<std::string>(argv + 1, argv + argc), signals);
}
