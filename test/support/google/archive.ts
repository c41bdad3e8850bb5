/** Zip archives, as a function's source is uploaded (PKWARE, APPNOTE.TXT 6.3). */
import { crc32, inflateRawSync } from 'node:zlib';

const signature = { file: 0x04034b50, entry: 0x02014b50, end: 0x06054b50 } as const;
/** 1980-01-01, the first day that the format has. */
const date = 0x21;

/** @returns an archive of the files, by their path; nothing is compressed. */
export function packArchive(files: ReadonlyMap<string, Buffer>): Buffer {
  const bodies: Buffer[] = [];
  const entries: Buffer[] = [];
  let offset = 0;
  for (const [path, content] of files) {
    const name = Buffer.from(path);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    // Names are in UTF-8.
    common.writeUInt16LE(0x0800, 2);
    common.writeUInt16LE(date, 8);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const body = Buffer.concat([number(signature.file), common, name, content]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE((0o100644 << 16) >>> 0, 6);
    place.writeUInt32LE(offset, 10);
    // "Made by": Unix, so that the files' modes count.
    entries.push(Buffer.concat([number(signature.entry), Buffer.from([20, 3]), common, place, name]));
    bodies.push(body);
    offset += body.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...bodies, directory, number(signature.end), end]);
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/**
 * @returns the files of an archive by their path, folders left out.
 * @throws where the bytes are no archive, a checksum does not fit, or a path leads out of the archive
 */
export function unpackArchive(archive: Buffer): ReadonlyMap<string, Buffer> {
  const end = archive.lastIndexOf(number(signature.end));
  if (end < 0) throw new Error('This is not a zip archive.');
  const files = new Map<string, Buffer>();
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (archive.readUInt32LE(at) !== signature.entry) throw new Error('The archive has a broken directory.');
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((place) => archive.readUInt16LE(at + place));
    const path = archive.toString('utf8', at + 46, at + 46 + (nameLength ?? 0));
    if (!path.endsWith('/')) files.set(path, contentOf(archive, at, path));
    at += 46 + (nameLength ?? 0) + (extraLength ?? 0) + (commentLength ?? 0);
  }
  return files;
}

function contentOf(archive: Buffer, entry: number, path: string): Buffer {
  if (path.startsWith('/') || path.split('/').includes('..')) throw new Error(`The path ${path} leads out of the archive.`);
  const body = archive.readUInt32LE(entry + 42);
  const start = body + 30 + archive.readUInt16LE(body + 26) + archive.readUInt16LE(body + 28);
  const packed = archive.subarray(start, start + archive.readUInt32LE(entry + 20));
  const content = archive.readUInt16LE(entry + 10) === 0 ? packed : inflateRawSync(packed);
  if (crc32(content) !== archive.readUInt32LE(entry + 16)) throw new Error(`The checksum of ${path} does not fit.`);
  return content;
}
