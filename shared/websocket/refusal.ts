/** What the answer to an upgrade says when it is not the upgrade. */
import type { IncomingMessage } from 'node:http';
import { Fault } from '../fault';
import { bodyExcerpt } from '../http/excerpt';
import { joinFields } from '../http/head';
import { reasonOfStatus } from '../http/status';
import type { ProbeContext } from '../probe';

/** @returns the fault of a refused upgrade; its code is the status. */
export async function refusal(response: IncomingMessage, context: Pick<ProbeContext, 'remaining' | 'redact'>): Promise<Fault> {
  const { statusCode = 0, statusMessage, rawHeaders } = response;
  const fields = joinFields(rawHeaders);
  const header = (name: string): string | undefined => fields.get(name);
  // Without the header that names the protocol, 101 is an answer like any other.
  const reason = statusCode === 101 ? 'protocol_error' : reasonOfStatus(statusCode, header, 'upgrade_rejected');
  const excerpt = await bodyExcerpt(response, header, context);
  const location = header('location');
  const status = [statusCode, statusMessage, location && `to ${location}`].filter(Boolean).join(' ');
  return new Fault(reason, `the upgrade was answered with ${status}${excerpt && `: ${excerpt}`}`, { code: String(statusCode) });
}
