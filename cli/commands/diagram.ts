/** `synthetics diagram`: the environment and its dependencies as Mermaid. */
import { kinds } from '../../functions/kinds';
import { loadConfig } from '../../shared/config/load';
import { graphOf, type Graph } from '../../shared/diagnose/graph';
import { exitCodes, type Command } from '../command';
import { environmentChart } from '../diagram/environment';
import { mermaid } from '../diagram/mermaid';
import { select } from '../select';
import { print } from '../terminal';

/** @returns the names, and those of all that they need. */
function withNeeds(names: readonly string[], { nodes }: Graph): ReadonlySet<string> {
  const found = new Set(names);
  // A set goes on over what is added to it meanwhile.
  for (const name of found) for (const need of nodes.get(name)?.needs ?? []) found.add(need);
  return found;
}

export const diagram: Command = {
  summary: 'prints the environment and its dependencies as Mermaid',
  operands: '[kind or target…]',
  run({ config: path, positionals }) {
    const config = loadConfig(path, kinds);
    const graph = graphOf(config, kinds);
    const selected = select(positionals, config.targets).map(({ name }) => name);
    print(mermaid(environmentChart(config, graph, positionals.length === 0 ? undefined : withNeeds(selected, graph))));
    return exitCodes.good;
  },
};
