/** PostgreSQL's programs are found, or made usable where they are not as npm leaves them. */
import { execFile } from 'node:child_process';
import { chmod, chown, cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { postgresEnvironment, postgresPrograms, unprivilegedUser } from '../../../local/services/postgres-binaries';
import { temporaryFolder } from '../../../local/services/temporary-folder';

jest.setTimeout(120_000);
const run = promisify(execFile);

describe('PostgreSQL programs', () => {
  let folders: string[];
  beforeEach(() => {
    folders = [];
  });
  afterEach(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

  const prepare = async (): Promise<{ user: Awaited<ReturnType<typeof unprivilegedUser>>; target: string; installed: string }> => {
    const user = await unprivilegedUser();
    const target = await temporaryFolder('vpc-synthetics-test-', user);
    const installed = await mkdtemp(join(tmpdir(), 'vpc-synthetics-test-'));
    folders.push(target, installed);
    if (user) await chown(target, user.uid, user.gid);
    const shipped = await postgresPrograms(target);
    await cp(shipped, join(installed, 'native'), { recursive: true, verbatimSymlinks: true });
    return { user, target, installed };
  };

  test('below a folder that is private to root, they are copied to where their user can run them', async () => {
    const { user, target, installed } = await prepare();
    await chmod(installed, 0o700);
    const native = await postgresPrograms(target, user, join(installed, 'native'));
    // Only root needs another user, to whom the folder is closed.
    expect(native).toBe(user ? join(target, 'native') : join(installed, 'native'));
    const { stdout } = await run(join(native, 'bin', 'postgres'), ['--version'], { ...user, cwd: '/', env: postgresEnvironment });
    expect(stdout).toMatch(/^postgres \(PostgreSQL\) \d+/);
  });

  test('files that only their owner may read are copied, and the originals keep their modes', async () => {
    const { user, target, installed } = await prepare();
    await run('chmod', ['-R', 'go-rwx', installed]);
    const native = await postgresPrograms(target, user, join(installed, 'native'));
    const { stdout } = await run(join(native, 'bin', 'initdb'), ['--version'], { ...user, cwd: '/', env: postgresEnvironment });
    expect(stdout).toMatch(/^initdb \(PostgreSQL\) \d+/);
    await expect(run('find', [installed, '-perm', '/077', '!', '-type', 'l'])).resolves.toMatchObject({ stdout: '' });
  });

  test('library links that an install without scripts left out are made', async () => {
    const { user, target, installed } = await prepare();
    await run('find', [join(installed, 'native', 'lib'), '-maxdepth', '1', '-type', 'l', '-delete']);
    await chmod(installed, 0o755);
    const native = await postgresPrograms(target, user, join(installed, 'native'));
    expect(native).toBe(join(target, 'native'));
    expect(await readdir(join(native, 'lib'))).toContain('libpq.so.5');
    await run(join(native, 'bin', 'postgres'), ['--version'], { ...user, cwd: '/', env: postgresEnvironment });
  });
});
