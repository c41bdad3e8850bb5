/** What `npm start`, `npm test`, `npm run mutation` and deploy.sh run, on plain Node with nothing installed: makes ready what is missing, then hands over. */
import { build } from './bootstrap/build.mjs';
import { runChecks, runJest } from './bootstrap/checks.mjs';
import { installDependencies, nodeProgram } from './bootstrap/dependencies.mjs';
import { handOver, Problem, say } from './bootstrap/run.mjs';
import { installSystemPackages } from './bootstrap/system-packages.mjs';
import { runMutation } from './mutation/main.mjs';

const oldestNode = 20;

async function main([task = '', ...rest]) {
  if (Number(process.versions.node.split('.')[0]) < oldestNode)
    throw new Problem(`Node ${process.versions.node} is too old; needed: Node ${oldestNode} or newer`);
  if (!['start', 'test', 'build', 'mutation'].includes(task))
    throw new Problem('usage: node scripts/bootstrap.mjs start|test|build|mutation [arguments]');
  await installDependencies();
  if (task === 'build') return build();
  await installSystemPackages(task);
  if (task === 'test' && rest.length === 0) return runChecks();
  await build();
  if (task === 'mutation') return runMutation(nodeProgram, rest);
  return task === 'test' ? runJest(rest) : handOver(nodeProgram, ['build/local/main.js', ...rest]);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  say(error.message);
  process.exitCode = error.exitCode;
}
