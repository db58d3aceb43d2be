"""Imports a DAG or flow with stand-ins for its tool, and prints as one line of JSON what it asks of Offstage: FILE VERSION"""

import json
import re
import sys
import types
from pathlib import Path

path = Path(sys.argv[1])


class Anything:
    """Stands for whatever the check does not look at."""

    def __init__(self, *args, **kwargs):
        self.args, self.kwargs = args, kwargs

    def __call__(self, *args, **kwargs):
        return Anything(*args, **kwargs)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def __rshift__(self, other):
        return other


def stand_in(name: str, **members) -> None:
    parts = name.split(".")
    for end in range(1, len(parts) + 1):
        sys.modules.setdefault(".".join(parts[:end]), types.ModuleType(".".join(parts[:end])))
    sys.modules[name].__dict__.update(members)


def load():
    source = path.read_text()
    module = types.ModuleType("checked")
    sys.modules["checked"] = module
    exec(compile(source, str(path), "exec"), module.__dict__)
    return module


def airflow() -> dict:
    pods = []

    class Pod(Anything):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            pods.append(kwargs)

        def cleanup(self, pod, remote_pod, *args, **kwargs):
            raise Failure("the pod failed")

    class Failure(Exception):
        pass

    class Final(Failure):
        pass

    class Skip(Failure):
        pass

    stand_in("airflow.exceptions", AirflowException=Failure, AirflowFailException=Final, AirflowSkipException=Skip)
    stand_in("airflow.providers.cncf.kubernetes.operators.pod", KubernetesPodOperator=Pod)
    stand_in("airflow.providers.standard.operators.hitl", ApprovalOperator=Anything)
    stand_in("airflow.sdk", DAG=Anything, Param=Anything)
    stand_in("kubernetes.client", models=Anything())
    module = load()

    # A code of the table that may be tried again leaves Airflow's own failure, any other one is the end.
    def pod_with(code):
        state = types.SimpleNamespace(terminated=types.SimpleNamespace(exit_code=code))
        status = types.SimpleNamespace(container_statuses=[types.SimpleNamespace(name="base", state=state)])
        return types.SimpleNamespace(status=status)

    for code in [*range(256), None]:
        try:
            module.plan.cleanup(None, None if code is None else pod_with(code))
        except Failure as error:
            if isinstance(error, Final) == (code is None or code in module.TRY_AGAIN):
                raise SystemExit(f"exit code {code} ends in {error!r}")

    # The templates' expressions are Python's, too; Airflow itself renders them with Jinja.
    params = types.SimpleNamespace(people=["a@example.com"], by="hr@example.com", reason='"}')
    requests = []
    for pod in pods:
        expression = re.fullmatch(r"\{\{ (.*) \| tojson \}\}", pod["env_vars"]["OFFSTAGE_REQUEST"]).group(1)
        requests.append(eval(expression, {"dict": dict, "params": params}))
    if "OFFSTAGE_APPROVE" in pods[0]["env_vars"] or "OFFSTAGE_APPROVE" not in pods[1]["env_vars"]:
        raise SystemExit("the plan's digest does not go to the second step alone")
    return {"requests": requests, "held": "imported with stand-ins for Airflow: its requests and exit codes"}


def prefect() -> dict:
    requests = []
    options = {}

    def task(**kwargs):
        options.update(kwargs)

        def wrap(function):
            def call(request):
                requests.append(request)
                return function(request)

            return call

        return wrap

    paused = []
    told = []
    logger = types.SimpleNamespace(info=told.append)
    stand_in("prefect", task=task, flow=lambda function: function, get_run_logger=lambda: logger)
    stand_in("prefect.flow_runs", pause_flow_run=lambda **kwargs: paused.append(len(requests)))
    module = load()
    result = module.offboard(["elena.petrova@example.com"], "hr@example.com", "HR-1042")
    if result["targets"][0]["outcome"] != "verified" or paused != [1]:
        raise SystemExit(f"nobody was removed, or nobody asked: {result}")
    if not told:
        raise SystemExit(f"no heartbeat was told: {told}")

    failed = None
    try:
        module.offstage({**requests[0], "connector": "nobody"})
    except module.OffstageFailed as error:
        failed = error
    requests.pop()
    if failed is None or failed.exit_code != 64:
        raise SystemExit(f"a bad request is no failure: {failed}")
    for code in range(256):
        state = types.SimpleNamespace(result=lambda raise_on_failure, code=code: module.OffstageFailed(code, {}))
        if options["retry_condition_fn"](None, None, state) != (code in module.TRY_AGAIN):
            raise SystemExit(f"exit code {code} is tried again, or not, against the table")
    return {
        "requests": requests,
        "held": "its requests and exit codes; with a stand-in for Prefect it removed a person from a practice console",
    }


print(json.dumps(airflow() if path.parent.name == "airflow" else prefect()))
