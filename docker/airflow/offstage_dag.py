"""Plan, a person's approval, apply, each Offstage in a pod of its own.

Needs Airflow 3.1, its providers cncf.kubernetes and standard, what ../kubernetes/storage.yaml describes, and the image
(../Dockerfile) in a registry of yours. Checked in CI: it compiles, and its exit codes are Offstage's; nothing here runs it.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.exceptions import AirflowException, AirflowFailException, AirflowSkipException
from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import DAG, Param
from kubernetes.client import models as k8s

# Nothing was changed, and another try may go well. After any other code a person has to look.
TRY_AGAIN = (69, 75, 76, 130, 143)


def exit_code(pod: k8s.V1Pod | None) -> int | None:
    statuses = (pod.status.container_statuses or []) if pod and pod.status else []
    for status in statuses:
        if status.name == "base" and status.state and status.state.terminated:
            return status.state.terminated.exit_code
    return None


class OffstageOperator(KubernetesPodOperator):
    """A refusal is a failure here, not a skip (skip_on_exit_code): the person still has access."""

    def cleanup(self, pod, remote_pod, *args, **kwargs):
        try:
            super().cleanup(pod, remote_pod, *args, **kwargs)
        except AirflowSkipException:
            raise
        except AirflowException as error:
            code = exit_code(remote_pod)
            # A pod that was lost has no code.
            if code is not None and code not in TRY_AGAIN:
                raise AirflowFailException(f"offstage ended with {code}") from error
            raise


def offstage(mode: str, env: dict[str, str]) -> OffstageOperator:
    request = (
        '{{ dict(version=1, connector="heroku", operation="remove_user", mode="%s", targets=params.people,'
        ' requested_by=params.by, reason=params.reason) | tojson }}' % mode
    )
    return OffstageOperator(
        task_id=mode,
        name=f"offstage-{mode}",
        image="registry.example.com/offstage:0.1.0",
        arguments=["job"],
        env_vars={"OFFSTAGE_REQUEST": request, "OFFSTAGE_SECRETS": "/run/secrets/offstage", **env},
        labels={"app.kubernetes.io/name": "offstage"},
        do_xcom_push=True,
        automount_service_account_token=False,
        termination_grace_period=60,
        security_context=k8s.V1PodSecurityContext(
            run_as_non_root=True,
            run_as_user=10001,
            run_as_group=10001,
            fs_group=10001,
            # The default profile forbids the user namespaces that Chrome's sandbox is made of.
            seccomp_profile=k8s.V1SeccompProfile(type="Localhost", localhost_profile="offstage/seccomp.json"),
        ),
        container_security_context=k8s.V1SecurityContext(
            allow_privilege_escalation=False,
            read_only_root_filesystem=True,
            capabilities=k8s.V1Capabilities(drop=["ALL"]),
        ),
        volumes=[
            k8s.V1Volume(
                name="state",
                persistent_volume_claim=k8s.V1PersistentVolumeClaimVolumeSource(claim_name="offstage"),
            ),
            k8s.V1Volume(name="secrets", secret=k8s.V1SecretVolumeSource(secret_name="offstage", default_mode=0o440)),
            k8s.V1Volume(name="tmp", empty_dir=k8s.V1EmptyDirVolumeSource()),
            k8s.V1Volume(name="work", empty_dir=k8s.V1EmptyDirVolumeSource()),
            k8s.V1Volume(name="shm", empty_dir=k8s.V1EmptyDirVolumeSource(medium="Memory", size_limit="256Mi")),
        ],
        volume_mounts=[
            k8s.V1VolumeMount(name="state", mount_path="/var/lib/offstage"),
            k8s.V1VolumeMount(name="secrets", mount_path="/run/secrets/offstage", read_only=True),
            k8s.V1VolumeMount(name="tmp", mount_path="/tmp"),
            k8s.V1VolumeMount(name="work", mount_path="/work"),
            k8s.V1VolumeMount(name="shm", mount_path="/dev/shm"),
        ],
        retries=4,
        retry_delay=timedelta(minutes=2),
        retry_exponential_backoff=True,
        execution_timeout=timedelta(hours=1),
    )


with DAG(
    dag_id="offstage",
    schedule=None,
    catchup=False,
    max_active_runs=1,
    params={
        "people": Param(["dana@example.com"], type="array", items={"type": "string"}, minItems=1),
        "by": Param("hr@example.com", type="string"),
        "reason": Param("HR-1042", type="string"),
    },
):
    plan = offstage("plan", {})
    approval = ApprovalOperator(
        task_id="approval",
        subject="Remove these people?",
        body='{{ ti.xcom_pull(task_ids="plan")["targets"] | tojson(indent=2) }}',
        execution_timeout=timedelta(days=3),
    )
    apply = offstage("apply", {"OFFSTAGE_APPROVE": '{{ ti.xcom_pull(task_ids="plan")["plan"] }}'})
    plan >> approval >> apply
