/** Whether the secret, its version and its value are there, enabled and intact, and what was refused to us. */
import { Fault } from '../../shared/fault';
import type { SecretAnswer, VersionAnswer } from './ask';
import { breach, type Breach } from './breach';

/** @returns what is wrong before any rule looks at the value. */
export function accessBreaches(answer: SecretAnswer): readonly Breach[] {
  const { metadata, versions } = answer;
  if (metadata instanceof Fault && metadata.reason === 'secret_missing')
    return [breach('secret_missing', 'there is no secret of this name')];
  const silent = [metadata, ...versions.map((version) => version.metadata), ...versions.map(({ payload }) => payload)].find(
    (each) => each instanceof Fault && each.reason === 'api_unavailable',
  );
  return [
    ...versions.flatMap((version) => versionBreaches(version, !(metadata instanceof Fault))),
    ...refusals(answer),
    ...(silent instanceof Fault ? [breach('api_unavailable', silent.message)] : []),
  ];
}

function versionBreaches(answer: VersionAnswer, secretExists: boolean): readonly Breach[] {
  const { asked, metadata, payload } = answer;
  if (metadata instanceof Fault && metadata.reason === 'secret_missing')
    return [breach('secret_missing', secretExists ? absentVersion(asked) : 'the secret or its version is missing')];
  if (payload instanceof Fault) {
    // Only where the metadata was refused, or the version changed in between, does the access itself tell the state.
    if (payload.reason === 'secret_missing') return [breach('secret_missing', 'the secret or its version is missing')];
    if (payload.reason === 'secret_disabled') return [breach('secret_disabled', `version ${asked} is DISABLED`)];
    if (payload.reason === 'secret_destroyed') return [breach('secret_destroyed', `version ${asked} is DESTROYED`)];
    return [];
  }
  if (payload?.intact === false) return [breach('secret_corrupt', `the value of version ${payload.version} does not match its checksum`)];
  return stateBreaches(answer);
}

function absentVersion(asked: string): string {
  return asked === 'latest' ? 'the secret has no versions' : `the secret has no version ${asked}`;
}

function stateBreaches({ asked, metadata, newestEnabled }: VersionAnswer): readonly Breach[] {
  if (metadata instanceof Fault || metadata.state === 'ENABLED') return [];
  const { state, version } = metadata;
  if (state === 'STATE_UNSPECIFIED') return [breach('api_unavailable', `Secret Manager does not tell the state of version ${version}`)];
  const rule = asked === 'latest' ? ', and latest is the newest version whatever its state' : '';
  const other =
    newestEnabled instanceof Fault
      ? ''
      : newestEnabled
        ? `; the newest enabled one is ${newestEnabled.version}`
        : '; no version is enabled';
  return [breach(state === 'DISABLED' ? 'secret_disabled' : 'secret_destroyed', `version ${version} is ${state}${rule}${other}`)];
}

/** What was refused to us: whether the secret exists at all is only known where any of the calls was answered. */
function refusals({ metadata, versions }: SecretAnswer): readonly Breach[] {
  const answers = [metadata, ...versions.flatMap((version) => [version.metadata, version.payload])];
  const refused = answers.filter((each) => each instanceof Fault).filter(({ reason }) => reason === 'api_denied');
  const [first] = refused;
  if (!first) return [];
  const isThere = answers.some((each) => each !== undefined && !(each instanceof Fault));
  const permissions = new Set(refused.flatMap(({ message }) => /Permission '([\w.]+)'/.exec(message)?.[1] ?? []));
  const lacking = permissions.size > 0 ? ` lacks ${[...permissions].join(', ')}` : ' was refused';
  return [breach('api_denied', `${isThere ? 'it exists, but the monitor' : 'it is missing, or the monitor'}${lacking} (${first.message})`)];
}
