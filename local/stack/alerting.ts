/** Alerts that fire live: a real Prometheus evaluates the policies of a deployment on what Cloud Monitoring was written. */
import { alertPolicies } from '../../deploy/alerts/policies';
import { ruleFile, ruleSources, subjectOf } from '../../deploy/alerts/rules';
import { evaluationMs } from '../../deploy/alerts/windows';
import type { AlertPolicy } from '../../deploy/monitoring/documents';
import type { PlanContext } from '../../deploy/plan/plan';
import { pause, wallClock } from '../../shared/clock';
import type { MonitoringEmulator } from '../emulators/monitoring';
import type { PlatformStandIn } from '../emulators/platform';
import { alertsRoute, type StoredAlert } from '../emulators/platform/alerts';
import type { StoredPolicy } from '../emulators/platform/monitoring';
import { RestError } from '../emulators/platform/rest-error';
import { PrometheusMissing, type PrometheusServer, startPrometheus } from '../services/prometheus';
import { createEndings } from './endings';
import { startExposition } from './exposition';
import { createIncidents, type Incidents } from './incidents';

/** What alerting stands on. */
export interface AlertingParts {
  readonly context: PlanContext;
  readonly monitoring: Pick<MonitoringEmulator, 'series'>;
  readonly platform: Pick<PlatformStandIn, 'alertPolicy' | 'route'>;
  /** Told what opens and closes, and what does not work: a sentence each. */
  readonly say: (sentence: string) => void;
  /** Where Prometheus may lie; its usual places by default. */
  readonly programs?: readonly string[];
}

/** Alerting that runs, or can't. */
export interface Alerting {
  /** Resolves once policies are evaluated, or it was said why they are not. */
  readonly started: Promise<void>;
  stop(): Promise<void>;
}

const scrapeIntervalMs = 5000;
const pollMs = 3000;

/** Lists the policies at once, and their incidents as soon as Prometheus runs; without it everything else goes on. */
export function startAlerting({ context, monitoring, platform, say, programs }: AlertingParts): Alerting {
  const { project } = context.config;
  const policies = alertPolicies(context);
  const names = new Map(
    policies.map(({ userLabels: { policy } }, index) => [policy, `projects/${project}/alertPolicies/${1_000_000 + index}`]),
  );
  for (const policy of policies) platform.alertPolicy(listed(policy, names.get(policy.userLabels.policy) ?? ''));
  const incidents = createIncidents(project, ruleSources(policies), names);
  let unavailable: string | undefined = 'Prometheus, which evaluates the alert policies here, is starting.';
  platform.route(
    alertsRoute(() => {
      if (unavailable !== undefined) throw new RestError(503, unavailable);
      return incidents.list();
    }),
  );
  const endings = createEndings();
  const stopping = new AbortController();
  const give = (why: string): void => {
    unavailable = `The alert policies are not evaluated: ${why}`;
    say(`No alerts: ${why}`);
  };
  const start = async (): Promise<void> => {
    try {
      const page = await endings.after(startExposition(monitoring.series), (started) => started.stop());
      const options = { scrape: page.address, scrapeIntervalMs, rules: ruleFile(policies), evaluationMs, programs };
      const prometheus = await endings.after(startPrometheus(options), (started) => started.stop());
      unavailable = undefined;
      say(`Prometheus evaluates ${policies.length} alert policies: ${prometheus.url}`);
      void prometheus.ended.then((how) => void (stopping.signal.aborted || give(how)));
      const watching = watch(prometheus, incidents, say, stopping.signal);
      endings.add(() => watching);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (!stopping.signal.aborted) give(error instanceof PrometheusMissing ? `${why}; everything else goes on` : why);
    }
  };
  const started = start();
  return {
    started,
    async stop() {
      stopping.abort();
      await started;
      await endings.endAll();
    },
  };
}

/** A policy as the API lists it: the server gives names to it and to its conditions. */
function listed(policy: AlertPolicy, name: string): StoredPolicy {
  const conditions = policy.conditions.map((condition, index) => ({ name: `${name}/conditions/${index + 1}`, ...condition }));
  return { name, ...policy, conditions };
}

/** Looks every few seconds, until it is told to stop or Prometheus has ended. */
async function watch(
  prometheus: PrometheusServer,
  incidents: Incidents,
  say: (sentence: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const saidOnce = new Set<string>();
  const once = (sentence: string): void => {
    if (!saidOnce.has(sentence)) say(sentence);
    saidOnce.add(sentence);
  };
  let refused = 0;
  const look = async (): Promise<void> => {
    const { opened, closed } = incidents.update(await prometheus.alerts(), wallClock());
    for (const incident of opened) say(`Alert opens: ${told(incident)}`);
    for (const incident of closed) say(`Alert closes: ${told(incident)}`);
    for (const problem of await prometheus.problems()) once(`An alert policy could not be evaluated: ${problem}`);
    const nowRefused = await prometheus.refused();
    if (nowRefused > refused) say(`Prometheus did not take ${nowRefused - refused} points: too old, or out of order`);
    refused = nowRefused;
  };
  const isOver = (): boolean => signal.aborted || prometheus.hasEnded();
  while (!isOver()) {
    await look().catch((error: unknown) => {
      if (!isOver()) once(`Prometheus could not be asked: ${error instanceof Error ? error.message : String(error)}`);
    });
    await pause(pollMs, signal);
  }
}

function told({ policy, resource, metric }: StoredAlert): string {
  const subject = subjectOf({ ...resource.labels, ...metric.labels });
  return [policy.severity, policy.displayName, subject].filter((part) => part !== '').join('  ');
}
