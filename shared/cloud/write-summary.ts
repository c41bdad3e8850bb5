/** Reads the details that CreateTimeSeries puts into the status of a write that failed in part. */
import { protobuf } from 'google-gax';
import { isError } from '../fault';

/** `google.monitoring.v3.CreateTimeSeriesSummary`. */
export interface WriteSummary {
  readonly total: number;
  readonly written: number;
  readonly errors: readonly { readonly message: string; readonly count: number }[];
}

const field = (type: string, id: number, rule?: string) => ({ type, id, ...(rule ? { rule } : {}) });

// Fields and numbers: google/rpc/status.proto, google/protobuf/any.proto, google/monitoring/v3/metric_service.proto.
const root = protobuf.Root.fromJSON({
  nested: {
    Status: { fields: { code: field('int32', 1), message: field('string', 2), details: field('Any', 3, 'repeated') } },
    Any: { fields: { typeUrl: field('string', 1), value: field('bytes', 2) } },
    Summary: { fields: { total: field('int32', 1), written: field('int32', 2), errors: field('Failure', 3, 'repeated') } },
    Failure: { fields: { status: field('Status', 1), count: field('int32', 2) } },
  },
});

function decode(type: string, bytes: Uint8Array): Record<string, unknown> {
  const message = root.lookupType(type);
  return message.toObject(message.decode(bytes), { defaults: true });
}

function detailsIn(error: unknown): Buffer[] {
  if (!isError(error) || !('metadata' in error)) return [];
  const metadata = error.metadata as { get?: (key: string) => unknown[] } | undefined;
  return (metadata?.get?.('grpc-status-details-bin') ?? []).filter((value): value is Buffer => Buffer.isBuffer(value));
}

/** @returns the summary in an error's details, or undefined where there is none that can be read. */
export function summaryOf(error: unknown): WriteSummary | undefined {
  for (const bytes of detailsIn(error)) {
    try {
      const decoded = decode('Status', bytes) as { details: { typeUrl: string; value: Uint8Array }[] };
      const detail = decoded.details.find(({ typeUrl }) => typeUrl.endsWith('/google.monitoring.v3.CreateTimeSeriesSummary'));
      if (!detail) continue;
      const summary = decode('Summary', detail.value) as {
        total: number;
        written: number;
        errors: { status: { message: string } | null; count: number }[];
      };
      return { ...summary, errors: summary.errors.map(({ status, count }) => ({ message: status?.message ?? '', count })) };
    } catch {
      // Details that can't be read say nothing; the error itself still counts.
    }
  }
  return undefined;
}

/** @returns whether a point was refused only because a newer or equally new one is there. */
export function isBenign(message: string): boolean {
  return /more frequently than the maximum sampling period|must be (?:more recent|written in order)|in order/i.test(message);
}

/** @returns the indices that a text names as `timeSeries[0,3-5]`. */
function indicesIn(text: string): Set<number> {
  const indices = new Set<number>();
  for (const [, list = ''] of text.matchAll(/timeSeries\[([\d,\s-]+)\]/gi)) {
    for (const range of list.split(',')) {
      const [from = NaN, to = from] = range.split('-').map(Number);
      for (let index = from; index <= to; index += 1) indices.add(index);
    }
  }
  return indices;
}

/** @returns which series failed, where the server names exactly as many as it counts; else undefined. */
export function failedIndices(message: string, summary: WriteSummary): { benign: Set<number>; lost: Set<number> } | undefined {
  const benign = new Set<number>();
  const lost = new Set<number>();
  for (const failure of summary.errors) {
    const named = indicesIn(failure.message);
    if (named.size !== failure.count) continue;
    for (const index of named) (isBenign(failure.message) ? benign : lost).add(index);
  }
  const failed = summary.total - summary.written;
  if (benign.size + lost.size === failed) return { benign, lost };
  const all = indicesIn(message);
  // Named together, they can't be told apart: none is called superseded unless all are.
  return all.size === failed ? { benign: new Set(), lost: all } : undefined;
}
