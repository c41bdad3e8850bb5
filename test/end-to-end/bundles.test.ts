import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { kinds } from '../../functions/kinds';
import { services } from '../../functions/services';

const folderOf = (kind: string): string => resolve(__dirname, '../../../dist/functions', kind);
const megabytes4 = 4_000_000;

/** A text that stands in the code of a driver alone. */
const drivers: Readonly<Record<string, string>> = {
  postgres: 'SCRAM-SERVER-FIRST-MESSAGE',
  redis: 'MaxRetriesPerRequestError',
  websocket: 'Sec-WebSocket-Version',
  http: 'HTTP_1_1_REQUIRED',
};

/** A journey goes over what others speak. */
const more: Readonly<Record<string, readonly string[]>> = { journey: ['websocket', 'http'] };

describe.each([...kinds, ...services].map(({ name }) => name))('the bundle of %s', (kind) => {
  const folder = folderOf(kind);

  test('is a complete source folder of one file', () => {
    expect(readdirSync(folder).toSorted()).toEqual(['.gcloudignore', 'index.js', 'package.json', ...(kind === 'status' ? ['page'] : [])]);
    expect(existsSync(join(folder, 'node_modules'))).toBe(false);
    expect(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).toMatchObject({
      main: 'index.js',
      dependencies: { '@google-cloud/functions-framework': expect.stringMatching(/^\d+\.\d+\.\d+$/) },
    });
  });

  test('is below 4 MB', () => {
    expect(statSync(join(folder, 'index.js')).size).toBeLessThan(megabytes4);
  });

  // A journey speaks over WebSocket, too.
  test('holds no driver but its own', () => {
    const code = readFileSync(join(folder, 'index.js'), 'utf8');
    const held = Object.keys(drivers).filter((driver) => code.includes(drivers[driver] ?? ''));
    expect(held).toEqual(more[kind] ?? (Object.hasOwn(drivers, kind) ? [kind] : []));
  });
});

test('there is a bundle of every function, and no other', () => {
  expect(readdirSync(folderOf('.')).toSorted()).toEqual([...kinds, ...services].map(({ name }) => name).toSorted());
});
