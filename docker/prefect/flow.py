"""Plan, a person's approval, apply, with Offstage as a program on the worker.

The worker needs offstage in its PATH (or its image built FROM yours, ../Dockerfile), and OFFSTAGE_SECRETS and
OFFSTAGE_STATE_DIR in its environment. Checked in CI: run against a practice console with a stand-in for Prefect, and its
exit codes are Offstage's; Prefect itself never ran it.
"""

from __future__ import annotations

import json
import os
import subprocess
import threading
from datetime import timedelta

from prefect import flow, get_run_logger, task
from prefect.flow_runs import pause_flow_run

# Nothing was changed, and another try may go well. After any other code a person has to look.
TRY_AGAIN = (69, 75, 76, 130, 143)


class OffstageFailed(Exception):
    def __init__(self, exit_code: int, result: dict):
        super().__init__(f"offstage ended with {exit_code}: {result.get('message', 'no result')}")
        self.exit_code = exit_code
        self.result = result


def try_again(_task, _run, state) -> bool:
    error = state.result(raise_on_failure=False)
    return not isinstance(error, OffstageFailed) or error.exit_code in TRY_AGAIN


def tell(beats: int, logger) -> None:
    said = None
    with open(beats) as lines:
        for line in lines:
            doing = json.loads(line)["doing"]
            if doing != said:
                logger.info(doing)
            said = doing


@task(retries=4, retry_delay_seconds=[60, 120, 240, 480], retry_condition_fn=try_again)
def offstage(request: dict) -> dict:
    beats, beating = os.pipe()
    teller = threading.Thread(target=tell, args=(beats, get_run_logger()), daemon=True)
    teller.start()
    command = ["offstage", "job", "--request", "-", "--heartbeat-fd", str(beating)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=[beating]) as job:
        os.close(beating)
        try:
            out, _ = job.communicate(json.dumps(request).encode())
        except BaseException:
            # It ends between two actions, and says what it had done.
            job.terminate()
            job.wait()
            raise
    teller.join()
    lines = out.decode().splitlines()
    result = json.loads(lines[-1]) if lines else {}
    if job.returncode != 0:
        raise OffstageFailed(job.returncode, result)
    return result


@flow
def offboard(people: list[str], requested_by: str, reason: str = "") -> dict:
    request = {
        "version": 1,
        "connector": "heroku",
        "operation": "remove_user",
        "targets": people,
        "requested_by": requested_by,
        "reason": reason,
    }
    planned = offstage({**request, "mode": "plan"})
    print(json.dumps(planned["targets"], indent=2))
    # Who resumes the run approves. Without an answer in time it fails, and nothing is done.
    pause_flow_run(timeout=int(timedelta(days=3).total_seconds()))
    return offstage({**request, "mode": "apply", "approval": {"digest": planned["plan"]}})
