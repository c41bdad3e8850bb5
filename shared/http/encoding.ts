/** Content codings (RFC 9110, 8.4.1): what we accept, and how it is undone without letting a small body become a huge one. */
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { describe, Fault } from '../fault';

const { brotliDecompress, constants, gunzip, inflate, inflateRaw } = zlib;

/** Node 20, under which a function may be started, does not have it. */
const zstdDecompress = 'zstdDecompress' in zlib ? zlib.zstdDecompress : undefined;

/** The value of Accept-Encoding. */
export const acceptedEncodings = `gzip, deflate, br${zstdDecompress ? ', zstd' : ''}`;

/** Nobody stacks more than two in earnest. */
const mostCodings = 3;

interface DecodeOptions {
  readonly maxOutputLength: number;
  /** True for the beginning of a body, which ends before its coding does. */
  readonly isPartial: boolean;
}
type Decode = (bytes: Buffer, options: DecodeOptions) => Promise<Buffer>;

const flushed = (isPartial: boolean): { finishFlush?: number } => (isPartial ? { finishFlush: constants.Z_SYNC_FLUSH } : {});

const decodeGzip: Decode = (bytes, { maxOutputLength, isPartial }) => promisify(gunzip)(bytes, { maxOutputLength, ...flushed(isPartial) });
/** Some servers leave out the zlib header that the coding asks for; its first byte tells (RFC 1950, 2.2). */
const decodeDeflate: Decode = (bytes, { maxOutputLength, isPartial }) =>
  promisify(((bytes[0] ?? 0) & 0x0f) === 8 ? inflate : inflateRaw)(bytes, { maxOutputLength, ...flushed(isPartial) });

const decoders: Readonly<Record<string, Decode>> = {
  gzip: decodeGzip,
  'x-gzip': decodeGzip,
  deflate: decodeDeflate,
  br: (bytes, { maxOutputLength, isPartial }) =>
    promisify(brotliDecompress)(bytes, {
      maxOutputLength,
      ...(isPartial ? { finishFlush: constants.BROTLI_OPERATION_FLUSH } : {}),
    }),
  ...(zstdDecompress && {
    zstd: (bytes: Buffer, { maxOutputLength, isPartial }: DecodeOptions) =>
      promisify(zstdDecompress)(bytes, { maxOutputLength, ...(isPartial ? { finishFlush: constants.ZSTD_e_flush } : {}) }),
  }),
};

/** @returns the codings of a Content-Encoding field in the order in which they are undone. */
function codingsOf(field: string | undefined): readonly string[] {
  const names = (field ?? '').split(',').map((name) => name.trim().toLowerCase());
  return names.filter((name) => name !== '' && name !== 'identity').toReversed();
}

/** Names of codings are short; whatever else stands there, in small letters now, is not told. */
const nameOf = (coding: string): string => (coding.length <= 12 ? JSON.stringify(coding) : 'something else');

/**
 * @param field the Content-Encoding of the answer.
 * @param maxBytes the most that may come out of any coding.
 * @throws Fault `body_too_large`; `protocol_error` for a coding that is unknown, broken, or ends before its end.
 */
export async function decode(bytes: Buffer, field: string | undefined, maxBytes: number): Promise<Buffer> {
  const codings = codingsOf(field);
  if (codings.length > mostCodings) throw new Fault('protocol_error', `the body is encoded ${codings.length} times over`);
  // An empty body is no gzip, and yet many servers name the coding that it would have had.
  if (bytes.length === 0) return bytes;
  let decoded = bytes;
  for (const coding of codings) {
    const decoder = Object.hasOwn(decoders, coding) ? decoders[coding] : undefined;
    if (!decoder) throw new Fault('protocol_error', `the body is encoded by ${nameOf(coding)}, which was not asked for`);
    try {
      decoded = await decoder(decoded, { maxOutputLength: maxBytes, isPartial: false });
    } catch (error) {
      const { message, code } = describe(error);
      if (code === 'ERR_BUFFER_TOO_LARGE')
        throw new Fault('body_too_large', `the body is larger than maxBody (${maxBytes} bytes) once its ${coding} is undone`, {
          cause: error,
        });
      throw new Fault('protocol_error', `the body is not whole ${coding}: ${message}`, { code, cause: error });
    }
  }
  return decoded;
}

/** @returns what the beginning of an encoded body says; empty where it says nothing. */
export async function decodeStart(bytes: Buffer, field: string | undefined): Promise<Buffer> {
  const [coding, ...more] = codingsOf(field);
  if (coding === undefined || bytes.length === 0) return bytes;
  const decoder = Object.hasOwn(decoders, coding) && more.length === 0 ? decoders[coding] : undefined;
  try {
    return (await decoder?.(bytes, { maxOutputLength: 1_000_000, isPartial: true })) ?? Buffer.alloc(0);
  } catch {
    return Buffer.alloc(0);
  }
}
