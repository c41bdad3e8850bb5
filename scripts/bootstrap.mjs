/** What npm's scripts and deploy.sh run, on plain Node with nothing installed: makes ready what is missing, then hands over. */
import { build } from './bootstrap/build.mjs';
import { runChecks, runJest } from './bootstrap/checks.mjs';
import { installDependencies, nodeProgram } from './bootstrap/dependencies.mjs';
import { handOver, Problem, say } from './bootstrap/run.mjs';
import { installSystemPackages } from './bootstrap/system-packages.mjs';
import { runMutation } from './mutation/main.mjs';

const oldestNode = 20;
const tasks = ['start', 'test', 'bench', 'mutation', 'build'];
const programs = { start: 'build/local/main.js', bench: 'build/bench/main.js' };

async function main([task = '', ...rest]) {
  if (Number(process.versions.node.split('.')[0]) < oldestNode)
    throw new Problem(`Node ${process.versions.node} is too old; needed: Node ${oldestNode} or newer`);
  if (!tasks.includes(task)) throw new Problem(`usage: node scripts/bootstrap.mjs ${tasks.join('|')} [arguments]`);
  await installDependencies();
  if (task === 'build') return build();
  // What is missing there is left out of the comparison, and named.
  if (task === 'bench') await installSystemPackages(task).catch((error) => say(error.message));
  else await installSystemPackages(task);
  if (task === 'test' && rest.length === 0) return runChecks();
  await build();
  if (task === 'mutation') return runMutation(nodeProgram, rest);
  return task === 'test' ? runJest(rest) : handOver(nodeProgram, [programs[task], ...rest]);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  say(error.message);
  process.exitCode = error.exitCode;
}
