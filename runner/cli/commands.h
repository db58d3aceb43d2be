#pragma once

#include "cli/command_line.h"

namespace offstage::cli {

/// Each adds one group of commands: their options, help and examples, and what they do.
void add_remove(CommandLine& line);
void add_plan(CommandLine& line);
void add_apply(CommandLine& line);
void add_policy(CommandLine& line);
void add_resume(CommandLine& line);  ///< resume, reconcile: command_journal.cpp
void add_journal(CommandLine& line);
void add_list(CommandLine& line);
void add_check(CommandLine& line);
void add_doctor(CommandLine& line);
void add_job(CommandLine& line);
void add_script(CommandLine& line);
void add_practice(CommandLine& line);
void add_record(CommandLine& line);
void add_replay(CommandLine& line);
void add_test(CommandLine& line);
void add_recording(CommandLine& line);
void add_diff(CommandLine& line);
void add_repair(CommandLine& line, CLI::App& group);  ///< of `script`: command_diff.cpp
void add_connectors(CommandLine& line);
void add_pages(CommandLine& line);  ///< version, man, completion

}  // namespace offstage::cli
